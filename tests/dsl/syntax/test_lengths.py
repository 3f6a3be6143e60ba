"""Lengths of time that no calendar can count are refused where they are written; all others are taken."""

import pytest

from dsl.compile import compile_project
from dsl.source import Source

SCHEMA = "extends: standard\n"
PROJECT = "name: x\naccount: {time_zone: Asia/Tokyo, currency: EUR}\nlimits: {late: LATE}\n"
LONGEST = {
    "minutes": 105_408_000,
    "hours": 1_756_800,
    "days": 73_200,
    "business days": 73_200,
    "weeks": 10_600,
    "months": 2_400,
    "years": 200,
}


def codes(rules: str, late: str = "24 hours") -> list[str]:
    found = compile_project(
        [Source("rules.segue", rules)],
        Source("schema.yaml", SCHEMA),
        Source("segue.yaml", PROJECT.replace("LATE", late)),
    )
    return [d.code for d in found.diagnostics if d.severity == "error"]


@pytest.mark.parametrize("unit", LONGEST)
def test_two_hundred_years_are_the_longest_time(unit: str) -> None:
    rules = "workflow w of contact {{ when: manually  wait {} {}  clear contact.phone }}"
    assert codes(rules.format(LONGEST[unit], unit)) == []
    assert codes(rules.format(LONGEST[unit] + 1, unit)) == ["number-too-long"]
    assert codes(rules.format(999_999_999_999_999, unit)) == ["number-too-long"]


@pytest.mark.parametrize("unit", ["minutes", "hour", "weeks", "months", "years"])
def test_days_alone_are_business_days(unit: str) -> None:
    """What is meant is understood so far that the rest of the file is checked."""
    rules = "workflow w of contact {{ when: manually  wait 2 business {}  clear contact.phones }}"
    assert codes(rules.format(unit)) == ["other-spelling", "unknown-property"]


def test_points_that_would_take_longer_than_ten_years_to_halve_do_not_fade() -> None:
    rules = "score s of contact {{ give 5 when viewed_page  decay: half every {} }}"
    assert codes(rules.format("3650 days")) == []
    assert codes(rules.format("3651 days")) == codes(rules.format("522 weeks")) == ["bad-setting"]


@pytest.mark.parametrize(("late", "found"), [("1756800 hours", []), ("1756801 hours", ["wrong-value"])])
def test_so_it_is_in_the_settings(late: str, found: list[str]) -> None:
    assert codes("", late) == found
