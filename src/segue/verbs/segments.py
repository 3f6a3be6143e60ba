"""`segue segments`: segments and their members."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from ..options import Json, Limit, ProjectDir, root_of


def segments(
    name: Annotated[str | None, Parameter(help="A segment: its members.")] = None,
    /,
    *,
    limit: Limit = 50,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """List segments with how many are in them, or the members of one, as of the store's clock."""
    from runtime import listing
    from runtime.project import load_settings, open_store
    from runtime.reading.definitions import segments as all_segments

    from ..output import remark, show_json, table

    settings = load_settings(root_of(project))
    with open_store(settings, readonly=True) as store, store.session() as session:
        if name is None:
            found = all_segments(session)
            members = None
        else:
            found, members = [], listing.members(session, settings.schema, name, limit)
    if json:
        show_json(found if members is None else members, settings.zone)
    elif members is None:
        rows = [(s.name, s.label, s.object, s.members, _mark(s.static, s.vanished)) for s in found]
        table(("segment", "label", "of", "members", ""), rows, ("members",))
        if not found:
            remark("no segment is kept yet; `segue run` judges them")
    else:
        table(("id", "external id", "name", "since"), [m.row(settings.zone) for m in members.shown])
        if members.count > len(members.shown):
            remark(f"{len(members.shown):,} of {members.count:,}; `--limit 0` shows all")
    return 0


def _mark(static: bool, vanished: bool) -> str:
    return ", ".join(word for word, on in (("static", static), ("vanished", vanished)) if on)
