"""Numbers with their units, counts, windows and dates as plain speech has them."""

from __future__ import annotations

from ...diagnostics.diagnostic import FixKind
from ...diagnostics.suggest import closest
from ...schema.codes_of_the_world import CURRENCIES
from ..tokens import Token
from ..vocabulary import words
from .meant import Found, as_token, written

_UNITS = words("minute minutes hour hours day days week weeks month months year years")
_SHORT_UNITS = {
    **dict.fromkeys(words("min mins"), "minutes"),
    **dict.fromkeys(words("h hr hrs"), "hours"),
    **dict.fromkeys(words("d"), "days"),
    **dict.fromkeys(words("w wk wks"), "weeks"),
    **dict.fromkeys(words("mo mos"), "months"),
    **dict.fromkeys(words("y yr yrs"), "years"),
}
_COUNT_WORDS = {word: str(n) for n, word in enumerate(("one", "two", "three", "four", "five", "six"), 1)}
_COUNT_WORDS |= {"once": "1", "twice": "2", "thrice": "3"}
_NO_UNITS = words("AT_LEAST SEGMENT SEQUENCE WORKFLOW TEMPLATE OF")


def unit(t: list[Token], at: int, before: str, _: list[Token]) -> Found | None:
    """`30days`, `3 working days`, `2 wks`, `1000 eur`."""
    number, word, after = t[at], t[at + 1], t[at + 2]
    if before == "AT" and number.text.isdecimal() and int(number.text) < 24 and word.type != "COLON":
        ours = f"{int(number.text):02}:00"
        return 1, [as_token(number, "CLOCK", ours)], written(number, number, "a time has hours and minutes", ours)
    if word.text == "%" and not word.first:
        ours = f"{number.text}%"
        said = written(number, word, "the percent sign stands right behind the number", ours)
        return 2, [as_token(number, "PERCENT", ours, word)], said
    if word.first or not word.text[:1].isalpha() or before in _NO_UNITS:
        return None
    upper = word.text.upper()
    upper = "EUR" if upper in ("EURO", "EUROS") else upper
    if word.type == "NAME" and upper in CURRENCIES and word.start > number.end:
        ours = f"{number.text} {upper}"
        return 2, [as_token(number, "MONEY", ours, word)], written(word, word, "a currency has three capitals", upper)
    if word.text in ("working", "work", "week", "business") and after.text in ("day", "days") and not after.first:
        ours = f"{number.text} business {after.text}"
        return (
            3,
            [as_token(number, "DURATION", ours, after)],
            written(number, after, "days of work are `business days`", ours),
        )
    known = word.text if word.text in _UNITS else _SHORT_UNITS.get(word.text.lower())
    begins_next = after.type in ("EQ", "EQEQ", "COLON", "DOT")  # `probability = 3 amount = 5`
    unit = known or (None if begins_next else _near(word))
    if unit is None or "." in number.text:
        return None
    unit = unit.removesuffix("s") + ("" if number.text == "1" else "s")
    ours, kind = f"{number.text} {unit}", FixKind.SAFE if known else FixKind.UNSAFE
    said = written(number, word, "a length of time is a number and its unit", ours, kind)
    return 2, [as_token(number, "DURATION", ours, word)], said


def _near(word: Token) -> str | None:
    return closest(word.text, sorted(_UNITS)) if word.type == "NAME" and len(word.text) > 2 else None


def currency_first(t: list[Token], at: int, before: str, _: list[Token]) -> Found | None:
    """`EUR 1000`."""
    token, number = t[at], t[at + 1]
    if number.type != "NUMBER" or number.first:
        return None
    ours = f"{number.text} {token.text}"
    return (
        2,
        [as_token(token, "MONEY", ours, number)],
        written(token, number, "the currency stands behind the amount", ours),
    )


def count_word(t: list[Token], at: int, *_: object) -> Found | None:
    """`at least two times`, `at least once`."""
    word, number = t[at + 1], _COUNT_WORDS.get(t[at + 1].text)
    if number is None or word.first:
        return None
    unit = "time" if number == "1" else "times"
    times = [] if t[at + 2].text in ("times", "time") else [as_token(word, unit.upper())]
    ours = f"{number} {unit}" if times else number
    return (
        2,
        [t[at], as_token(word, "NUMBER", number), *times],
        written(word, word, "a count is written in digits", ours),
    )


def lately(t: list[Token], at: int, *_: object) -> Found | None:
    """`in the last 30 days`, `within the next 2 weeks`."""
    the = t[at + 1].text == "the"
    word, length = t[at + 1 + the], t[at + 2 + the]
    if length.type not in ("DURATION", "NUMBER"):
        if the and word.type == "DURATION":
            return 2, [as_token(t[at], "WITHIN")], written(t[at], t[at + 1], "a window is `within`", "within")
        return None
    if word.text in ("last", "past", "previous"):
        return 2 + the, [as_token(t[at], "WITHIN")], written(t[at], word, "a window until now is `within`", "within")
    if word.text in ("next", "coming") and (the or t[at].type == "IN" or word.text == "coming"):
        tokens = [as_token(t[at], "WITHIN"), as_token(word, "NEXT")]
        return 2 + the, tokens, written(t[at], word, "a window from now is `within next`", "within next")
    return None


def from_today(t: list[Token], at: int, before: str, result: list[Token]) -> Found | None:
    """`14 days from today`."""
    if before != "FROM" or [token.type for token in result[-2:-1]] != ["DURATION"]:
        return None
    return 1, [as_token(t[at], "NOW")], written(t[at], t[at], "what lies ahead is counted from `now`", "now")


def days_before(t: list[Token], at: int, before: str, _: list[Token]) -> Found | None:
    """`when: 30 days before renewal_on`, `wait until 1 day before renewal_on`."""
    word, name = t[at + 1], t[at + 2]
    if before not in ("COLON", "UNTIL") or word.text not in ("before", "after") or name.type != "NAME":
        return None
    end = at + 3
    while t[end].type == "DOT" and t[end + 1].type == "NAME":
        end += 2
    sign = "-" if word.text == "before" else "+"
    path = "".join(token.text for token in t[at + 2 : end])
    ours = f"{path} {sign} {t[at].text}"
    read = [*t[at + 2 : end], as_token(word, "MINUS" if sign == "-" else "PLUS", sign), t[at]]
    if before == "UNTIL":
        return end - at, read, written(t[at], t[end - 1], "how long before or after a date stands behind it", ours)
    said = written(t[at], t[end - 1], "a time before or after a date begins with `at`", f"at {ours}")
    return end - at, [as_token(t[at], "AT"), *read], said
