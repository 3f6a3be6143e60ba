"""`segue vacuum`: let go what is over."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from ..options import AsUser, Json, ProjectDir, root_of


def vacuum(
    *,
    dry_run: Annotated[bool, Parameter(help="Say what would go; let nothing go.")] = False,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Let go events and mails that are over for longer than `retention` in segue.yaml says.

    What a rule looks back at, a figure counts or a reason names stays. No worker may run meanwhile; `--dry-run` only
    reads, beside a worker too.

    For instance:
        segue vacuum --dry-run
    """
    from runtime.project import loading as projects
    from runtime.reading.values import instant
    from runtime.service.vacuuming import vacuum as let_go

    from ..output import remark, show_json, table

    loaded = projects.load(root_of(project))
    with projects.open_store(loaded, readonly=dry_run) as store:
        gone = let_go(store, loaded.program, dry_run, as_user)
    if json:
        show_json(gone, loaded.zone)
        return 0
    rows = [(one.what, one.rows, instant(one.until, loaded.zone), one.held) for one in gone if one.rows or one.held]
    if rows:
        gone_by = "would go" if dry_run else "gone"
        table(("what", gone_by, "up to", ""), rows, (gone_by,))
    else:
        remark("nothing is over for long enough")
    return 0
