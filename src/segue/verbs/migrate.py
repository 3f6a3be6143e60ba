"""`segue migrate`: bring the store to the schema."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from ..options import AsUser, Json, ProjectDir, root_of


def migrate(
    *,
    dry_run: Annotated[bool, Parameter(help="Say what would change; change nothing.")] = False,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Make the store, or bring it to what schema.yaml says now.

    Additions are made at once; a rename needs `was:`; what the schema has no more is kept. Rows that do not fit a new
    type are named, and then nothing is changed; of `--dry-run` the exit code is 1 then.

    For instance:
        segue migrate --dry-run
        segue migrate
    """
    from runtime.service.migrating import migrate_project

    from ..output import remark, show_json

    found = migrate_project(root_of(project), dry_run, as_user)
    if json:
        show_json(found)
    else:
        for words in found.changes:
            print(("would " if dry_run else "") + words)
        for words in found.refused:
            print(f"refused: {words}")
    if not found.changes and not found.refused:
        remark(f"{found.store} fits the schema; nothing to do")
    elif not dry_run:
        remark(f"{found.store} is ready")
    return 1 if found.refused else 0
