"""What rules know behind each step, and how many mails a way through a graph holds."""

from __future__ import annotations

import pytest

from dsl.lint.examples import SCHEMA, SETTINGS
from dsl.lint.graph_ways import backwards
from dsl.lint.statements import parts_of
from dsl.lint.ways import follow, minutes_of
from dsl.program.blocks import following
from dsl.source import Source
from dsl.syntax import nodes, parse
from dsl.workspace import Workspace

DAY = 24 * 60


def notified(steps: str) -> tuple[set[str], set[str]] | None:
    """Whom every way through the steps has told since the last wait, and whom only some have."""
    tree = parse(Source("a.segue", f"workflow w of contact {{ when: manually {steps} }}")).tree
    (workflow,) = tree.declarations
    assert isinstance(workflow, nodes.Workflow)

    def step(statement: nodes.Statement, told: frozenset[str]) -> frozenset[str]:
        match statement:
            case nodes.Notify(to=to):
                return told | {to.text}
            case nodes.Wait() | nodes.Repeat():
                return frozenset()
        return told

    (part,) = parts_of(workflow.body)
    known = follow(part, step)
    return None if known is None else (set(known.sure), set(known.maybe))


A, B, C = 'notify a "x"', 'notify b "x"', 'notify c "x"'


@pytest.mark.parametrize(
    ("steps", "sure", "maybe"),
    [
        (f"{A} {B}", "ab", ""),
        (f"{A} wait 1 day {B}", "b", ""),
        (f"{A} if vip {{ {B} }}", "a", "b"),
        (f"if vip {{ {A} {B} }} else {{ {B} }}", "b", "a"),
        (f'if vip {{ {A} }} else {{ {B} exit "x" }}', "a", ""),
        (f"{A} if vip {{ wait 1 day }}", "", "a"),
        (f"if vip {{ {A} }} wait 1 day {C}", "c", ""),
        (f"{A} repeat up to 2 times every 1 day {{ {B} }}", "", "b"),
        (f"split {{ 50% x {{ {A} }} 50% y {{ {A} {C} }} }}", "a", "c"),
    ],
)
def test_what_is_sure_and_what_may_be(steps: str, sure: str, maybe: str) -> None:
    assert notified(steps) == (set(sure), set(maybe))


def test_nobody_comes_past_an_exit() -> None:
    assert notified(f'{A} exit "x"') is None
    assert notified(f'if vip {{ exit "x" }} else {{ {A} exit "y" }} {B}') is None


@pytest.mark.parametrize(
    ("n", "unit", "days"),
    [(1, "days", 1), (24, "hours", 1), (2, "weeks", 14), (1, "business_days", 3), (5, "business_days", 7)],
)
def test_a_length_is_taken_at_its_longest(n: int, unit: str, days: int) -> None:
    assert minutes_of(n, unit) == days * DAY


def test_blocks_come_behind_all_they_lead_to() -> None:
    made = Workspace()
    made.configure(Source("schema.yaml", SCHEMA), Source("segue.yaml", SETTINGS))
    steps = f"if visits > 3 {{ {A} }} else {{ wait 1 day {B} }} repeat up to 3 times every 1 day {{ {C} }}"
    for user in "abc":
        steps = steps.replace(f"notify {user}", "notify ada")
    made.update(Source("a.segue", f"workflow w of contact {{ when: plan becomes paid {steps} }}"))
    program, _ = made.program()
    assert program is not None
    graph = program.definitions["workflow", "w"].pinned.graph
    order = backwards(graph)
    assert sorted(order) == list(range(len(graph.blocks)))
    assert all(order.index(way) < order.index(number) for number in order for way in following(graph.blocks[number]))
