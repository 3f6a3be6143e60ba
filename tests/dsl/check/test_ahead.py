"""`today`, `now` and `14 days from now`: what a step writes, and no condition asks."""

from __future__ import annotations

import pytest

from dsl.compile import compile_project
from dsl.source import Source

PROPERTIES = "{n: {type: number}, due: {type: date}, seen: {type: datetime}}"
SCHEMA = f"extends: standard\nobjects: {{contact: {{properties: {PROPERTIES}}}}}"


def said(body: str, schema: str = SCHEMA) -> list[tuple[str, str]]:
    """(code, help) of what is wrong with the steps of a workflow of contacts."""
    rules = f"workflow w of contact {{ when: manually  {body} }}"
    found = compile_project([Source("t.segue", rules)], Source("schema.yaml", schema), Source("segue.yaml", "name: x"))
    return [(d.code, d.help) for d in found.diagnostics]


@pytest.mark.parametrize(
    "body",
    [
        "set due = today",
        "set seen = now",
        "set due = 14 days from now",
        "set due = 2 business days from now",
        "set seen = 3 hours from now",
        'create deal { name = "x"  close_on = 1 year from now }',
    ],
)
def test_a_date_is_given_a_day_and_a_moment_a_moment(body: str) -> None:
    assert said(body) == []


@pytest.mark.parametrize(
    ("body", "code", "help_"),
    [
        ("set due = now", "type-mismatch", "write `today`"),
        ("set seen = today", "type-mismatch", "write `now`"),
        ("set due = 3 hours from now", "wrong-operator", "count in days"),
        ("set n = 3 days from now", "type-mismatch", "write a number, such as `100`"),
        ("if due < 3 days from now { clear due }", "wrong-operator", "compare by `within next 3 days`"),
        ("wait until due > 3 days from now up to 9 days", "wrong-operator", "compare by `within next 3 days`"),
    ],
)
def test_what_does_not_fit_is_told_with_what_does(body: str, code: str, help_: str) -> None:
    assert said(body) == [(code, help_)]


def test_conditions_ask_for_today_in_their_own_words() -> None:
    ((code, help_),) = said("if due < today { clear due }")
    assert code == "unknown-property" and "within 1 day" in help_


def test_a_property_of_that_name_is_meant_first() -> None:
    named = SCHEMA.replace("seen:", "today: {type: date}, seen:")
    assert said("set due = today", named) == said("set today = due", named) == []
    assert said("set due = now", named) == [("type-mismatch", "write `today`")]
