"""What people type as an answer, in their account's locale, is the value they mean, or is refused (P3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.schema.model import Kind, Type
from runtime.channels.values import Formats
from runtime.errors import InvalidInput
from runtime.talks.typed import Reader

LOCALES = ["en", "pl", "de", "ja", "fr", "en-IN"]
EUR, YEN = Type(Kind.MONEY, currency="EUR"), Type(Kind.MONEY, currency="JPY")
STAGE = Type(Kind.CHOICE, ("Lead", "customer", "Customer"))
TOURS = Type(Kind.MULTI_CHOICE, ("góry", "morze"))
TAGS = Type(Kind.MULTI_CHOICE, ("a", "b", "c"))


def reader(locale: str = "en", zone: str = "Europe/Warsaw") -> Reader:
    return Reader(locale, zone, "EUR", {"ada", "rep", "józef"})


@pytest.mark.parametrize(
    ("locale", "type_", "typed", "value"),
    [
        ("pl", EUR, "1 200,50", 120050),
        ("pl", EUR, "1\u00a0200,50 €", 120050),
        ("pl", EUR, "1200.5", 120050),
        ("de", EUR, "1.200", 120000),
        ("de", EUR, "12.50", 1250),
        ("en", EUR, "EUR 1,200.5", 120050),
        ("en-IN", EUR, "12,34,567", 123456700),
        ("ja", YEN, "￥１２，０００", 12000),
        ("ja", YEN, "12,000 JPY", 12000),
        ("ja", YEN, "12,000円", 12000),
        ("pl", Type(Kind.MONEY, currency="PLN"), "12 złotych polskich", 1200),
        ("en", Type(Kind.NUMBER), "-3.5", -3.5),
        ("en", Type(Kind.NUMBER), "3.0", 3),
        ("en", Type(Kind.PERCENT), "12 %", 12),
        ("pl", Type(Kind.DATE), "31.03.2026", "2026-03-31"),
        ("en", Type(Kind.DATE), "2026-03-31", "2026-03-31"),
        ("pl", Type(Kind.DATETIME), "2026-03-31 09:00", 1774940400000000),
        ("pl", Type(Kind.BOOL), "Tak", True),
        ("ja", Type(Kind.BOOL), "いいえ", False),
        ("en", STAGE, "LEAD", "Lead"),
        ("en", STAGE, "customer", "customer"),
        ("en", TAGS, "c、 A", ";a;c;"),
        ("en", TAGS, " , ", None),
        ("pl", TOURS, "go\u0301ry, ＭＯＲＺＥ", ";góry;morze;"),
        ("pl", Type(Kind.BOOL), "ＴＡＫ", True),
        ("en", Type(Kind.USER), "ada", "ada"),
        ("pl", Type(Kind.USER), "jo\u0301zef", "józef"),
        ("en", Type(Kind.TEXT), "  two words ", "two words"),
        ("en", Type(Kind.TEXT), "   ", None),
    ],
)
def test_p3_typed_in_the_accounts_locale(locale: str, type_: Type, typed: str, value: object) -> None:
    found = reader(locale)(type_, typed)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("type_", "typed"),
    [
        (EUR, "1,2,3"), (EUR, "12 USD"), (EUR, "1e5"), (EUR, "1.005"), (YEN, "1.5"), (EUR, "9" * 30), (EUR, "nan"),
        (Type(Kind.NUMBER), "twelve"), (Type(Kind.NUMBER), "1_000"), (Type(Kind.NUMBER), "--3"),
        (Type(Kind.DATE), "2026-02-30"), (Type(Kind.DATE), "soon"), (Type(Kind.BOOL), "maybe"),
        (STAGE, "CUSTOMER"), (STAGE, "boss"), (TAGS, "a,z"), (Type(Kind.USER), "Ada"), (Type(Kind.TEXT), "a\0b"),
        (Type(Kind.TEXT), "a\ud800"),
        (Type(Kind.DATE), "0001-12-31"), (Type(Kind.DATE), "9999-01-01"), (Type(Kind.DATETIME), "9999-12-31 23:59"),
        (Type(Kind.DATETIME), "0001-01-01 00:00"), (Type(Kind.NUMBER), "9" * 1_000_001), (EUR, "9" * 1_000_001),
        (STAGE, "x" * 500), (Type(Kind.BOOL), "x" * 500), (Type(Kind.DATETIME), "x" * 500),
    ],
)  # fmt: skip
def test_p3_what_fits_no_type_is_refused_with_words(type_: Type, typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        reader()(type_, typed)
    assert refused.value.message and len(refused.value.message) < 120


@pytest.mark.parametrize(
    ("type_", "raw", "value"),
    [
        (EUR, 12.5, 1250), (Type(Kind.NUMBER), 3, 3), (Type(Kind.BOOL), True, True), (TAGS, ["b", "a"], ";a;b;"),
        (Type(Kind.NUMBER), None, None),
    ],
)  # fmt: skip
def test_p3_values_of_json(type_: Type, raw: object, value: object) -> None:
    assert reader()(type_, raw) == value


@pytest.mark.parametrize(
    ("type_", "raw"),
    [
        (Type(Kind.TEXT), 3), (Type(Kind.NUMBER), True), (Type(Kind.NUMBER), [1]), (EUR, {"a": 1}),
        (Type(Kind.BOOL), 1), (TAGS, [1]), (STAGE, ["Lead"]), (Type(Kind.NUMBER), float("inf")), (EUR, 12.345),
    ],
)  # fmt: skip
def test_p3_json_of_another_type_is_refused(type_: Type, raw: object) -> None:
    with pytest.raises(InvalidInput):
        reader()(type_, raw)


def test_p3_a_long_answer_is_cut_and_the_words_around_it_are_not() -> None:
    kinds = Type(Kind.MULTI_CHOICE, ("mountains", "seaside", "kitchens of the world"))
    with pytest.raises(InvalidInput) as refused:
        reader()(kinds, "mountain")
    assert refused.value.message == (
        "`mountain` is none of the options mountains, seaside, kitchens of the world; did you mean `mountains`?"
    )
    with pytest.raises(InvalidInput, match=r"^`x{40}\.\.` is none of the options mountains, .* of the world$"):
        reader()(kinds, "x" * 41)


def test_p3_half_a_character_is_refused_at_its_question() -> None:
    with pytest.raises(InvalidInput, match="half a character"):
        reader()(Type(Kind.TEXT), "a\udcff")


def test_p3_a_wrong_value_is_told_as_json_has_it() -> None:
    with pytest.raises(InvalidInput, match="`true` is no number"):
        reader()(Type(Kind.NUMBER), True)


@given(st.sampled_from(LOCALES), st.integers(-(10**9), 10**9), st.dates(date(2000, 1, 1), date(2049, 12, 31)))
def test_p3_what_is_shown_can_be_typed(locale: str, amount: int, day: date) -> None:
    """An amount as mails show it, and a number as the locale groups it, are read back as they are."""
    formats, read = Formats(locale, "UTC", "EUR"), reader(locale)
    if amount >= 0:
        assert read(EUR, formats.writer(EUR)(amount)) == amount
    assert read(Type(Kind.NUMBER), formats.writer(Type(Kind.NUMBER))(amount)) == amount
    tenths = Decimal(amount) / 10
    assert read(Type(Kind.NUMBER), formats.writer(Type(Kind.NUMBER))(tenths)) == float(tenths)
    assert read(Type(Kind.DATE), day.isoformat()) == day.isoformat()
