"""What comes out of the compiler for the values and tests of conditions, and for what starts a definition."""

from __future__ import annotations

import pytest

from dsl.program.codec import decode, encode
from dsl.program.conditions import (
    Aggregate,
    Ago,
    AnyOf,
    Between,
    Changed,
    Compare,
    Condition,
    Const,
    ContainsList,
    CountOf,
    DateTest,
    Duration,
    EventMatch,
    EventValue,
    Field,
    Happened,
    InPeriod,
    Matches,
    Moved,
    Quantified,
    ScoreValue,
    Unit,
    WasEver,
    WasMember,
)
from dsl.program.definitions import OnDate, OnSchedule, Trigger
from dsl.schema.model import Kind, Type

from .test_cases import CASES, check
from .test_compiled import only, program

NUMBER, TEXT, INSTANT, DAY = Type(Kind.NUMBER), Type(Kind.TEXT), Type(Kind.DATETIME), Type(Kind.DATE)
USD, EUR = Type(Kind.MONEY, currency="USD"), Type(Kind.MONEY, currency="EUR")
PLAN = Type(Kind.CHOICE, ("free", "trial", "paid"))
TAGS = Type(Kind.MULTI_CHOICE, ("red", "blue"))
PURCHASED = EventMatch("purchased")
DAYS_30, MONTHS_5, MONTHS_6 = Duration(30, Unit.DAYS), Duration(5, Unit.MONTHS), Duration(6, Unit.MONTHS)
LAST_AT = Aggregate("last", PURCHASED, "at", INSTANT)
RENEWAL = Field((), "contact", "renewal_on", DAY)
CREATED = Field((), "contact", "created_at", INSTANT)
WON = Compare(Field((), "deal", "won", Type(Kind.BOOL)), "=", Const(True, Type(Kind.BOOL)))


def condition(text: str) -> Condition:
    declared = "score warmth of contact { give 5 when clicked_email } static segment kept of contact"
    found = program(f"{declared} segment s of contact {{ {text} }}").segments["s"].condition
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("last(purchased).at within 30 days", DateTest(LAST_AT, "within", DAYS_30)),
        (
            "last(purchased).at between 6 months ago and 5 months ago",
            Between(LAST_AT, Ago(MONTHS_6, INSTANT), Ago(MONTHS_5, INSTANT)),
        ),
        (
            "sum(purchased.amount within 30 days) >= 100.50 USD",
            Compare(Aggregate("sum", PURCHASED, "amount", USD, DAYS_30), ">=", Const(10050, USD)),
        ),
        ("3 USD < min(purchased.amount)", Compare(Aggregate("min", PURCHASED, "amount", USD), ">", Const(300, USD))),
        (
            'first(purchased(product = "x")).amount = 3 USD',
            Compare(
                Aggregate(
                    "first",
                    EventMatch("purchased", Compare(EventValue("product", TEXT), "=", Const("x", TEXT))),
                    "amount",
                    USD,
                ),
                "=",
                Const(300, USD),
            ),
        ),
        ("count(purchased) = 3", Compare(Aggregate("count", PURCHASED, "", NUMBER), "=", Const(3, NUMBER))),
        (
            "count(deal (won)) > count(purchased)",
            Compare(CountOf(("deal",), "deal", NUMBER, WON), ">", Aggregate("count", PURCHASED, "", NUMBER)),
        ),
        ("count(deal (won)) >= 2", Quantified("count", ("deal",), "deal", WON, ">=", 2)),
        (
            "has received_email at least 11 times since last(purchased)",
            Happened(EventMatch("received_email", at_least=11), since=LAST_AT),
        ),
        ("score(warmth) >= 50", Compare(ScoreValue("warmth", NUMBER), ">=", Const(50, NUMBER))),
        (
            "score(warmth) fell by 10 within 30 days",
            Moved(ScoreValue("warmth", NUMBER), "fell", Const(10, NUMBER), DAYS_30),
        ),
        ("plan was ever paid", WasEver(Field((), "contact", "plan", PLAN), (Const("paid", PLAN),))),
        ("budget changed within 30 days", Changed(Field((), "contact", "budget", EUR), DAYS_30)),
        ("budget changed", Changed(Field((), "contact", "budget", EUR))),
        ("was ever in segment kept", WasMember("segment", "kept")),
        (r'last_name matches "^A8\s*"', Matches(Field((), "contact", "last_name", TEXT), r"^A8\s*")),
        ("created_at in last quarter", InPeriod(CREATED, "last", "quarter")),
        ("created_at > 5 months ago", Compare(CREATED, ">", Ago(MONTHS_5, INSTANT))),
        (
            "tags contains any [red, blue]",
            ContainsList(Field((), "contact", "tags", TAGS), "any", (Const("red", TAGS), Const("blue", TAGS))),
        ),
    ],
)
def test_values_and_tests(text: str, expected: Condition) -> None:
    assert condition(text) == expected


