"""Which definition starts which: by `enroll in`, by writing the value another one waits for, by making its event.

Only what surely starts it is followed: a trigger that is exactly the value written, an event without a narrower
filter, a definition without `only:`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..program.conditions import (
    Compare,
    Condition,
    Const,
    EventMatch,
    EventValue,
    Field,
    InSegment,
    Missing,
    Not,
    OneOf,
)
from ..program.definitions import OnChange, OnCondition, OnEvents, Trigger
from ..source import Span
from .bodies import Raised, Written
from .circles import Arrow
from .definitions import Checked

# The field of an event that says which mail or topic it is about.
_NAMED_BY = {"received_email": "template", "unsubscribed": "topic"}


def start_arrows(all_checked: Sequence[Checked]) -> list[Arrow]:
    """One arrow a start that the checker can see."""
    started = [(c, c.when.trigger) for c in all_checked if c.when is not None]
    watching: dict[_Mark, list[int]] = {}
    for index, (_, trigger) in enumerate(started):
        for mark in _watched(trigger):
            watching.setdefault(mark, []).append(index)
    arrows, held_up = [], {c.key for c in all_checked if c.only is not None}
    for checked in all_checked:
        enrolled = [(f"{kind} {name}", span) for kind, name, span in checked.effects.enrolls]
        arrows += [Arrow(checked.key, key, span) for key, span in enrolled if key not in held_up]
        for index in sorted({index for mark in _touched(checked) for index in watching.get(mark, ())}):
            other, trigger = started[index]
            arrows += [Arrow(checked.key, other.key, span) for span in _starting(checked, other, trigger)]
    return arrows


# What one definition touches and another may watch: a property of an object, a segment, an event.
_Mark = tuple[str, str, str]


def _touched(checked: Checked) -> Iterator[_Mark]:
    yield from (("property", written.object, written.property) for written in checked.effects.written)
    yield from (("segment", name, "") for name, _ in checked.effects.joined)
    yield from (("event", raised.event, "") for raised in checked.effects.raised)


def _watched(trigger: Trigger) -> Iterator[_Mark]:
    match trigger:
        case OnChange(Field(object=object, property=property)):
            yield "property", object, property
        case OnCondition(
            Compare(Field(object=object, property=property)) | OneOf(Field(object=object, property=property))
        ):
            yield "property", object, property
        case OnCondition(Missing(Field(object=object, property=property))):
            yield "property", object, property
        case OnCondition(Not(Compare(Field(object=object, property=property)))):
            yield "property", object, property
        case OnCondition(InSegment(name)):
            yield "segment", name, ""
        case OnEvents(events):
            yield from (("event", match.event, "") for match in events)


def _starting(checked: Checked, other: Checked, trigger: Trigger) -> Iterator[Span]:
    """Where a step of `checked` starts `other`."""
    itself = other is checked
    match trigger:
        case OnChange(field, value) if other.only is None and not itself:
            yield from (w.span for w in checked.effects.written if _becomes(w, field, value))
        case OnCondition(condition) if other.only is None and not itself:
            yield from (w.span for w in checked.effects.written if _fulfils(w, condition))
            yield from (span for name, span in checked.effects.joined if condition == InSegment(name))
        case OnEvents(events) if other.only is None:
            yield from (r.span for r in checked.effects.raised if _again(r, other) and _makes(r, events, other))
    return


def _becomes(written: Written, field: Field, value: object) -> bool:
    same = (written.object, written.property) == (field.object, field.property)
    return same and written.value is not None and isinstance(value, Const) and written.value.value == value.value


def _fulfils(written: Written, condition: Condition) -> bool:
    """Whether the condition holds as soon as this is written, whatever else is true."""

    def is_it(left: object) -> bool:
        return (
            isinstance(left, Field)
            and not left.path
            and (left.object, left.property) == (written.object, written.property)
        )

    value = written.value
    match condition:
        case Compare(left, "=", Const(wanted)):
            return value is not None and is_it(left) and value.value == wanted
        case Not(Compare(left, "=", Const(bool(unwanted)))):
            return value is not None and is_it(left) and value.value != unwanted
        case OneOf(left, options, negated=False):
            return value is not None and is_it(left) and value.value in {o.value for o in options}
        case Missing(left, negated):
            return negated == (value is not None) and is_it(left)
    return False


def _again(raised: Raised, other: Checked) -> bool:
    """A new record is new to every definition; the same one is taken in again only where `again:` says so (X5)."""
    if raised.event == "created":
        return True
    return other.again


def _makes(raised: Raised, events: Sequence[EventMatch], other: Checked) -> bool:
    return other.object == raised.of and any(_is_match(raised, match) for match in events)


def _is_match(raised: Raised, match: EventMatch) -> bool:
    if match.event != raised.event:
        return False
    match match.filter:
        case None:
            return True
        case Compare(EventValue(field), "=", Const(value)):
            return field == _NAMED_BY.get(raised.event) and value == raised.value
    return False
