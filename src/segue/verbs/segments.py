"""`segue segments`: segments and their members, and whether what is kept of them is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import AsUser, Json, Limit, ProjectDir, root_of

if TYPE_CHECKING:
    from pathlib import Path

    from runtime.service.verifying import Checked, Verified


def segments(
    *words: Annotated[
        str, Parameter(help="A segment: its members. Or `verify` with names, or `rebuild`.", show_default=False)
    ],
    as_user: AsUser = None,
    limit: Limit = 50,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """List segments with how many are in them, or the members of one, as of the store's clock.

    `segments verify [NAME ..]` compares all that is kept with a full recompute; it writes nothing, and exits with 1
    where they differ. `segments rebuild` puts memberships right; no worker may run meanwhile.

    For instance:
        segue segments new_trials
        segue segments verify
    """
    match words:
        case ("verify", *names):
            return _verify(project, tuple(names), json)
        case ("rebuild",):
            return _rebuild(project, as_user, json)
        case (name,):
            return _members(project, name, limit, json)
        case ():
            return _all(project, json)
    from runtime.errors import InvalidInput

    raise InvalidInput("one segment at a time", "or `segue segments verify NAME ..` to compare several")


def _all(project: Path | None, json: bool) -> int:
    from runtime.project.loading import load_settings, open_store
    from runtime.reading.definitions import segments as all_segments

    from ..output import remark, show_json, table

    settings = load_settings(root_of(project))
    with open_store(settings, readonly=True) as store, store.session() as session:
        found = all_segments(session)
    if json:
        show_json(found, settings.zone)
        return 0
    rows = [(s.name, s.label, s.object, s.members, _mark(s.static, s.vanished)) for s in found]
    table(("segment", "label", "of", "members", ""), rows, ("members",))
    if not found:
        remark("no segment is kept yet; `segue run` judges them")
    return 0


def _mark(static: bool, vanished: bool) -> str:
    return ", ".join(word for word, on in (("static", static), ("vanished", vanished)) if on)


def _members(project: Path | None, name: str, limit: int, json: bool) -> int:
    from runtime.operators import listing
    from runtime.project.loading import load_settings, open_store

    from ..output import remark, show_json, table

    settings = load_settings(root_of(project))
    with open_store(settings, readonly=True) as store, store.session() as session:
        members = listing.members(session, settings.schema, name, limit)
    if json:
        show_json(members, settings.zone)
        return 0
    table(("id", "external id", "name", "since"), [m.row(settings.zone) for m in members.shown])
    if members.count > len(members.shown):
        remark(f"{len(members.shown):,} of {members.count:,}; `--limit 0` shows all")
    return 0


# --- verify and rebuild -----------------------------------------------------------------------


def _verify(project: Path | None, names: tuple[str, ...], json: bool) -> int:
    from dataclasses import asdict

    from runtime.project.loading import load, open_store
    from runtime.service.verifying import verify

    from ..output import show_json

    loaded = load(root_of(project))
    with open_store(loaded, readonly=True) as store, store.session() as session:
        found = verify(session, loaded.program, names)
    if json:
        show_json({**asdict(found), "differences": found.differences}, loaded.zone)
    else:
        _show(found, loaded.zone)
    return 1 if found.differences else 0


def _show(found: Verified, zone: str) -> None:
    from runtime.reading.values import instant

    from ..output import plural, put, remark, table

    columns = ("condition", "of", "members", "differences", "")
    rows = [(_called(c), c.object, c.members, c.count, c.skipped) for c in (*found.conditions, *found.scores)]
    table(columns, rows, ("members", "differences"))
    for one in (*found.conditions, *found.counts, *found.scores):
        for record in one.wrong:
            since = f" (since {instant(record.since, zone)})" if record.since else ""
            named = " ".join(filter(None, (f"#{record.id}", record.external_id)))
            put(f"{_called(one)}: {named} {record.why}{since}")
        if one.count > len(one.wrong):
            put(f"{_called(one)}: {one.count - len(one.wrong):,} more")
    if found.doubled:
        put(f"{plural(found.doubled, 'membership')} open twice, or ended before they began")
    for part in found.overdue:
        put(f"time turns it unnoticed: {part}")
    said = plural(found.differences, "difference") if found.differences else "no difference"
    remark(f"{said}, as of {instant(found.clock_at, zone)} {zone}")


def _called(one: Checked) -> str:
    kind = f"{one.kind.removeprefix('when:')} {one.name}"
    return f"when of {kind}" if one.kind.startswith("when:") else kind


def _rebuild(project: Path | None, as_user: str | None, json: bool) -> int:
    from runtime.project import loading as projects
    from runtime.service.rebuilding import rebuild

    from ..output import plural, put, show_json

    loaded = projects.load(root_of(project))
    with projects.open_store(loaded) as store:
        channel = projects.open_channel(loaded, virtual=store.get("clock_kind") == "virtual")
        began, ended = rebuild(loaded, store, channel, as_user)
    if json:
        show_json({"joined": began, "left": ended})
    else:
        put(f"{plural(began, 'membership')} began, {ended:,} ended")
    return 0
