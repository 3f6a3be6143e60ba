"""P3 and P4 against a reading of them in plain Python: random conversations, random answers, both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.program.blocks import Text
from dsl.program.conditions import (
    All,
    AnswerValue,
    AnyOf,
    Between,
    Compare,
    Condition,
    Const,
    Field,
    Missing,
    Not,
    OneOf,
    TextTest,
)
from dsl.program.conversations import Ask, Conversation, Say, When
from dsl.schema.model import Kind, Type
from runtime.errors import InvalidInput
from runtime.project.loading import Loaded
from runtime.query.conditions import predicate
from runtime.store.ids import record_id
from runtime.store.values import Storage
from runtime.talks.answers import checked
from runtime.talks.opening import reader, sitting
from runtime.talks.questions import Sitting
from runtime.talks.saving import save
from tests.examples import examples
from tests.runtime.engine.harness import MakeWorld, World

NUMBER, TEXT, BOOL = Type(Kind.NUMBER), Type(Kind.TEXT), Type(Kind.BOOL)
CHOICE, MONEY, DATE = Type(Kind.CHOICE, ("x", "y", "z")), Type(Kind.MONEY, currency="EUR"), Type(Kind.DATE)
VALUES: dict[Kind, Sequence[str | int | bool]] = {
    Kind.NUMBER: (0, 1, 2, 3),
    Kind.TEXT: ("Hello", "hello", "HELL", "bye", "łódź"),
    Kind.BOOL: (True, False),
    Kind.CHOICE: ("x", "y", "z"),
    Kind.MONEY: (0, 100, 250),
    Kind.DATE: ("2026-03-01", "2026-03-02", "2026-12-31"),
}
VISITS = Field((), "contact", "visits", NUMBER)
RECORDS = {"many": 3, "few": 1, "none": None}
Item = Ask | Say | When


# --- random conversations -------------------------------------------------------------------------


@st.composite
def a_condition(draw: st.DrawFn, known: Sequence[Ask], depth: int = 2) -> Condition:
    shape = draw(st.sampled_from(["leaf", "leaf", "all", "any", "not"])) if depth else "leaf"
    inner = a_condition(known, depth - 1)
    if shape == "not":
        return Not(draw(inner))
    if shape in ("all", "any"):
        parts = (draw(inner), draw(inner))
        return All(parts) if shape == "all" else AnyOf(parts)
    choices = [AnswerValue(ask.name, ask.type) for ask in known] + [VISITS]
    left = draw(st.sampled_from(choices))
    const = st.sampled_from(VALUES[left.type.kind]).map(lambda v: Const(v, left.type))
    kinds = ["compare", "missing", "one of"]
    kinds += ["text"] if left.type.kind is Kind.TEXT else []
    kinds += ["between"] if left.type.kind in (Kind.NUMBER, Kind.MONEY) else []
    match draw(st.sampled_from(kinds)):
        case "missing":
            return Missing(left, draw(st.booleans()))
        case "one of":
            return OneOf(left, tuple(draw(st.lists(const, min_size=1, max_size=2, unique=True))))
        case "text":
            return TextTest(left, draw(st.sampled_from(["contains", "starts_with"])), draw(const))
        case "between":
            return Between(left, draw(const), draw(const))
    ordered = left.type.kind in (Kind.NUMBER, Kind.MONEY, Kind.DATE)
    return Compare(left, draw(st.sampled_from(["=", "!=", *(["<", ">="] if ordered else [])])), draw(const))


@st.composite
def some_items(draw: st.DrawFn, known: list[Ask], depth: int = 2) -> tuple[Item, ...]:
    items: list[Item] = []
    for _ in range(draw(st.integers(1, 3))):
        if depth and draw(st.booleans()) and draw(st.booleans()):
            condition = draw(a_condition(tuple(known)))
            items.append(When(condition, draw(some_items(known, depth - 1))))
        elif draw(st.integers(0, 3)) == 0:
            items.append(Say(Text((f"say {len(known)}",))))
        else:
            type_ = draw(st.sampled_from([NUMBER, TEXT, BOOL, CHOICE, MONEY, DATE]))
            known.append(Ask(f"q{len(known)}", Text(("?",)), type_, required=draw(st.booleans())))
            items.append(known[-1])
    return tuple(items)


# --- the same in plain Python ---------------------------------------------------------------------


def truth(c: Condition, seen: Mapping[str, Storage], visits: int | None) -> bool:
    """Two-valued: a test of a missing value is false (X29)."""
    match c:
        case All(parts):
            return all(truth(part, seen, visits) for part in parts)
        case AnyOf(parts):
            return any(truth(part, seen, visits) for part in parts)
        case Not(part):
            return not truth(part, seen, visits)
    left = c.left
    value = seen.get(left.name) if isinstance(left, AnswerValue) else visits
    if isinstance(c, Missing):
        return (value is None) != c.negated
    if value is None:
        return False
    fold = (lambda v: v.casefold()) if left.type.kind is Kind.TEXT else (lambda v: v)
    match c:
        case OneOf(_, options):
            return fold(value) in [fold(o.value) for o in options]
        case TextTest(_, op, right):
            return fold(right.value) in fold(value) if op == "contains" else fold(value).startswith(fold(right.value))
        case Between(_, low, high):
            return low.value <= value <= high.value
        case Compare(_, op, right):
            a, b = fold(value), fold(right.value)
            return {"=": a == b, "!=": a != b, "<": a < b, ">=": a >= b}[op]
    raise AssertionError(c)


def there(items: Sequence[Item], answers: Mapping[str, Storage], seen: dict[str, Storage], visits: int | None) -> list:
    found: list[Item] = []
    for item in items:
        if isinstance(item, When):
            found += there(item.items, answers, seen, visits) if truth(item.condition, seen, visits) else []
            continue
        found.append(item)
        if isinstance(item, Ask):
            seen[item.name] = answers.get(item.name)
    return found


# --- compared -------------------------------------------------------------------------------------


@pytest.fixture
def people(world: MakeWorld) -> World:
    made = world("static segment none of contact")
    for name, visits in RECORDS.items():
        made.contact(name, visits=visits)
    return made.run_to("03-02 09:00")


def seated(world: World, talk: Conversation, name: str) -> tuple[Loaded, Sitting]:
    project = Loaded(Path(), world.program.project, world.program.schema, world.program, (), (), {})
    id_ = record_id("contact", name)
    return project, sitting(world.engine.session, project, talk, id_, id_)


@examples(30)
@given(st.data())
def test_p4_shown_by_earlier_answers_and_the_record(people: World, data: st.DataObject) -> None:
    known: list[Ask] = []
    talk = Conversation("playbook", "p", "", "contact", data.draw(some_items(known)))
    name = data.draw(st.sampled_from(sorted(RECORDS)))
    answers: dict[str, Storage] = {}
    for ask in known:
        value = data.draw(st.sampled_from([None, *VALUES[ask.type.kind]]), label=ask.name)
        answers |= {ask.name: value} if value is not None else {}
    project, at = seated(people, talk, name)
    expected = there(talk.items, answers, {}, RECORDS[name])
    assert list(at.shown(answers)) == expected

    shown = {item.name for item in expected if isinstance(item, Ask)}
    missing = [a.name for a in expected if isinstance(a, Ask) and a.required and a.name not in answers]
    raw = {k: v if isinstance(v, bool) else f"{v / 100}" if kind_of(known, k) is Kind.MONEY else str(v)
           for k, v in answers.items()}  # fmt: skip
    given_ = checked_or_none(at, project, raw)
    if set(answers) <= shown and not missing:
        assert given_ == answers
    else:
        assert given_ is None


def kind_of(known: Sequence[Ask], name: str) -> Kind:
    return next(ask.type.kind for ask in known if ask.name == name)


def checked_or_none(at: Sitting, project: Loaded, raw: Mapping[str, object]) -> dict[str, Storage] | None:
    try:
        return checked(at, reader(at.session, project), raw)
    except InvalidInput:
        return None


@examples(30)
@given(st.data())
def test_p5_a_saved_answer_is_compared_as_one_that_is_being_given(people: World, data: st.DataObject) -> None:
    """What follows a save looks answers up in the store; the questions before it had them in hand."""
    kinds = [NUMBER, TEXT, BOOL, CHOICE, MONEY, DATE]
    known = [Ask(f"q{n}", Text(("?",)), type_) for n, type_ in enumerate(kinds)]
    condition = data.draw(a_condition(known))
    name = data.draw(st.sampled_from(sorted(RECORDS)))
    answers: dict[str, Storage] = {}
    for ask in known:
        value = data.draw(st.sampled_from([None, *VALUES[ask.type.kind]]), label=ask.name)
        answers |= {ask.name: value} if value is not None else {}
    _, at = seated(people, Conversation("playbook", "p", "", "contact", tuple(known)), name)
    expected = truth(condition, answers, RECORDS[name])
    assert at.holds(condition, answers) == expected
    session = at.session
    with session.transaction():
        saved = save(at, answers, "rep")
    made = predicate(at.scope, condition, "contact", "s", "e")
    sql = (
        f"SELECT CASE WHEN {made.sql} THEN 1 ELSE 0 END FROM contact s CROSS JOIN (SELECT k.bucket, k.id AS trigger_id"
        " FROM segue_talk k WHERE k.id = :talk) e WHERE s.bucket = e.bucket AND s.id = :record"
    )
    assert session.bound(sql, made.at(at.at) | {"talk": saved.id, "record": at.record}) == [(int(expected),)]
