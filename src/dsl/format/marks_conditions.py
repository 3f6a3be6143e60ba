"""Marks of conditions and of the values they compare."""

from __future__ import annotations

from typing import assert_never

from ..syntax import nodes as n
from .marks import Marks


def mark_condition(marks: Marks, condition: n.Condition) -> None:
    match condition:
        case n.And(parts, operators) | n.Or(parts, operators) | n.Mixed(parts, operators):
            marks.chain(parts, operators)
            for part in parts:
                mark_condition(marks, part)
        case n.Not(part=part):
            mark_condition(marks, part)
        case n.Has(event=event):
            mark_event(marks, event)
        case n.Event():
            mark_event(marks, condition)
        case n.Quantified(condition=filter):
            mark_optional(marks, filter)
        case n.Compare(left=left, right=right) | n.TextTest(left=left, right=right):
            mark_operands(marks, left, right)
        case n.Between(left=left, low=low, high=high):
            mark_operands(marks, left, low, high)
        case n.Becomes(left=left, value=value):
            mark_operands(marks, left, value)
        case n.WasEver(left=left, value=value):
            mark_operands(marks, left, value)
        case n.Moved(left=left, by=by):
            mark_operands(marks, left, by)
        case n.OneOf(left=left, options=options) | n.ContainsList(left=left, options=options):
            mark_operands(marks, left, options)
        case n.DateTest() | n.Missing() | n.Changed() | n.Matches() | n.InPeriod():
            mark_operand(marks, condition.left)
        case n.Member() | n.Consent() | n.WasMember():
            pass
        case _:
            mark_operand(marks, condition)


def mark_optional(marks: Marks, condition: n.Condition | None) -> None:
    if condition is not None:
        mark_condition(marks, condition)


def mark_event(marks: Marks, event: n.Event) -> None:
    marks.close.add(event.path.span.end)
    mark_optional(marks, event.filter)
    if event.since is not None:
        mark_operand(marks, event.since)


def mark_operands(marks: Marks, *operands: n.Operand) -> None:
    for operand in operands:
        mark_operand(marks, operand)


def mark_operand(marks: Marks, operand: n.Operand) -> None:
    match operand:
        case n.Count(path=path, condition=condition):
            marks.as_written.add(path.span.end)
            mark_optional(marks, condition)
        case n.Aggregate(event=event):
            mark_event(marks, event)
        case n.Function(name=name, arguments=arguments):
            marks.close.add(name.span.end)
            mark_operands(marks, *arguments)
        case n.ListOf(items=items):
            mark_operands(marks, *items)
        case n.Path() | n.Ago() | n.Ahead() | n.ScoreOf():
            pass
        case n.Text() | n.Number() | n.Percent() | n.Money() | n.Boolean():
            pass
        case n.Date() | n.DateTime() | n.Time() | n.TimeRange() | n.Duration():
            pass
        case n.Bad():
            pass
        case _:
            assert_never(operand)
