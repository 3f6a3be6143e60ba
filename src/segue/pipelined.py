"""What `segue ticket` and `segue deal` have in common: one set of commands for any object with pipelines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from .options import AsUser, Json, Limit, ProjectDir, root_of

if TYPE_CHECKING:
    from runtime.pipelines.acts import Asked
    from runtime.pipelines.cards import Board, Card
    from runtime.pipelines.page import Page

Record = Annotated[str, Parameter(help="An id (#123) or external id.")]
Further = Annotated[str, Parameter(help="Further ones.")]
PipelineName = Annotated[str | None, Parameter(help="A pipeline; needed where there are several.")]
Owner = Annotated[str | None, Parameter(help="Only those of one user.")]


def commands(of: str) -> dict[str, Callable[..., int]]:
    """By name, for records of the object `of`."""

    def list_(
        *,
        pipeline: Annotated[str | None, Parameter(help="Only those in one pipeline.")] = None,
        stage: Annotated[str | None, Parameter(help="Only those in one stage.")] = None,
        owner: Owner = None,
        state: Annotated[str, Parameter(help="open, closed or all.")] = "all",
        link: Annotated[str | None, Parameter(help="Only those tied to a record: contact=ann@x.example.")] = None,
        find: Annotated[str, Parameter(help="Whose name begins so, or whose id or any text it is.")] = "",
        where: Annotated[tuple[str, ...], Parameter(help="A property: advertiser_id=A-17; `x=`: it has none.")] = (),
        limit: Limit = 50,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """List them, those made last first."""
        return _list(of, (pipeline, stage, owner, state), link, (find, where), limit, json, project)

    def show(record: Record, /, *, json: Json = False, project: ProjectDir = None) -> int:
        """Show one: its values, the stages it went through, what it is tied to, and where it may go."""
        return _show(of, record, json, project)

    def create(
        *,
        name: Annotated[str | None, Parameter(name=("--name", "--subject"), help="What it is called.")] = None,
        set_: Annotated[tuple[str, ...], Parameter(name="--set", help="A property: priority=high.")] = (),
        link: Annotated[tuple[str, ...], Parameter(help="What it is tied to: contact=ann@x.example.")] = (),
        pipeline: PipelineName = None,
        stage: Annotated[str | None, Parameter(help="Where it begins; without it in the first stage.")] = None,
        id: Annotated[str | None, Parameter(help="Its external id; the same one twice is refused.")] = None,
        as_user: AsUser = None,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """Make one. It is there after the next tick."""
        return _create(of, name, set_, link, (pipeline, stage, id), as_user, json, project)

    def move(
        record: Record,
        stage: Annotated[str, Parameter(help="Where to.")],
        /,
        *more: Annotated[str, Parameter(help="Further records may stand before the stage.")],
        as_user: AsUser = None,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """Move one or several to a stage, as the rules of the pipeline allow. If somebody moves it meanwhile, this is
        not done: `show` tells."""
        words = [record, stage, *more]
        return _act("move", of, words[:-1], words[-1], as_user, json, project)

    def assign(
        record: Record,
        user: Annotated[str, Parameter(help="Who is to have it: a user of segue.yaml.")],
        /,
        *more: Annotated[str, Parameter(help="Further records may stand before the user.")],
        as_user: AsUser = None,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """Give one or several to a user."""
        words = [record, user, *more]
        return _act("assign", of, words[:-1], words[-1], as_user, json, project)

    def close(
        record: Record,
        /,
        *more: Further,
        stage: Annotated[str | None, Parameter(help="How it ends, where several stages close.")] = None,
        as_user: AsUser = None,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """Move one or several to the stage that closes them."""
        return _act("close", of, (record, *more), stage, as_user, json, project)

    def board(
        *,
        pipeline: PipelineName = None,
        owner: Owner = None,
        each: Annotated[int, Parameter(help="How many to show of each stage.")] = 5,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """Show a pipeline stage by stage."""
        return _board(of, pipeline, owner, each, json, project)

    named = (list_, show, create, move, assign, close, board)
    return {command.__name__.rstrip("_"): command for command in named}


def _list(
    of: str,
    chosen: tuple[str | None, str | None, str | None, str],
    link: str | None,
    sought: tuple[str, Sequence[str]],
    limit: int,
    json: bool,
    project: Path | None,
) -> int:
    from runtime.arguments import known, record
    from runtime.pipelines.cards import STATES, Which, cards, count
    from runtime.pipelines.finding import wanted
    from runtime.pipelines.places import pipelined
    from runtime.project import load_settings, open_store

    from .output import remark, show_json

    settings = load_settings(root_of(project))
    schema = settings.schema
    associations = schema.objects[pipelined(schema, of)].associations
    pipeline, stage, owner, state = chosen
    find, where = sought
    known("state", state, STATES)
    with open_store(settings, readonly=True) as store, store.session() as session:
        linked = None
        for name, text in _pairs([link] if link else []):
            target = associations[known("association", name, associations)].target
            linked = name, record(session, schema, target, text)
        properties = wanted(session, settings, of, dict(_pairs(where)))
        which = Which(pipeline, stage, owner, state, linked, find, properties)
        total, found = count(session, schema, of, which), cards(session, schema, of, which, limit=limit)
    if json:
        show_json({"count": total, f"{of}s": found}, settings.zone)
        return 0
    _cards(found, settings.zone)
    if total > len(found):
        remark(f"{len(found):,} of {total:,}; `--limit 0` lists all")
    return 0


def _cards(found: Sequence[Card], zone: str) -> None:
    from runtime.reading.values import day

    from .output import table

    rows = [(c.external_id, c.name, c.pipeline, c.stage, day(c.since, zone), c.owner, c.contact) for c in found]
    table(("id", "name", "pipeline", "stage", "since", "owner", "contact"), rows)


def _show(of: str, text: str, json: bool, project: Path | None) -> int:
    from runtime.pipelines.page import page
    from runtime.project import load_settings, open_store

    from .output import show_json

    settings = load_settings(root_of(project))
    with open_store(settings, readonly=True) as store, store.session() as session:
        found = page(session, settings, of, text)
    if json:
        told = {p.name: value for p, value in found.properties}
        show_json({f: getattr(found, f) for f in found.__slots__} | {"properties": told}, settings.zone)
    else:
        _page(found, settings.zone)
    return 0


def _page(p: Page, zone: str) -> None:
    from runtime.reading.values import instant, shown

    from .output import put, remark, table, title

    title(f"{p.object} {p.external_id}: {p.name}")
    put(f"in {p.stage or 'no stage'} of {p.pipeline or 'no pipeline'}{', closed' if p.closed else ''}")
    put(f"may go to {', '.join(p.may_go_to) or 'no other stage'}")
    values = [(q.name, shown(value, q.type, zone)) for q, value in p.properties if value is not None]
    table(("", ""), [row for row in values if row[0] not in ("pipeline", "stage")])
    put()
    table(("stage", "since", "until"), [(s.stage, instant(s.since, zone), instant(s.until, zone)) for s in p.stays])
    for tie in p.ties:
        if tie.count:
            put(f"{tie.association}: {', '.join(tie.names)}{f' and {tie.count - 5:,} more' if tie.count > 5 else ''}")
        elif tie.lacking:
            remark(f"{p.object} {p.external_id} is tied to no {tie.association}, which the schema asks for")
    for lost in p.lost:
        remark(
            f"{lost.by} wanted it in {lost.to} at {instant(lost.at, zone)}: not done, as it was no more in"
            f" {lost.decided_on} but in {lost.stood}"
        )
    if p.waiting:
        remark(f"{p.waiting} asked for and not done yet; the next tick does it")


def _create(
    of: str,
    name: str | None,
    written: Sequence[str],
    links: Sequence[str],
    place: tuple[str | None, str | None, str | None],
    as_user: str | None,
    json: bool,
    project: Path | None,
) -> int:
    from runtime.pipelines.cards import title_of
    from runtime.pipelines.making import create
    from runtime.pipelines.places import pipelined
    from runtime.project import load_settings, open_store
    from runtime.roles import actor

    from .output import put, remark, show_json

    settings = load_settings(root_of(project))
    called = title_of(settings.schema.objects[pipelined(settings.schema, of)])
    values = dict(_pairs(written)) | ({called: name} if name is not None and called else {})
    pipeline, stage, id_ = place
    with open_store(settings) as store, store.session() as session:
        who = actor(settings.project, as_user)
        made = create(session, settings, of, values, _pairs(links), who, pipeline, stage, id_)
    if json:
        show_json(made, settings.zone)
    else:
        put(f"asked for: {of} {made.external_id} in {made.stage} of {made.pipeline}")
    for lacking in made.lacking:
        remark(f"it is tied to no {lacking}, which the schema asks for", f"`--link {lacking}=RECORD` ties it")
    return 0


def _act(
    act: str, of: str, records: Sequence[str], to: str | None, as_user: str | None, json: bool, project: Path | None
) -> int:
    from runtime.pipelines import acts
    from runtime.project import load_settings, open_store
    from runtime.roles import actor

    from .output import put, show_json

    settings = load_settings(root_of(project))
    with open_store(settings) as store, store.session() as session:
        who = actor(settings.project, as_user)
        match act:
            case "move":
                asked = acts.move(session, settings, of, records, str(to), who)
            case "assign":
                asked = acts.assign(session, settings, of, records, str(to), who)
            case _:
                asked = acts.close(session, settings, of, records, who, to)
    if json:
        show_json(asked, settings.zone)
        return 0
    for one in asked:
        put(_said(one))
    return 0


def _said(one: Asked) -> str:
    now = one.stage if one.stage is not None else one.owner
    return f"asked for: {one.object} {one.record}: {one.before or 'nobody'} -> {now}"


def _board(of: str, pipeline: str | None, owner: str | None, each: int, json: bool, project: Path | None) -> int:
    from runtime.pipelines.cards import Which, board
    from runtime.project import load_settings, open_store

    from .output import show_json

    settings = load_settings(root_of(project))
    with open_store(settings, readonly=True) as store, store.session() as session:
        found = board(session, settings.schema, of, Which(pipeline, owner=owner), each)
    if json:
        show_json(found, settings.zone)
    else:
        _columns(found)
    return 0


def _columns(found: Board) -> None:
    from runtime.reading.values import money

    from .output import put, remark, title

    put(f"{found.label} ({found.object})")
    for column in found.columns:
        worth = f", {money(column.amount, found.currency)}" if found.currency and column.amount else ""
        title(f"{column.label}: {column.count:,}{worth}")
        for card in column.cards:
            put(f"  {card.external_id}  {card.name}" + (f"  ({card.owner})" if card.owner else ""))
        if column.count > len(column.cards) > 0:
            put(f"  and {column.count - len(column.cards):,} more")
    if found.astray:
        remark(f"{found.astray:,} stand in stages that the pipeline {found.pipeline} does not have")


def _pairs(written: Sequence[str]) -> list[tuple[str, str]]:
    """NAME=VALUE, as it is written behind `--set` and `--link`. Raises InvalidInput."""
    from runtime.errors import InvalidInput

    found = []
    for text in written:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(f"`{text}` is no pair", "write NAME=VALUE")
        found.append((name.strip(), value.strip()))
    return found
