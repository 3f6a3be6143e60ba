"""`segue audit`: what people did by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import Json, Limit, ProjectDir, root_of

if TYPE_CHECKING:
    from runtime.audit import Line


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
    """
    from runtime.arguments import instant
    from runtime.audit import log
    from runtime.project import load_settings, open_store

    from ..output import remark, show_json

    settings = load_settings(root_of(project))
    start = instant(since, settings.zone) if since is not None else None
    with open_store(settings, readonly=True) as store, store.session() as session:
        count, found = log(session, by, start, limit)
    if json:
        show_json({"count": count, "acts": found}, settings.zone)
        return 0
    _show(found, settings.zone)
    if count > len(found):
        remark(f"{len(found):,} of {count:,}; `--limit 0` lists all")
    return 0


def _show(found: list[Line], zone: str) -> None:
    from runtime.reading.values import instant

    from ..output import table

    rows = [
        (
            instant(line.at, zone),
            line.by_user,
            line.role,
            line.act,
            "refused" if line.refused else "",
            f"{line.object} #{line.record_id}" if line.record_id else line.object or "",
            line.name or "",
            ", ".join(f"{key}: {value}" for key, value in line.detail.items()),
        )
        for line in found
    ]
    table(("when", "who", "role", "act", "", "of", "name", ""), rows)
