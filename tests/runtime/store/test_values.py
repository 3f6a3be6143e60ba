"""Values of the outside world in the store's encoding."""

from __future__ import annotations

import pytest

from dsl.schema.model import Kind, Type
from runtime.store.inbox import event_row, record_row, row
from runtime.store.values import encode_value, stored_pair

CHOICE = Type(Kind.CHOICE, ("free", "paid"))
TAGS = Type(Kind.MULTI_CHOICE, ("a", "b", "c"))
TOWNS = Type(Kind.MULTI_CHOICE, ("Zürich", "ﾊﾟﾘ", "VIP"))
USD, JPY, KWD = (Type(Kind.MONEY, currency=c) for c in ("USD", "JPY", "KWD"))


@pytest.mark.parametrize(
    ("type_", "raw", "stored"),
    [
        (Type(Kind.TEXT), "Ａnn", "Ａnn"),
        (Type(Kind.NUMBER), "12", 12),
        (Type(Kind.NUMBER), "-1.50", -1.5),
        (Type(Kind.PERCENT), "20%", 20),
        (USD, "12.5", 1250),
        (USD, "0.005 USD", 1),
        (JPY, "1200", 1200),
        (KWD, "1.2345", 1235),
        (Type(Kind.BOOL), "Yes", True),
        (Type(Kind.DATE), "2020-02-29", "2020-02-29"),
        (Type(Kind.DATETIME), "1970-01-01T09:00+09:00", 0),
        (Type(Kind.DATETIME), 17, 17),
        (CHOICE, "paid", "paid"),
        (TAGS, "c; a", ";a;c;"),
        (TAGS, ["b"], ";b;"),
        (TAGS, "", None),
        (TOWNS, "Zu\u0308rich;ＶＩＰ", ";Zürich;VIP;"),
        (TOWNS, "パリ;ハ\u309aリ", ";ﾊﾟﾘ;"),
        (CHOICE, None, None),
    ],
)
def test_encoded(type_: Type, raw: object, stored: object) -> None:
    value = encode_value(type_, raw)
    assert (value, type(value)) == (stored, type(stored))


@pytest.mark.parametrize(
    ("type_", "raw", "why"),
    [
        (Type(Kind.TEXT), "a\0b", "the text holds a NUL character"),
        (Type(Kind.NUMBER), "nan", "`nan` is no number"),
        (Type(Kind.NUMBER), "1_0", "`1_0` is no number"),
        (Type(Kind.NUMBER), "9" * 30, "is too large"),
        (USD, "3 EUR", "`3 EUR` is not in USD"),
        (USD, "9" * 30, "is too large"),
        (Type(Kind.BOOL), "maybe", "`maybe` is neither true nor false"),
        (Type(Kind.DATE), "2021-02-29", "`2021-02-29` is no date"),
        (Type(Kind.DATETIME), "noon", "`noon` is no date and time"),
        (CHOICE, "pade", "did you mean `paid`"),
        (TOWNS, "vip", "did you mean `VIP`"),
        (Type(Kind.CHOICE, ("Ａ", "A")), "\U0001d400", "is none of the options"),
    ],
)
def test_refused_in_words(type_: Type, raw: object, why: str) -> None:
    with pytest.raises(ValueError, match=why.replace("`", "\\`")):
        encode_value(type_, raw)


def test_text_is_kept_twice() -> None:
    assert stored_pair("name", Type(Kind.TEXT), "ＡＢ") == {"name": "ＡＢ", "name__n": "ab"}
    assert stored_pair("name", Type(Kind.TEXT), None) == {"name": None, "name__n": None}
    assert stored_pair("age", Type(Kind.NUMBER), 3) == {"age": 3}


def test_rows_of_the_inbox() -> None:
    made = record_row("contact", "x", {"name": "A", "name__n": "a", "age": 3}, at=5)
    assert made.fields == "age,name"
    assert made.bucket == made.id % 256
    assert made.key == record_row("contact", "x", {"name": "A", "name__n": "a", "age": 3}, at=5).key
    assert event_row("replied", 7, "m1", {}, at=5).key != event_row("replied", 7, "m2", {}, at=5).key
    assert row("set", "contact", 1, "a", {"v": 1}, at=1, key="k").key == "k"
