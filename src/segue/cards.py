"""Records in pipelines on the command line: what `pipelined.py` offers, done and printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .options import once, pairs, root_of

if TYPE_CHECKING:
    from runtime.pipelines.acts import Asked
    from runtime.pipelines.cards import Board, Card, Column
    from runtime.pipelines.page import Page


def list_cards(
    of: str,
    chosen: tuple[str | None, str | None, str | None, str],
    link: str | None,
    sought: tuple[str, Sequence[str], bool],
    limit: int,
    json: bool,
    project: Path | None,
) -> int:
    from runtime.operators.arguments import known, record
    from runtime.pipelines.cards import STATES, Which, cards, count, currency_of
    from runtime.pipelines.finding import check_names, wanted
    from runtime.pipelines.places import pipelined
    from runtime.project.loading import load_settings, open_store

    from .output import more_than, show_json

    settings = load_settings(root_of(project))
    schema = settings.schema
    associations = schema.objects[pipelined(schema, of)].associations
    pipeline, stage, owner, state = chosen
    find, where, lacking = sought
    known("state", state, STATES)
    with open_store(settings, readonly=True) as store, store.session() as session:
        linked = None
        for name, text in pairs([link] if link else []):
            target = associations[known("association", name, associations)].target
            linked = name, record(session, schema, target, text)
        properties = wanted(session, settings, of, once(pairs(where)))
        which = Which(pipeline, stage, owner, state, linked, find, properties, lacking)
        total, found = count(session, schema, of, which), cards(session, schema, of, which, limit=limit)
        if not total:
            check_names(session, settings, of, pipeline, stage, owner)
    if json:
        shown = [_told(card, currency_of(schema, of)) for card in found]
        show_json({"count": total, f"{of}s": shown}, settings.zone)
        return 0
    _cards(found, settings.zone)
    more_than(len(found), total)
    return 0


def _told(one: Card | Column, currency: str | None) -> dict[str, object]:
    """For another program: its amount as reports give it, text in major units."""
    from dsl.english.literals import major

    amount = major(one.amount, currency) if one.amount is not None and currency else None
    return {f: getattr(one, f) for f in one.__slots__} | {"amount": amount}


def _cards(found: Sequence[Card], zone: str) -> None:
    from runtime.reading.values import day

    from .output import table

    rows = [(c.external_id, c.name, c.pipeline, c.stage, day(c.since, zone), c.owner, c.contact) for c in found]
    table(("id", "name", "pipeline", "stage", "since", "owner", "contact"), rows)


def show_card(of: str, text: str, json: bool, project: Path | None) -> int:
    from runtime.pipelines.page import page
    from runtime.project.loading import load_settings, open_store
    from runtime.reading.values import plain
    from runtime.reading.worded import worded

    from .output import Told, show_json

    settings = load_settings(root_of(project))
    with open_store(settings, readonly=True) as store, store.session() as session:
        found = page(session, settings, of, text)
        words = worded(session, settings.schema, of, found.properties, settings.zone)
    if json:
        told = Told({p.name: plain(p.type, value, settings.zone) for p, value in found.properties})
        show_json({f: getattr(found, f) for f in found.__slots__} | {"properties": told}, settings.zone)
    else:
        _page(found, [(p.name, text) for p, text in words], settings.zone)
    return 0


def _page(p: Page, values: Sequence[tuple[str, str]], zone: str) -> None:
    """`values`: what it has, in words, by the names of its properties."""
    from runtime.reading.values import instant

    from .output import put, remark, table, title

    title(f"{p.object} {p.external_id}: {p.name}")
    put(f"in {p.stage or 'no stage'} of {p.pipeline or 'no pipeline'}{', closed' if p.closed else ''}")
    ways = [to + (f" (not without {', '.join(p.lacking[to])})" if to in p.lacking else "") for to in p.may_go_to]
    put(f"may go to {', '.join(ways) or 'no other stage'}")
    table(("", ""), [row for row in values if row[0] not in ("pipeline", "stage")])
    put()
    table(("stage", "since", "until"), [(s.stage, instant(s.since, zone), instant(s.until, zone)) for s in p.stays])
    for tie in p.ties:
        if tie.count:
            put(f"{tie.association}: {', '.join(tie.names)}{f' and {tie.count - 5:,} more' if tie.count > 5 else ''}")
        elif tie.lacking:
            remark(f"{p.object} {p.external_id} is tied to no {tie.association}, which the schema asks for")
    if p.stands is None:
        remark(f"{p.object} {p.external_id} stands in no stage", f"`segue {p.object} move {p.external_id} STAGE`")
    if lack := p.lacking.get(p.stands or ""):
        remark(f"it stands in {p.stands} without {', '.join(lack)}, which that stage needs")
    for lost in p.lost:
        remark(
            f"{lost.by} wanted it in {lost.to} at {instant(lost.at, zone)}: not done, as it was no more in"
            f" {lost.decided_on} but in {lost.stood}"
        )
    if p.waiting:
        remark(f"{p.waiting} asked for and not done yet; the next tick does it")


def create_card(
    of: str,
    name: str | None,
    written: Sequence[str],
    links: Sequence[str],
    place: tuple[str | None, str | None, str | None],
    as_user: str | None,
    json: bool,
    project: Path | None,
) -> int:
    from runtime.access.roles import actor
    from runtime.pipelines.cards import title_of
    from runtime.pipelines.making import create
    from runtime.pipelines.places import pipelined
    from runtime.project.loading import load_settings, open_store

    from .output import put, remark, show_json

    settings = load_settings(root_of(project))
    called = title_of(settings.schema.objects[pipelined(settings.schema, of)])
    values = once(pairs(written)) | ({called: name} if name is not None and called else {})
    pipeline, stage, id_ = place
    with open_store(settings) as store, store.session() as session:
        who = actor(settings.project, as_user)
        made = create(session, settings, of, values, pairs(links), who, pipeline, stage, id_)
    if json:
        show_json(made, settings.zone)
    else:
        put(f"asked for: {of} {made.external_id} in {made.stage} of {made.pipeline}")
    for lacking in made.lacking:
        remark(f"it is tied to no {lacking}, which the schema asks for", f"`--link {lacking}=RECORD` ties it")
    return 0


def change_card(
    of: str,
    record: str,
    written: Sequence[str],
    ties: tuple[Sequence[str], Sequence[str]],
    as_user: str | None,
    json: bool,
    project: Path | None,
) -> int:
    from runtime.access.roles import actor
    from runtime.pipelines.changing import change
    from runtime.project.loading import load_settings, open_store
    from runtime.reading.values import plain

    from .output import Told, put, remark, show_json

    settings = load_settings(root_of(project))
    links, unlinks = (pairs(some) for some in ties)
    with open_store(settings) as store, store.session() as session:
        who = actor(settings.project, as_user)
        asked = change(session, settings, of, record, once(pairs(written)), links, unlinks, who)
    types = {p.name: p.type for p in settings.schema.objects[of].properties.values()}
    values = {name: plain(types[name], value, settings.zone) for name, value in asked.values.items()}
    if json:
        tied, untied = ([{"association": a, "record_id": to} for a, to in some] for some in (asked.tied, asked.untied))
        told = {
            "object": of,
            "id": asked.id,
            "values": Told(values),
            "tied": tied,
            "untied": untied,
            "lacking": asked.lacking,
        }
        show_json(told, settings.zone)
        return 0
    words = [f"{name}={'' if value is None else value}" for name, value in values.items()]
    words += [f"tied to {text}" for text in ties[0]] + [f"tied no more to {text}" for text in ties[1]]
    put(f"asked for: {of} {record}: {', '.join(words)}")
    for name in asked.lacking:
        remark(f"it is tied to no {name} any more, which the schema asks for", f"`--link {name}=RECORD` ties it")
    return 0


def act_on(
    act: str, of: str, records: Sequence[str], to: str | None, as_user: str | None, json: bool, project: Path | None
) -> int:
    from runtime.access.roles import actor
    from runtime.pipelines import acts
    from runtime.project.loading import load_settings, open_store

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


def show_board(of: str, pipeline: str | None, owner: str | None, each: int, json: bool, project: Path | None) -> int:
    from runtime.pipelines.cards import Which, board
    from runtime.pipelines.finding import check_names
    from runtime.project.loading import load_settings, open_store

    from .output import show_json

    settings = load_settings(root_of(project))
    with open_store(settings, readonly=True) as store, store.session() as session:
        found = board(session, settings.schema, of, Which(pipeline, owner=owner), each)
        if not any(column.count for column in found.columns):
            check_names(session, settings, of, found.pipeline, None, owner)
    if json:
        columns = [
            _told(column, found.currency) | {"cards": [_told(card, found.currency) for card in column.cards]}
            for column in found.columns
        ]
        show_json({f: getattr(found, f) for f in found.__slots__} | {"columns": columns}, settings.zone)
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
