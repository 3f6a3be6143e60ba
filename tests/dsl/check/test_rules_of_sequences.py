"""Rules of sequences that the language itself keeps (domain S4-S6, S8, S26, D1, D3, D5)."""

from __future__ import annotations

from functools import cache

import pytest

from dsl.compile import compile_project
from dsl.lint.examples import SCHEMA, SETTINGS
from dsl.program.blocks import Exit, Finish, Graph, Wait, following
from dsl.program.conditions import Duration, Unit
from dsl.source import Source

from .test_cases import check
from .test_compiled import TEMPLATES, only

DYNAMIC = 'sequence d { automated { AUTO } rep_led when SWITCH { task call "C" } }'


def codes(text: str, settings: str = SETTINGS) -> set[str]:
    """Of all findings, the linter's among them."""
    found = compile_project([Source("a.segue", text)], Source("schema.yaml", SCHEMA), Source("segue.yaml", settings))
    return {d.code for d in found.diagnostics}


@pytest.mark.parametrize(("most", "found"), [(1, True), (2, False), (None, False)])
def test_s4_more_sequences_than_the_account_is_to_have_are_found(most: int | None, found: bool) -> None:
    two = "".join(f'sequence {n} {{ sender: ada  task call "Call" }}\n' for n in ("one", "two"))
    settings = SETTINGS + (f"limits: {{max_sequences: {most}}}\n" if most else "")
    assert ("too-many-sequences" in codes(two, settings)) is found


@pytest.mark.parametrize("days", [0, 1, 90])
def test_s5_a_delay_counts_business_days_from_none_to_ninety(days: int) -> None:
    blocks = only(f"sequence s {{ send hello  wait {days} business days  send offer }}").pinned.graph.blocks
    assert Wait(Duration(days, Unit.BUSINESS_DAYS), 2) in blocks


@pytest.mark.parametrize(("mails", "found"), [(10, False), (11, True)])
def test_s6_more_than_ten_automated_mails_are_found(mails: int, found: bool) -> None:
    body = "".join(f"wait {n} days  send t{n}\n" for n in range(1, mails + 1))
    templates = "".join(
        f'template t{n} {{ topic: sales  subject: "Number {n}"  body: """Word {n}""" }}\n' for n in range(1, mails + 1)
    )
    text = f"sequence s {{ sender: ada\n{body} }}\n{templates}"
    assert ("more-than-ten-automated-mails" in codes(text)) is found


@pytest.mark.parametrize(("mails", "right"), [(0, False), (1, True), (3, True), (4, False)])
def test_s6_d1_a_dynamic_sequence_has_one_to_three_automated_mails(mails: int, right: bool) -> None:
    text = DYNAMIC.replace("AUTO", " wait 1 day ".join(["send hello"] * mails)).replace("SWITCH", "clicked_email")
    assert (check(text + TEMPLATES).program is not None) is right


@pytest.mark.parametrize(
    "body",
    [
        'send hello  if nps > 3 { if nps > 8 { exit "top" } else { wait 1 day } } else { send offer }  send hello',
        'wait until purchased up to 3 days else { wait until nps > 3 up to 1 day else { exit "no" } }',
        'repeat up to 5 times every 2 days until has purchased { send hello  if nps > 3 { exit "ok" } }',
        'split { 30% a { exit "a" } 70% b { match nps { 1 { send hello } 2, 3 { exit "b" } else { send offer } } } }',
        'exit "at once"',
        "",
    ],
)
def test_s8_every_path_ends_and_none_goes_in_a_circle(body: str) -> None:
    graph = only(f"workflow w of contact {{ when: manually  set nps = 1  {body} }}").pinned.graph
    assert ends(graph, graph.entry)


def ends(graph: Graph, entry: int) -> bool:
    """Whether every way from `entry` on leads to an end; a circle would never come back."""
    inside: set[int] = set()

    @cache
    def on(block: int) -> bool:
        assert block not in inside, "a circle"
        inside.add(block)
        ways = following(graph.blocks[block])
        found = all(on(way) for way in ways) if ways else isinstance(graph.blocks[block], Exit | Finish)
        inside.discard(block)
        return found

    return on(entry)


def test_s26_a_value_that_may_be_missing_needs_a_fallback() -> None:
    text = 'sequence s { send hi }  template hi { topic: news  subject: "Hi"  body: "Hi {{ contact.first_name }}" }'
    assert check(text).program is None
    assert check(text.replace("first_name }}", "first_name | default: 'there' }}")).program is not None


def test_d3_the_switch_has_a_threshold_for_each_kind_of_engagement() -> None:
    text = DYNAMIC.replace("AUTO", "send hello").replace("SWITCH", "clicked_email or opened_email at least 2 times")
    assert [(m.event, m.at_least) for m in only(text).pinned.engage] == [("clicked_email", 1), ("opened_email", 2)]


def test_d5_a_switch_by_opens_alone_is_found() -> None:
    template = 'template hello { topic: sales  subject: "Hello"  body: """[More](https://example.com/a)""" }\n'
    text = DYNAMIC.replace("AUTO", "send hello").replace("{ automated", "{ sender: ada  automated") + template
    assert "opens-as-only-switch" in codes(text.replace("SWITCH", "opened_email"))
    assert "opens-as-only-switch" not in codes(text.replace("SWITCH", "opened_email or clicked_email"))
