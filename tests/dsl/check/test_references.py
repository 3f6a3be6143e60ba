"""Every name in a condition is noted with what it was resolved to and its exact place: for "unused" and renaming."""

from __future__ import annotations

import pytest

from dsl.check.conditions import check_condition
from dsl.check.findings import Findings
from dsl.check.scope import Declared, Names, Scope
from dsl.source import Source
from dsl.syntax import nodes
from dsl.syntax.parse import parse

from .test_oracle import PROJECT, SCHEMA

DECLARED = {
    ("segment", "vips"): Declared("segment", "vips", "contact"),
    ("workflow", "welcome"): Declared("workflow", "welcome", "contact"),
    ("score", "warmth"): Declared("score", "warmth", "contact"),
    ("template", "hello"): Declared("template", "hello", "contact"),
}


def references(condition: str) -> list[tuple[str, str, str]]:
    """(kind, name, what is written there) of each, in the order written."""
    source = Source("case.segue", f"segment a of contact {{ {condition} }}")
    findings = Findings({source.name: source})
    (segment,) = parse(source).tree.declarations
    assert isinstance(segment, nodes.Segment) and segment.condition is not None
    scope = Scope(Names(SCHEMA, PROJECT, DECLARED), findings, SCHEMA.objects["contact"], enrolled=True)
    check_condition(scope, segment.condition)
    assert not findings.errors_since(0), findings.found
    ordered = sorted(findings.references, key=lambda r: (r.span.start, r.name))
    return [(r.kind, r.name, source.text[r.span.start : r.span.end]) for r in ordered]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("plan = paid", [("property", "contact.plan", "plan"), ("option", "contact.plan=paid", "paid")]),
        (
            'company.name = "x"',
            [("association", "contact.company", "company"), ("property", "company.name", "name")],
        ),
        ("owner = ada", [("property", "contact.owner", "owner"), ("user", "ada", "ada")]),
        ('plan = "paid"', [("property", "contact.plan", "plan"), ("option", "contact.plan=paid", "paid")]),
        ("in segment vips", [("segment", "vips", "vips")]),
        ("was ever in segment vips", [("segment", "vips", "vips")]),
        ("in workflow welcome", [("workflow", "welcome", "welcome")]),
        ("subscribed to news", [("topic", "news", "news")]),
        ("score(warmth) >= 50", [("score", "warmth", "warmth")]),
        (
            "has purchased(amount > 3 USD)",
            [("event", "purchased", "purchased"), ("field", "purchased.amount", "amount")],
        ),
        (
            "last(purchased).amount > 3 USD",
            [("event", "purchased", "purchased"), ("field", "purchased.amount", "amount")],
        ),
        (
            "has clicked_email(template = hello and link.topic = pricing)",
            [
                ("event", "clicked_email", "clicked_email"),
                ("field", "clicked_email.template", "template"),
                ("template", "hello", "hello"),
                ("field", "clicked_email.link_topic", "link.topic"),
                ("option", "clicked_email.link_topic=pricing", "pricing"),
            ],
        ),
        (
            "any deal (pipeline = renewals and stage = offer)",
            [
                ("association", "contact.deal", "deal"),
                ("property", "deal.pipeline", "pipeline"),
                ("pipeline", "deal.renewals", "renewals"),
                ("property", "deal.stage", "stage"),
                ("stage", "deal.new_business.offer", "offer"),
                ("stage", "deal.renewals.offer", "offer"),
            ],
        ),
        (
            "count(deal (won)) between 1 and 3",
            [("association", "contact.deal", "deal"), ("property", "deal.won", "won")],
        ),
        ("nps > nps", [("property", "contact.nps", "nps")] * 2),
    ],
)
def test_names_and_places(condition: str, expected: list[tuple[str, str, str]]) -> None:
    assert references(condition) == expected
