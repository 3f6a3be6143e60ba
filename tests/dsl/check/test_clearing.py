"""What is always there cannot be cleared, and the hint sets it to its default in words that can be followed (X23)."""

from __future__ import annotations

import pytest

from dsl.compile import compile_project
from dsl.diagnostics import Diagnostic
from dsl.source import Source

SETTINGS = Source("segue.yaml", "name: x\naccount: {currency: EUR}\n")


def told(statement: str, type_: str) -> tuple[Diagnostic, ...]:
    schema = f"extends: standard\nobjects: {{contact: {{properties: {{p: {{{type_}}}}}}}}}\n"
    rules = f"workflow w of contact {{ when: created  {statement} }}"
    return compile_project([Source("rules.segue", rules)], Source("schema.yaml", schema), SETTINGS).diagnostics


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("type: bool, default: true", "true"),
        ("type: number, default: 2.5", "2.5"),
        ("type: percent, default: 5", "5%"),
        ("type: money, default: 5", "5 EUR"),
        ("type: date, default: 2026-01-02", "2026-01-02"),
        ("type: datetime, default: 2026-01-02 10:00", "2026-01-02 10:00"),
        ("type: text, default: 'he said \"a\\b\"'", r'"he said \"a\\b\""'),
        ("type: choice, options: [x, on-premise], default: on-premise", '"on-premise"'),
        ("type: multi_choice, options: [x, y, on-premise], default: [x, on-premise]", '[x, "on-premise"]'),
    ],
)
def test_x23_the_default_is_written_as_rules_write_it(type_: str, value: str) -> None:
    [found] = told("clear p", type_)
    assert (found.code, found.help) == ("missing-property", f"write `set p = {value}`")
    assert told(f"set p = {value}", type_) == ()
