"""What a condition is said to cost: the tables it joins, and the dearest way it reads one."""

from __future__ import annotations

import pytest

from dsl.program.cost import Cost, Weight, cost_of

from .test_cases import check, said


def cost(condition: str) -> Cost:
    compiled = check(f"segment s of contact {{ {condition} }} static segment kept of contact")
    assert compiled.program is not None, said(compiled)
    found = compiled.program.segments["s"].condition
    assert found is not None
    return cost_of(found, "contact")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("plan = paid and nps > 3", "cheap: property plan, property nps"),
        ("company.industry = software", "cheap: linked record industry; joins company"),
        ("in segment kept", "cheap: kept membership kept; joins segment kept"),
        ('last_name contains "x"', "moderate: text of every record last_name"),
        ("has purchased within 30 days", "moderate: events in a window purchased; joins purchased"),
        ("has purchased(amount > 3 USD) within 1 year", "moderate: events in a window purchased; joins purchased"),
        ("has never purchased", "moderate: one event purchased; joins purchased"),
        ("last(purchased).at older than 30 days", "moderate: one event purchased; joins purchased"),
        ('last(purchased(product = "x")).at older than 1 day', "expensive: all events purchased; joins purchased"),
        ("has purchased at least 3 times", "expensive: all events purchased; joins purchased"),
        ("sum(purchased.amount) > 3 USD", "expensive: all events purchased; joins purchased"),
        ("sum(purchased.amount within 1 year) > 3 USD", "moderate: events in a window purchased; joins purchased"),
        ("any deal (won)", "moderate: linked records deal; joins deal"),
        ("count(deal) >= count(ticket)", "moderate: linked records deal, linked records ticket; joins deal and ticket"),
        ("plan was ever paid", "moderate: property history plan; joins property history"),
        ("subscribed to news", "cheap: consent news; joins consent"),
        (
            "any company.contact (has purchased within 3 days)",
            "expensive: events in a window purchased of each linked record; joins company, contact and purchased",
        ),
    ],
)
def test_words(condition: str, words: str) -> None:
    assert cost(condition).words == words


def test_the_dearest_part_decides() -> None:
    found = cost("plan = paid and (has purchased within 3 days or sum(purchased.amount) > 3 USD)")
    assert [read.weight for read in found.reads] == [Weight.CHEAP, Weight.MODERATE, Weight.EXPENSIVE]
    assert found.weight is Weight.EXPENSIVE
    assert found.tables == ("purchased",)
