"""Marks of declarations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from ..syntax import nodes as n
from .marks import Marks
from .marks_conditions import mark_condition
from .marks_statements import mark_block, mark_settings, mark_statements
from .marks_tests import mark_test_items


def mark_declaration(marks: Marks, declaration: n.Declaration) -> None:
    match declaration:
        case n.Segment(condition=condition):
            if condition is not None:
                marks.begin([condition])
                mark_condition(marks, condition)
        case n.Sequence(body=body) | n.Workflow(body=body):
            _body(marks, body)
        case n.Template(settings=settings) | n.Snippet(settings=settings) | n.SettingsOnly(settings=settings):
            mark_settings(marks, settings)
        case n.Score(settings=settings, rules=rules):
            mark_settings(marks, settings)
            marks.begin(rules)
            for rule in rules:
                mark_condition(marks, rule.when)
        case n.Conversation():
            _conversation(marks, declaration)
        case n.Hygiene(settings=settings, rules=rules):
            mark_settings(marks, settings)
            _hygiene_rules(marks, rules)
        case n.Test(items=items):
            mark_test_items(marks, items)
        case n.Bad():
            pass
        case _:
            assert_never(declaration)


def _body(marks: Marks, body: n.Body) -> None:
    mark_settings(marks, body.settings)
    mark_statements(marks, body.statements)
    for automated in body.automated:
        marks.begin([automated])
        mark_block(marks, automated.block)
    for rep_led in body.rep_led:
        marks.begin([rep_led])
        mark_condition(marks, rep_led.engaged)
        mark_block(marks, rep_led.block)


def _conversation(marks: Marks, conversation: n.Conversation) -> None:
    mark_settings(marks, conversation.settings)
    _items(marks, conversation.items)
    marks.begin(conversation.on)
    for on in conversation.on:
        mark_block(marks, on.block)


def _items(marks: Marks, items: Iterable[n.Item]) -> None:
    for item in items:
        marks.begin([item])
        match item:
            case n.When(condition=condition, items=inner):
                mark_condition(marks, condition)
                _items(marks, inner)
            case n.Say() | n.Ask() | n.Bad():
                pass
            case _:
                assert_never(item)


def _hygiene_rules(marks: Marks, rules: Iterable[n.HygieneRule | n.Bad]) -> None:
    for rule in rules:
        marks.begin([rule])
        match rule:
            case n.HygieneRule(condition=condition, block=block):
                mark_condition(marks, condition)
                mark_block(marks, block)
            case n.Bad():
                pass
            case _:
                assert_never(rule)
