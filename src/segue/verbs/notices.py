"""`segue notices`: what rules told people."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from ..options import Json, Limit, ProjectDir, root_of


def notices(
    *,
    of: Annotated[str | None, Parameter(help="Only what one user was told.")] = None,
    limit: Limit = 50,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """List what rules told people (`notify`), the newest first.

    For instance:
        segue notices --of mia
    """
    from runtime.operators.arguments import user
    from runtime.project.loading import load_settings, open_store
    from runtime.reading import called
    from runtime.reading.notices import notices as told
    from runtime.reading.values import instant

    from ..output import more_than, show_json, table

    settings = load_settings(root_of(project))
    with open_store(settings, readonly=True) as store, store.session() as session:
        whose = None if of is None else user(session, settings.project.users, of)
        count, found = told(session, whose, limit)
        found = called(session, settings.schema, found)
    if json:
        show_json({"count": count, "notices": found}, settings.zone)
        return 0
    rows = [(instant(n.at, settings.zone), n.user, n.words, n.contact, n.definition) for n in found]
    table(("at", "for", "words", "about", "definition"), rows)
    more_than(len(found), count)
    return 0
