"""What a test gives and lets happen, as rows of the inbox: the same door that imports and operators use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dsl.program.conditions import Ago, Ahead, Const
from dsl.program.tests import (
    Advance,
    ByHand,
    Enrolls,
    Event,
    GivenConsent,
    GivenLink,
    GivenMember,
    GivenRecord,
    Item,
    Sets,
    TaskClosed,
)
from dsl.schema.model import EventKind, Kind, Type

from ..store import inbox
from ..store.values import Storage, encode_value, stored_pair
from ..times.zones import iso_date, local_day, parse_local
from .by_hand import by_hand
from .outcome import Failure
from .stage import MOMENT, Stage

Given = GivenRecord | Event | GivenLink | GivenMember | GivenConsent
Dated = Const | Ago | Ahead
Act = Event | Enrolls | Advance | TaskClosed | Sets | ByHand


def is_given(item: Item) -> bool:
    """Whether the item tells what there was before the test began."""
    if isinstance(item, Event):
        return item.given
    return isinstance(item, GivenRecord | GivenLink | GivenMember | GivenConsent)


def given_rows(stage: Stage, items: Sequence[Item]) -> list[inbox.InboxRow]:
    """All that is given. Records are new at the clock, so that they may start something (X3); events are past, and
    only count (X2)."""
    return [_given(stage, item, rank) for rank, item in enumerate(items) if is_given(item)]


def _given(stage: Stage, item: Item, rank: int) -> inbox.InboxRow:
    at = stage.began
    match item:
        case GivenRecord(who, fields):
            stage.given.add(stage.id_of(who))
            known = stage.program.schema.objects[who.object].properties
            values = _stored(stage, {name: p.type for name, p in known.items()}, fields)
            return inbox.record_row(who.object, who.name, values, at=at, rank=rank)
        case Event():
            happened = stage.later(at, item.ago, back=True) if item.ago else at
            return _event(stage, item, happened, rank, live=False)
        case GivenLink(left, right, association):
            return inbox.link_row(left.object, stage.id_of(left), association, stage.id_of(right), at=at, rank=rank)
        case GivenMember(who, segment):
            return inbox.row("segment_add", who.object, stage.id_of(who), segment, {}, at=at, rank=rank)
        case GivenConsent(who, topic, opted_in):
            state = "opted_in" if opted_in else "opted_out"
            return inbox.consent_row(stage.id_of(who), topic, state, at=at, rank=rank)
    raise AssertionError(f"{type(item).__name__} is not given")


def act(stage: Stage, item: Act) -> Failure | None:
    """Let one thing happen. Gives back why it could not."""
    if isinstance(item, Advance):
        stage.advance(item.length)
        return None
    if isinstance(item, ByHand):
        return by_hand(stage, item)
    at = stage.now + MOMENT
    stage.acts += 1
    match item:
        case Event():
            stage.act(_event(stage, item, at, stage.acts, live=True))
        case Enrolls(who, kind, definition):
            row = inbox.command_row("enroll", who.object, stage.id_of(who), f"{kind} {definition}", at=at, hand=True)
            stage.act(row)
        case Sets(who, name, value):
            stored = storage(value, stage.program.schema.objects[who.object].properties[name].type, stage.test.zone)
            stage.act(inbox.set_row(who.object, stage.id_of(who), name, stored, at=at))
        case TaskClosed():
            return _close_task(stage, item, at)
    return None


def _close_task(stage: Stage, item: TaskClosed, at: int) -> Failure | None:
    """The oldest open task of that kind or name."""
    id_ = stage.id_of(item.who)
    rows = stage.session.run(
        "SELECT enrollment_id, ordinal FROM segue_task WHERE bucket = :b AND contact_id = :id AND state = 'open'"
        " AND (kind = :task OR name = :task) ORDER BY created_at, enrollment_id, ordinal",
        b=id_ % 256, id=id_, task=item.task,
    )  # fmt: skip
    if not rows:
        message = f"there is no open task `{item.task}` for `{item.who.name}` to be {item.outcome}"
        return Failure(item.span, message, "no such task is open here")
    enrollment, ordinal = rows[0]
    done: dict[str, Storage] = {"enrollment": enrollment, "ordinal": ordinal, "state": item.outcome}
    stage.act(inbox.command_row("task", item.who.object, id_, None, at=at, **done))
    return None


def _event(stage: Stage, item: Event, at: int, number: int, live: bool) -> inbox.InboxRow:
    kind = stage.program.schema.events[item.event]
    id_ = stage.id_of(item.who)
    values = _stored(stage, {name: f.type for name, f in kind.fields.items()}, item.fields)
    if kind.mail:
        values = _mail(stage, id_, kind, values.get("template")) | values
    key = f"{'act' if live else 'given'} {number}"  # what was given and what happens are counted apart
    return inbox.event_row(item.event, id_, key, values, at=at, live=live, rank=number)


def _mail(stage: Stage, id_: int, kind: EventKind, template: Storage) -> dict[str, Storage]:
    """The last mail sent to them, of that template where one is said: whose event it is (X11), and what it says of
    its mail."""
    rows = stage.session.run(
        "SELECT enrollment_id, ordinal, template FROM segue_outbox WHERE bucket = :b AND contact_id = :id AND"
        " kind = 'email' AND state = 'sent' AND (template = :template OR :template IS NULL) ORDER BY settled_at DESC,"
        " enrollment_id DESC, ordinal DESC",
        b=id_ % 256, id=id_, template=template,
    )  # fmt: skip
    if not rows:
        return {}
    enrollment, ordinal, sent = rows[0]
    values: dict[str, Storage] = {"enrollment": enrollment, "ordinal": ordinal}
    if "template" in kind.fields:
        values |= stored_pair("template", kind.fields["template"].type, sent)
    return values


def _stored(stage: Stage, types: Mapping[str, Type], fields: Sequence[tuple[str, Dated]]) -> dict[str, Storage]:
    values: dict[str, Storage] = {}
    for name, value in fields:
        type_ = types[name]
        stored = storage(value, type_, stage.test.zone) if isinstance(value, Const) else _moved(stage, value, type_)
        values |= stored_pair(name, type_, stored)
    return values


def _moved(stage: Stage, value: Ago | Ahead, type_: Type) -> Storage:
    """`20 days ago`, `14 days from now`: counted from the clock; of a date the day it is then."""
    at = stage.later(stage.began, value.length, back=isinstance(value, Ago))
    return at if type_.kind is Kind.DATETIME else iso_date(local_day(at, stage.test.zone))


def storage(value: Const, type_: Type, zone: str) -> Storage:
    """A constant as the store keeps it for a property of that type; times are on the test's clock, a day where an
    instant is due is its beginning."""
    if type_.kind is Kind.DATETIME:
        return parse_local(str(value.value), zone)
    if value.type.kind is Kind.MULTI_CHOICE:
        return encode_value(Type(Kind.MULTI_CHOICE, value.type.options), str(value.value))
    return value.value
