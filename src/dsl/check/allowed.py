"""What one test allows of one value: ranges, options, ages, counts, presence."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from ..program.conditions import (
    Aggregate,
    Ago,
    Between,
    Compare,
    Condition,
    Const,
    CountOf,
    DateTest,
    Duration,
    Happened,
    InPeriod,
    Matches,
    Missing,
    Not,
    OneOf,
    Quantified,
    TextTest,
    Value,
    WasEver,
)
from ..schema.model import Kind, Type
from ..values import dataclass, replace
from .ages import ages_of, ages_of_period, ages_since
from .intervals import ANYTHING, Ages, Point, Range, meet_ages

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_PAST = frozenset({"created_at", "last_activity_at", "last_contacted_at", "last_purchase_at"})
_HOLDS = {"contains": str.__contains__, "starts_with": str.startswith, "ends_with": str.endswith}


@dataclass(frozen=True, slots=True)
class Allowed:
    """The values of `key` that satisfy one or several parts of an `and`. `ages` are a date's distance to now, by
    how they are counted; `texts` what a text must hold; `present` and `absent` say what is demanded of a missing
    value (X29). INVARIANT: every value that satisfies the parts is allowed; some that do not may be, too."""

    key: Value
    range: Range = ANYTHING
    among: frozenset[Point] | None = None
    without: frozenset[Point] = frozenset()
    ages: Ages = ()
    texts: tuple[tuple[str, str], ...] = ()
    present: bool = True
    absent: bool = False

    def meet(self, other: Allowed) -> Allowed:
        """What both allow. INVARIANT: both speak of the same key."""
        among = other.among if self.among is None else self.among
        if self.among is not None and other.among is not None:
            among = self.among & other.among
        return Allowed(
            self.key,
            self.range.meet(other.range),
            among,
            self.without | other.without,
            meet_ages(self.ages, other.ages),
            self.texts + other.texts,
            self.present or other.present,
            self.absent or other.absent,
        )

    def is_empty(self) -> bool:
        """Whether no value at all is left, not even a missing one."""
        if self.absent:
            return self.present
        return self.present and (
            self.range.is_empty() or self._no_option_left() or any(span.is_empty() for _, span in self.ages)
        )

    def _no_option_left(self) -> bool:
        among = self.among
        if among is None and self.key.type.kind is Kind.CHOICE and self.key.type.options:
            among = frozenset(self.key.type.options)
        if among is None and self.key.type.kind is Kind.BOOL:
            among = frozenset({True, False})
        if among is None and self.without:
            among = self.range.points(whole=is_count(self.key))
        return among is not None and not any(self._holds(point) for point in among - self.without)

    def _holds(self, point: Point) -> bool:
        return self.range.holds(point) and all(isinstance(point, str) and _HOLDS[op](point, t) for op, t in self.texts)


def allowed(condition: Condition, *, missing: bool = True) -> tuple[Allowed, ...]:
    """What a test says of values, of several where it implies more; nothing where that cannot be said.

    `missing`: the value on its left may be missing; else what is allowed is always a present one."""
    found = tuple(_allowed(condition))
    if missing or all(one.absent or one.present for one in found):
        return found
    return tuple(one if one.absent else replace(one, present=True) for one in found)


def _allowed(condition: Condition) -> Iterator[Allowed]:
    match condition:
        case Compare(left) | OneOf(left) if left.type.kind is Kind.MULTI_CHOICE:
            return
        case Compare(left, op, right):
            yield from _compared(left, op, right)
        case OneOf(left, options, negated):
            yield _one_of(left, options, negated)
        case Between(left, Ago(far), Ago(near)):
            yield Allowed(left, ages=meet_ages(ages_since(">=", far), ages_since("<=", near)))
        case Between(left, Const() as low, Const() as high):
            yield from (Allowed(left, _range(left, ">=", low.value)), Allowed(left, _range(left, "<=", high.value)))
        case Missing(left, negated):
            yield Allowed(left) if negated else Allowed(left, present=False, absent=True)
        case DateTest(left, op, length):
            yield Allowed(left, ages=ages_of(op, length))
        case InPeriod(left, which, unit):
            yield Allowed(left, ages=ages_of_period(which, unit))
        case TextTest(left, op, Const(str(text))) if left.type.kind is Kind.TEXT:
            yield Allowed(left, texts=((op, _folded(text)),))
        case TextTest(left) | Matches(left):
            yield Allowed(left)
        case Happened():
            yield from _happened(condition)
        case Quantified():
            yield from _linked(condition)
        case Not(part):
            yield from _opposite(part)


def _opposite(part: Condition) -> Iterator[Allowed]:
    match part:
        case Missing(left, negated):
            yield from _allowed(Missing(left, not negated))
        case Compare(left, op, right):
            yield from _or_missing(_allowed(Compare(left, _OPPOSITE[op], right)))
        case OneOf(left, options, negated):
            yield from _or_missing(_allowed(OneOf(left, options, not negated)))
        case DateTest(left, "within" | "older_than" as op, length) if _is_past(left):
            turned = "older_than" if op == "within" else "within"
            yield Allowed(left, ages=ages_of(turned, length), present=False)
        case WasEver(left, options) if left.type.kind is not Kind.MULTI_CHOICE:
            # The present value is one of those that were (X34).
            yield replace(_one_of(left, options, negated=True), present=False)
        case Happened():
            yield from _happened(replace(part, negated=not part.negated))
        case Quantified("any"):
            yield _count_of(part, part.condition, "<", 1)
        case Quantified("no"):
            yield _count_of(part, part.condition, ">=", 1)
        case Quantified("count", op=op, number=number):
            yield _count_of(part, part.condition, _OPPOSITE[op], number)


def _or_missing(turned: Iterator[Allowed]) -> Iterator[Allowed]:
    """A comparison is also false where the value is missing."""
    return (replace(one, present=is_count(one.key)) for one in turned)


def _is_past(key: Value) -> bool:
    """Whether the value is never later than now (X2)."""
    if isinstance(key, Aggregate):
        return key.field == "at"
    return getattr(key, "property", "") in _PAST


# --- comparisons ------------------------------------------------------------------------------


def _compared(left: Value, op: str, right: Value) -> Iterator[Allowed]:
    if isinstance(right, Ago) and op != "!=":
        yield Allowed(left, ages=ages_since(op, right.length))
    elif not isinstance(right, Const) or isinstance(left, Const):
        return
    elif op == "!=":
        yield _one_of(left, (right,), negated=True)
    elif op == "=" and not _is_whole_day(left, right.value):
        yield _one_of(left, (right,), negated=False)
    else:
        yield Allowed(left, _range(left, op, right.value))


def _one_of(left: Value, options: tuple[Const, ...], negated: bool) -> Allowed:
    if any(_is_whole_day(left, option.value) for option in options):
        return Allowed(left)
    points = frozenset(_point(left, option.value) for option in options)
    return Allowed(left, without=points) if negated else Allowed(left, among=points)


def _range(left: Value, op: str, value: Point) -> Range:
    low, high = _start(left, value), _end(left, value)
    ranges = {
        "=": Range(low, high),
        "<": Range(high=low, high_open=True),
        "<=": Range(high=high),
        ">": Range(high, low_open=True),
        ">=": Range(low),
    }
    return ranges[op].whole() if is_count(left) else ranges[op]


def _point(left: Value, value: Point) -> Point:
    return _folded(value) if left.type.kind is Kind.TEXT and isinstance(value, str) else value


def _folded(text: str) -> str:
    """Texts are compared without regard to case and width (X31)."""
    return unicodedata.normalize("NFKC", text).casefold()


def _is_whole_day(left: Value, value: Point) -> bool:
    return left.type.kind is Kind.DATETIME and isinstance(value, str) and len(value) == len("2026-03-02")


def _start(left: Value, value: Point) -> Point:
    """A date against a date and time means the whole day (X14)."""
    return f"{value}T00:00" if _is_whole_day(left, value) else value


def _end(left: Value, value: Point) -> Point:
    return f"{value}T24:00" if _is_whole_day(left, value) else value


# --- counts -----------------------------------------------------------------------------------


def is_count(value: Value) -> bool:
    return isinstance(value, CountOf) or (isinstance(value, Aggregate) and value.function == "count")


def _happened(part: Happened) -> Iterator[Allowed]:
    """`has E` is a count of at least one, and says something of the last one, too."""
    if part.since is not None:
        return
    match, number = replace(part.match, at_least=1), Type(Kind.NUMBER)
    count = Aggregate("count", match, "", number, part.within, part.since_enrollment)
    yield Allowed(count, _range(count, "<" if part.negated else ">=", part.match.at_least))
    if part.negated and part.match.at_least == 1 and not part.since_enrollment:
        last = Aggregate("last", match, "at", Type(Kind.DATETIME))
        never = part.within is None
        yield Allowed(last, ages=_ages("older_than", part.within), present=False, absent=never)
    elif not part.negated:
        for held in dict.fromkeys((match, replace(match, filter=None))):
            yield Allowed(Aggregate("last", held, "at", Type(Kind.DATETIME)), ages=_ages("within", part.within))


def _ages(op: str, within: Duration | None) -> Ages:
    return ages_of(op, within) if within else ()


def _linked(part: Quantified) -> Iterator[Allowed]:
    """`any deal (..)` is a count of at least one; who has such a deal has a deal."""
    match part:
        case Quantified("no"):
            yield _count_of(part, part.condition, "<", 1)
        case Quantified("every") if part.condition is not None:
            yield _count_of(part, Not(part.condition), "<", 1)
            yield _count_of(part, part.condition, ">=", 1)
            yield _count_of(part, None, ">=", 1)
        case Quantified("any"):
            yield _count_of(part, part.condition, ">=", 1)
            yield _count_of(part, None, ">=", 1)
        case Quantified("count", op=op, number=number):
            yield _count_of(part, part.condition, op, number)
            if op in (">=", ">", "="):
                yield _count_of(part, None, ">" if op == ">" else ">=", number)


def _count_of(part: Quantified, condition: Condition | None, op: str, number: int) -> Allowed:
    count = CountOf(part.path, part.object, Type(Kind.NUMBER), condition)
    if op == "!=":
        return Allowed(count, Range(0), without=frozenset({number}))
    return Allowed(count, _range(count, op, number))