@pytest.mark.parametrize(
    ("counted", "has"),
    [
        ("count(purchased) >= 3", Happened(EventMatch("purchased", at_least=3))),
        ("count(purchased) > 3", Happened(EventMatch("purchased", at_least=4))),
        ("3 <= count(purchased)", Happened(EventMatch("purchased", at_least=3))),
        ("count(purchased within 30 days) < 3", Happened(EventMatch("purchased", at_least=3), DAYS_30, negated=True)),
        ("count(purchased within 30 days) <= 3", Happened(EventMatch("purchased", at_least=4), DAYS_30, negated=True)),
        ("count(purchased within 30 days) = 0", Happened(PURCHASED, DAYS_30, negated=True)),
        ("count(purchased) != 0", Happened(PURCHASED)),
    ],
)
def test_a_count_of_events_is_what_has_says(counted: str, has: Condition) -> None:
    """One meaning has one form, so absence (X8) and contradictions know it by either name."""
    assert condition(counted) == has


@pytest.mark.parametrize(
    ("when", "trigger"),
    [
        ("every monday 09:00", OnSchedule("0 9 * * 1")),
        ("every sunday 23:59", OnSchedule("59 23 * * 0")),
        ("every day 08:30", OnSchedule("30 8 * * *")),
        ("every weekday 09:00", OnSchedule("0 9 * * 1-5")),
        ("every month on 1 at 09:00", OnSchedule("0 9 1 * *")),
        ("every week on friday at 17:05", OnSchedule("5 17 * * 5")),
        ('every "*/15  9-17 * * mon-fri"', OnSchedule("*/15 9-17 * * mon-fri")),
        ("every 2 weeks", OnSchedule(interval=Duration(2, Unit.WEEKS))),
        ("every 3 days at 09:00", OnSchedule(interval=Duration(3, Unit.DAYS), at=540)),
        ("every year on contact.renewal_on at 09:00", OnSchedule(date=RENEWAL, at=540)),
        ("at renewal_on", OnDate(RENEWAL)),
        ("at contact.renewal_on - 30 days", OnDate(RENEWAL, DAYS_30, before=True)),
        ("at renewal_on + 3 business days", OnDate(RENEWAL, Duration(3, Unit.BUSINESS_DAYS))),
    ],
)
def test_schedules_and_dates(when: str, trigger: Trigger) -> None:
    """X4; and X5: they start the same person again, each occurrence once."""
    found = only(f"workflow w of contact {{ when: {when} only: plan = free send hello }}")
    assert (found.trigger, found.again.policy) == (trigger, "always")


def test_every_form_goes_through_the_codec() -> None:
    compiled = check((CASES / "clean_conditions.segue").read_text(encoding="utf-8")).program
    assert compiled is not None
    for segment in compiled.segments.values():
        assert isinstance(segment.condition, AnyOf | Condition)
        assert decode(encode(segment.condition)) == segment.condition
    for definition in compiled.definitions.values():
        assert decode(encode(definition.trigger)) == definition.trigger
