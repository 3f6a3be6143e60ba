"""Never true and always true, against plain Python that tries everybody there could be.

What is said to exclude each other must be false for everyone together, what is said to leave nothing out true for
everyone; and simple contradictions must all be found.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.check.conditions import check_condition
from dsl.check.findings import Findings
from dsl.check.placed import Placed
from dsl.check.scope import Names, Scope
from dsl.check.whole import check_whole
from dsl.diagnostics import Diagnostic
from dsl.schema.read_project import read_project
from dsl.schema.read_schema import read_schema
from dsl.source import Source
from dsl.syntax import nodes
from dsl.syntax.parse import parse
from tests.examples import examples

from .people import everybody, holds
from .test_cases import CASES, check

SCHEMA, _ = read_schema(Source("schema.yaml", (CASES / "schema.yaml").read_text(encoding="utf-8")), "USD")
PROJECT, _ = read_project(Source("segue.yaml", (CASES / "segue.yaml").read_text(encoding="utf-8")))
LENGTHS = ("1 day", "7 days", "2 weeks", "30 days", "31 days", "1 month", "60 days", "2 months", "1 year", "12 months")


def checked(text: str) -> tuple[Placed, Findings]:
    """A condition about a contact, and what is said of it as a whole."""
    source = Source("case.segue", f"segment a of contact {{ {text} }}")
    findings = Findings({source.name: source})
    (segment,) = parse(source).tree.declarations
    assert isinstance(segment, nodes.Segment) and segment.condition is not None
    scope = Scope(Names(SCHEMA, PROJECT), findings, SCHEMA.objects["contact"])
    placed = check_condition(scope, segment.condition)
    assert placed is not None, findings.found
    check_whole(scope, placed)
    return placed, findings


def said(findings: Findings, code: str) -> Iterator[list[str]]:
    """The parts that each finding of a code names."""
    for found in findings.found:
        if found.code == code:
            yield [findings.raw(label.span) for label in (found.label, *found.others)]


numbers = st.builds("nps {} {}".format, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), st.integers(1, 9))
number_lists = st.builds(
    "nps {} [{}, {}]".format, st.sampled_from(["in", "not in"]), st.integers(0, 4), st.integers(2, 6)
)
ranges = st.builds(lambda a, b: f"nps between {min(a, b)} and {max(a, b)}", st.integers(0, 9), st.integers(0, 9))
presence = st.sampled_from(["nps is missing", "nps is known"])
plans = st.builds("plan {} {}".format, st.sampled_from(["=", "!="]), st.sampled_from(["free", "trial", "paid"]))
plan_lists = st.builds(
    "plan {} [{}]".format, st.sampled_from(["in", "not in"]), st.sampled_from(["free", "free, trial", "paid, trial"])
)
tiers = st.builds("tier {} {}".format, st.sampled_from(["=", "!="]), st.sampled_from(["gold", "silver"]))
flags = st.sampled_from(["vip", "not vip", "vip = false", "vip is missing", "vip is known"])
windows = st.builds(
    "{} {} {}".format,
    st.sampled_from(["created_at", "renewal_on", "last(purchased).at"]),
    st.sampled_from(["within", "older than", "within next"]),
    st.sampled_from(LENGTHS),
)
periods = st.builds(
    "{} in {} {}".format,
    st.sampled_from(["created_at", "renewal_on"]),
    st.sampled_from(["this", "last", "next"]),
    st.sampled_from(["week", "month", "quarter", "year"]),
)
events = st.builds(
    "has {}purchased{}{}".format,
    st.sampled_from(["", "not "]),
    st.sampled_from(["", " at least 2 times", " at least 3 times"]),
    st.sampled_from(LENGTHS).map(" within {}".format),
)
always = st.sampled_from(["has purchased", "has never purchased", "has purchased at least 2 times"])
counts = st.builds(
    "count(purchased{}) {} {}".format,
    st.sampled_from(["", " within 30 days", " within 1 month"]),
    st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
    st.integers(1, 3),
)
linked = ["any deal", "no deal", "any deal (won)", "no deal (won)", "every deal (won)", "any deal (not won)"]
counted = ["count(deal) >= 2", "count(deal) < 2", "count(deal (won)) = 1", "count(deal (won)) != 2", "count(deal) <= 2"]
deals = st.sampled_from([*linked, *counted])
tests = st.one_of(
    numbers,
    number_lists,
    ranges,
    presence,
    plans,
    plan_lists,
    tiers,
    flags,
    windows,
    periods,
    events,
    always,
    counts,
    deals,
)
groups = st.recursive(
    tests,
    lambda inner: (
        st.builds(
            lambda joined, parts: f"({f' {joined} '.join(parts)})",
            st.sampled_from(["and", "or"]),
            st.lists(inner, min_size=2, max_size=3),
        )
        | inner.map("not ({})".format)
    ),
    max_leaves=5,
)
quick = examples(200)


@quick
@given(groups)
def test_what_is_said_is_so(text: str) -> None:
    _, findings = checked(text)
    for parts in said(findings, "never-true"):
        together, _ = checked(" and ".join(f"({part})" for part in parts))
        witness = next((p for p in everybody(together.condition) if holds(p, together.condition)), None)
        assert witness is None, (parts, witness)
    for parts in said(findings, "always-true"):
        either, _ = checked(" or ".join(f"({part})" for part in parts))
        witness = next((p for p in everybody(either.condition) if not holds(p, either.condition)), None)
        assert witness is None, (parts, witness)


@examples(80)
@given(groups, st.lists(tests, min_size=1, max_size=2))
def test_what_is_said_through_a_segment_is_so(inside: str, beside: list[str]) -> None:
    text = f"segment x of contact {{ {inside} }} segment y of contact {{ in segment x and {' and '.join(beside)} }}"
    for found in check(text).diagnostics:
        spans = [label.span for label in (found.label, *found.others)]
        parts = [text[span.start : span.end] for span in spans]
        if found.code == "never-true" and parts.count("in segment x") == 1 and len(parts) == 3:
            parts.remove("in segment x")
            together, _ = checked(" and ".join(f"({part})" for part in parts))
            witness = next((p for p in everybody(together.condition) if holds(p, together.condition)), None)
            assert witness is None, (text, parts, witness)


@quick
@given(
    st.one_of(
        *(
            st.lists(st.one_of(kinds), min_size=1, max_size=4)
            for kinds in ([numbers, number_lists, ranges, presence], [plans, plan_lists], [tiers], [flags])
        )
    )
)
def test_contradictions_of_one_property_are_all_found(parts: list[str]) -> None:
    placed, findings = checked(" and ".join(parts))
    possible = any(holds(person, placed.condition) for person in everybody(placed.condition))
    assert any(said(findings, "never-true")) != possible


@quick
@given(st.lists(tiers, min_size=2, max_size=3))
def test_what_leaves_nothing_out_is_found(parts: list[str]) -> None:
    placed, findings = checked(" or ".join(parts))
    everyone = all(holds(person, placed.condition) for person in everybody(placed.condition))
    assert any(said(findings, "always-true")) == everyone


@pytest.mark.parametrize(
    "text",
    [
        "created_at within 7 days and created_at older than 30 days",
        "created_at within 7 days and created_at older than 2 months",
        "created_at in this month and created_at in last month",
        "renewal_on in next week and renewal_on older than 1 day",
        "created_at in this year and created_at older than 3 years",
        "has purchased within 3 days and has not purchased within 30 days",
        "has purchased at least 3 times within 3 days and has not purchased at least 2 times within 30 days",
        "has purchased(amount > 3 USD) and has never purchased",
        "has purchased within 3 days and last(purchased).at older than 30 days",
        "count(purchased) >= 3 and count(purchased) < 2",
        "count(purchased) > 2 and count(purchased) < 4 and count(purchased) != 3",
        "count(deal) >= 2 and no deal",
        "every deal (won) and no deal (won)",
        "any deal (won) and count(deal) < 1",
        'email = "a@example.com" and email = "b@example.com"',
        'email = "a@example.com" and email contains "b@"',
        "plan = paid and not (plan was ever paid)",
        "budget changed within 7 days and not (budget changed within 1 week)",
        "subscribed to news and opted out of news",
        "in segment s and not in segment s",
        "created_at > 3 days ago and created_at older than 2 months",
    ],
)
def test_the_contradictions_the_design_names(text: str) -> None:
    found = check(f"static segment s of contact segment a of contact {{ {text} }}").diagnostics
    assert [d.code for d in _errors(found) if d.code != "not-over-missing"] == ["never-true"]


@pytest.mark.parametrize(
    "text",
    [
        'email = "ＡＢＣ@example.com" and email = "abc@example.com"',
        "created_at in [2026-03-02] and created_at > 2026-03-02 09:00",
        "created_at within 1 month and created_at older than 30 days",
        "created_at within 3 days and created_at within next 3 days",
        "has clicked_email including machines and has never clicked_email",
        "has purchased within 30 days and last(purchased(amount > 3 USD)).at older than 60 days",
        "count(deal (won)) >= 1 and any deal (not won)",
        "tags contains any [red] and not (tags contains all [red, blue]) and tags is known",
        "plan was ever paid and plan = free",
        "has never purchased and has not purchased within 1 day",
    ],
)
def test_what_can_be_is_not_reported(text: str) -> None:
    _, findings = checked(text)
    assert list(said(findings, "never-true")) == []


def _errors(found: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    return [d for d in found if d.severity == "error"]
