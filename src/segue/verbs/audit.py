"""`segue audit`: what people did by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import Json, Limit, ProjectDir, root_of

if TYPE_CHECKING:
    from runtime.reading.activity import Act


def audit(
    *,
    by: Annotated[str | None, Parameter(help="What one user did.")] = None,
    since: Annotated[str | None, Parameter(help='From this day or moment on: 2026-03-02, "2026-03-02 09:00".')] = None,
    limit: Limit = 50,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """List what people did by hand, the newest first; what their role did not allow too.

    A row for each record an act was about. Times are those of the store's clock.

    For instance:
        segue audit --since 2026-03-01 --by amy
    """
    from runtime.operators.arguments import instant
    from runtime.project.loading import load_settings, open_store
    from runtime.reading.activity import count_acts, page_of_acts
    from runtime.store.session import FOR_EVER

    from ..output import more_than, show_json

    settings = load_settings(root_of(project))
    start = instant(since, settings.zone) if since is not None else None
    with open_store(settings, readonly=True) as store, store.session() as session:
        count = count_acts(session, by, start)
        found = page_of_acts(session, by, limit or FOR_EVER, since=start)
    if json:
        show_json({"count": count, "acts": found}, settings.zone)
        return 0
    _show(found, settings.zone)
    more_than(len(found), count)
    return 0


def _show(found: list[Act], zone: str) -> None:
    from runtime.reading.values import instant

    from ..output import table

    rows = [
        (
            instant(act.at, zone),
            act.by_user,
            act.role,
            act.act,
            "refused" if act.refused else "",
            act.of,
            act.name or "",
            act.words,
        )
        for act in found
    ]
    table(("when", "who", "role", "act", "", "of", "name", ""), rows)
