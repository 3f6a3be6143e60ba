"""Marks of rule tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from ..syntax import nodes as n
from .marks import Marks
from .marks_conditions import mark_condition, mark_event, mark_operand, mark_operands
from .marks_statements import mark_fields


def mark_test_items(marks: Marks, items: Iterable[n.TestItem]) -> None:
    for item in items:
        marks.begin([item])
        _item(marks, item)


def _item(marks: Marks, item: n.TestItem) -> None:
    match item:
        case n.GivenRecord(fields=fields):
            mark_fields(marks, fields)
        case n.ExpectFields(fields=fields, missing=missing, scores=scores):
            mark_fields(marks, fields)
            marks.begin((*missing, *scores), narrow=True)
            mark_operands(marks, *(one.score for one in scores), *(one.value for one in scores if one.value))
        case n.ExpectCreated(fields=fields, missing=missing):
            mark_fields(marks, fields)
            marks.begin(missing, narrow=True)
        case n.GivenEvent(event=event) | n.Happens(event=event) | n.Saves(playbook=event):
            mark_event(marks, event)
        case n.Submits(form=event) | n.AnswersSurvey(survey=event):
            mark_event(marks, event)
        case n.ExpectRow(cells=cells):
            for cell in cells:
                mark_condition(marks, cell)
        case n.Sets(value=value):
            mark_operand(marks, value)
        case n.Rows(rows=rows, items=items):
            for row in rows:
                mark_operands(marks, *row)
            mark_test_items(marks, items)
        case n.Clock() | n.GivenLink() | n.GivenMember() | n.GivenConsent() | n.Enrolls() | n.Advance():
            pass
        case n.TaskClosed() | n.ExpectMail() | n.ExpectTask() | n.ExpectNotice() | n.ExpectMember():
            pass
        case n.ExpectEnded() | n.ExpectNothing() | n.Bad() | n.Moves() | n.SendsBroadcast() | n.Fixes():
            pass
        case n.ExpectCall() | n.ExpectNote() | n.ExpectConsent() | n.ExpectFinding() | n.ExpectSnippet():
            pass
        case n.ExpectLink():
            pass
        case _:
            assert_never(item)
