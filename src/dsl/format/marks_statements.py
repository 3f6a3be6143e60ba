"""Marks of settings and statements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from ..syntax import nodes as n
from .marks import Branches, Marks
from .marks_conditions import mark_condition, mark_operand, mark_operands, mark_optional


def mark_settings(marks: Marks, settings: Iterable[n.Setting]) -> None:
    for setting in settings:
        marks.begin([setting])
        mark_value(marks, setting.value)


def mark_value(marks: Marks, value: n.SettingValue) -> None:
    match value:
        case n.Listing(items=items):
            for item in items:
                mark_condition(marks, item)
        case n.Schedule(on=on):
            if on is not None:
                mark_operand(marks, on)
        case n.AtDate(date=date):
            mark_operand(marks, date)
        case n.Per(amount=operand) | n.Ordered(by=operand):
            mark_operand(marks, operand)
        case n.EveryDay() | n.After() | n.HalfEvery() | n.Scale():
            pass
        case _:
            mark_condition(marks, value)


def mark_block(marks: Marks, block: n.Block | None) -> None:
    if block is not None:
        mark_statements(marks, block.statements)


def mark_statements(marks: Marks, statements: Iterable[n.Statement]) -> None:
    for statement in statements:
        marks.begin([statement])
        mark_statement(marks, statement)


def mark_fields(marks: Marks, fields: tuple[n.Assigned, ...]) -> None:
    """`subject = "Cart" priority = low`"""
    marks.begin(fields, narrow=True)
    mark_operands(marks, *(field.value for field in fields))


def mark_statement(marks: Marks, statement: n.Statement) -> None:
    match statement:
        case n.If():
            _branches(marks, statement)
        case n.Match(value=value, cases=cases, otherwise=otherwise):
            mark_operand(marks, value)
            _cases(marks, cases, otherwise)
        case n.Split(arms=arms):
            marks.begin(arms, narrow=True)
            for arm in arms:
                mark_block(marks, arm.block)
        case n.Repeat(until=until, block=block):
            mark_optional(marks, until)
            mark_block(marks, block)
        case n.WaitUntil(what=what, otherwise=otherwise):
            mark_condition(marks, what)
            mark_block(marks, otherwise)
        case n.WaitUntilDate(date=date, otherwise=otherwise):
            mark_operand(marks, date)
            mark_block(marks, otherwise)
        case n.SendTo(condition=condition):
            mark_optional(marks, condition)
        case n.Set(value=value) | n.Add(amount=value):
            mark_operand(marks, value)
        case n.Create(fields=fields) | n.Webhook(fields=fields):
            mark_fields(marks, fields)
        case n.Send() | n.Wait() | n.WaitUntilTime() | n.Clear() | n.Segmented() | n.Link() | n.Assign():
            pass
        case n.Subscribe() | n.Unsubscribe() | n.LogNote() | n.Slack() | n.Task() | n.Notify():
            pass
        case n.Enroll() | n.Unenroll() | n.Exit():
            pass
        case n.Bad():
            pass
        case _:
            assert_never(statement)


def _branches(marks: Marks, statement: n.If) -> None:
    for branch in statement.branches:
        mark_condition(marks, branch.condition)
        mark_block(marks, branch.block)
    mark_block(marks, statement.otherwise)
    closed = tuple(branch.block.span.end for branch in statement.branches)
    before_else = closed if statement.otherwise else closed[:-1]
    marks.branches.append(Branches(statement.span.start, statement.span.end, before_else))


def _cases(marks: Marks, cases: tuple[n.Case, ...], otherwise: n.Block | None) -> None:
    marks.begin(cases, narrow=True)
    for case in cases:
        mark_operands(marks, *case.options)
        mark_block(marks, case.block)
    mark_block(marks, otherwise)
    if otherwise is not None and cases:
        marks.before_items.add(cases[-1].block.span.end)
