"""The six segments of the benchmark and a library of a hundred, in Segue and as somebody would write them by hand.

By hand the best way for each form is taken by somebody who knows the store: what segue_activity keeps, its index on the
last one, the order of the tables' keys, and how common each thing is. A segment holds contacts alone, so the hand joins
them wherever it starts from something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.segment_store import NOW
from dsl.program.conditions import Duration, Unit
from runtime.times import edges


@dataclass(frozen=True)
class Segment:
    """`text`: its condition in Segue. `hand`: a SELECT of (bucket, id). `form`: what it is an example of."""

    name: str
    text: str
    hand: str
    form: str = ""


def cut(n: int, unit: str = "days") -> int:
    """The instant after which an event is within that long."""
    return edges.cut(NOW, Duration(n, Unit(unit)), "UTC")


ALL = "SELECT s.bucket, s.id FROM contact s"
_OF = "s.bucket = d.bucket AND s.id = d.id"
_DISTINCT = "GROUP BY v.bucket, v.record_id"


def _joined(few: str, held: str = "") -> str:
    return f"SELECT s.bucket, s.id FROM ({few}) d CROSS JOIN contact s WHERE {_OF}{f' AND {held}' if held else ''}"


def _kept(event: str, held: str) -> str:
    return f"SELECT a.bucket, a.id FROM segue_activity a WHERE a.event = '{event}' AND {held}"


def _events(kind: str, held: str = "TRUE", having: str = "") -> str:
    more = f" HAVING {having}" if having else ""
    return f"SELECT v.bucket, v.record_id AS id FROM event_{kind} v WHERE {held} {_DISTINCT}{more}"


def _lately_sorted(kind: str, days: int, held: str = "TRUE", having: str = "") -> str:
    """A short window by the index on the instant, a longer one with the whole table."""
    if days > 14:
        return _events(kind, f"+v.at > {cut(days)} AND {held}", having)
    few = _events(kind, f"v.at > {cut(days)} AND {held}", having)
    return few.replace(_DISTINCT, "GROUP BY +v.bucket, +v.record_id")


def _did(event: str, held: str = "TRUE") -> str:
    return (
        "EXISTS (SELECT 1 FROM segue_activity b WHERE b.event = "
        f"'{event}' AND b.bucket = s.bucket AND b.id = s.id AND {held})"
    )


def _had(kind: str, held: str) -> str:
    return f"EXISTS (SELECT 1 FROM event_{kind} w WHERE w.bucket = s.bucket AND w.record_id = s.id AND {held})"


SIX = (
    Segment("q1", 'country = "DE" and lifecycle_stage = lead',
            f"{ALL} WHERE s.country__n = 'de' AND s.lifecycle_stage = 'lead'", "property"),
    Segment("q2", "has clicked_email at least 2 times within 30 days",
            _joined(_events("clicked_email", f"+v.at > {cut(30)} AND v.class = 'human'", "count(*) >= 2")), "often"),
    Segment("q3", "has not acted within 60 days",
            f"{ALL} EXCEPT {_kept('acted', f'+a.last_at > {cut(60)}')} ORDER BY 1, 2", "absence"),
    Segment("q4", 'has downloaded(asset = "guide-7") and has viewed_page(path = "/prices/3") and has never purchased',
            _joined(_events("downloaded", "v.asset__n = 'guide-7'"),
                    f"NOT {_did('purchased')} AND " + _had("viewed_page", "w.path__n = '/prices/3'")), "not that"),
    Segment("q5", "has bounced(kind = soft) at least 4 times or has bounced(kind = hard)",
            _joined(_events("bounced", having="count(CASE WHEN v.kind = 'soft' THEN 1 END) >= 4"
                            " OR count(CASE WHEN v.kind = 'hard' THEN 1 END) > 0")), "counts"),
    Segment("q6", "last_purchase_at between 6 months ago and 5 months ago and nps >= 9",
            _joined(_kept("purchased", f"a.last_at > {edges.cut_before(NOW, Duration(6, Unit.MONTHS), 'UTC')}"
                          f" AND a.last_at <= {cut(5, 'months')}"), "s.nps >= 9"), "last"),
)  # fmt: skip

_Pattern = Callable[[int], tuple[str, str]]


def library() -> tuple[Segment, ...]:
    """A hundred: twenty forms, each with five values."""
    made = []
    for name, pattern in _PATTERNS.items():
        for i in range(5):
            text, hand = pattern(i)
            made.append(Segment(f"{name}_{i}", text, hand, name))
    return tuple(made)


_COUNTRY = ("DE", "FR", "US", "JP", "PL")
_STAGE = ("lead", "mql", "sql", "customer", "evangelist")
_SHORT = (3, 7, 14, 21, 30)
_LONG = (60, 90, 120, 180, 365)
_KIND = ("viewed_page", "downloaded", "purchased", "submitted_form", "replied")
_PATH = ("/prices/1", "/docs/4", "/blog/9", "/shop/0", "/prices/7")
_INDUSTRY = ("software", "retail", "steel", "health", "banking")


def _place(i: int) -> tuple[str, str]:
    return f'country = "{_COUNTRY[i]}"', f"{ALL} WHERE s.country__n = '{_COUNTRY[i].lower()}'"


def _stages(i: int) -> tuple[str, str]:
    return (
        f"lifecycle_stage in [{_STAGE[i]}, other] and nps >= {i + 4}",
        f"{ALL} WHERE s.lifecycle_stage IN ('{_STAGE[i]}', 'other') AND s.nps >= {i + 4}",
    )


def _young(i: int) -> tuple[str, str]:
    return f"created_at within {_LONG[i]} days", f"{ALL} WHERE s.created_at > {cut(_LONG[i])} AND s.created_at <= {NOW}"


def _renewal(i: int) -> tuple[str, str]:
    days = f"s.renewal_on >= '2026-03-02' AND s.renewal_on < date('2026-03-02', '+{_SHORT[i]} days')"
    return f"renewal_on within next {_SHORT[i]} days and plan != free", f"{ALL} WHERE {days} AND s.plan <> 'free'"


def _lately(i: int) -> tuple[str, str]:
    return f"has {_KIND[i]} within {_SHORT[i]} days", _joined(_kept(_KIND[i], f"a.last_at > {cut(_SHORT[i])}"))


def _absent(i: int) -> tuple[str, str]:
    lately = _kept(_KIND[i], f"+a.last_at > {cut(_LONG[i])}")
    return f"has not {_KIND[i]} within {_LONG[i]} days", f"{ALL} EXCEPT {lately} ORDER BY 1, 2"


def _never(i: int) -> tuple[str, str]:
    return f"has never {_KIND[i]}", f"{ALL} EXCEPT {_kept(_KIND[i], 'TRUE')} ORDER BY 1, 2"


def _times(i: int) -> tuple[str, str]:
    sets = _kept(_KIND[i], f"a.count >= {i + 2}")
    return f"has {_KIND[i]} at least {i + 2} times", f"{ALL} INTERSECT {sets} ORDER BY 1, 2" if i == 0 else _joined(
        sets
    )


def _often(i: int) -> tuple[str, str]:
    events = _lately_sorted("viewed_page", _SHORT[i], having=f"count(*) >= {i + 2}")
    return f"has viewed_page at least {i + 2} times within {_SHORT[i]} days", _joined(events)


def _filtered(i: int) -> tuple[str, str]:
    events = _lately_sorted("viewed_page", _SHORT[i], f"v.path__n = '{_PATH[i]}'")
    return f'has viewed_page(path = "{_PATH[i]}") within {_SHORT[i]} days', _joined(events)


def _ever(i: int) -> tuple[str, str]:
    return f'has downloaded(asset = "guide-{i}")', _joined(_events("downloaded", f"v.asset__n = 'guide-{i}'"))


def _unbought(i: int) -> tuple[str, str]:
    return (
        f'has downloaded(asset = "guide-{i + 5}") and has never purchased',
        _joined(_events("downloaded", f"v.asset__n = 'guide-{i + 5}'"), f"NOT {_did('purchased')}"),
    )


def _dormant(i: int) -> tuple[str, str]:
    stage = f"s.lifecycle_stage = '{_STAGE[i]}'"
    return (
        f"lifecycle_stage = {_STAGE[i]} and last_activity_at older than {_LONG[i]} days",
        f"{ALL} WHERE {stage} AND {_did('acted', f'b.last_at <= {cut(_LONG[i])}')}",
    )


def _spent(i: int) -> tuple[str, str]:
    amount = (i + 2) * 200
    return f"sum(purchased.amount) > {amount} USD", _joined(
        _events("purchased", having=f"sum(v.amount) > {amount * 100}")
    )


def _yearly(i: int) -> tuple[str, str]:
    events = _events("purchased", f"+v.at > {cut(1, 'years')}", f"count(*) >= {i + 1}")
    return f"count(purchased within 1 year) >= {i + 1}", _joined(events)


def _dear(i: int) -> tuple[str, str]:
    amount = (i + 1) * 6_000
    last = (
        "(SELECT v.amount FROM event_purchased v WHERE v.bucket = a.bucket AND v.record_id = a.id"
        " ORDER BY v.at DESC, v.id DESC LIMIT 1)"
    )
    ordered = _kept("purchased", f"{last} > {amount}")
    return f"last(purchased).amount > {amount // 100} USD", f"{ALL} INTERSECT {ordered} ORDER BY 1, 2"


def _cold(i: int) -> tuple[str, str]:
    return (
        f"has received_email within {_SHORT[i]} days and has not opened_email within {_LONG[i]} days",
        _joined(_kept("received_email", f"a.last_at > {cut(_SHORT[i])}"),
                f"NOT {_did('opened_email', f'b.last_at > {cut(_LONG[i])}')}"),
    )  # fmt: skip


def _warm(i: int) -> tuple[str, str]:
    return (
        f'country = "{_COUNTRY[i]}" and has clicked_email within {_SHORT[i]} days',
        _joined(_kept("clicked_email", f"a.last_at > {cut(_SHORT[i])}"), f"s.country__n = '{_COUNTRY[i].lower()}'"),
    )


def _either(i: int) -> tuple[str, str]:
    return (
        f"has submitted_form within {_SHORT[i]} days or has replied within {_SHORT[i]} days",
        _joined(f"{_kept('submitted_form', f'a.last_at > {cut(_SHORT[i])}')} UNION"
                f" {_kept('replied', f'a.last_at > {cut(_SHORT[i])}')}"),
    )  # fmt: skip


def _industry(i: int) -> tuple[str, str]:
    company = (
        "EXISTS (SELECT 1 FROM link_contact_company l CROSS JOIN company o WHERE l.bucket = s.bucket AND l.id = s.id"
        f" AND o.bucket = l.to_bucket AND o.id = l.to_id AND o.industry__n = '{_INDUSTRY[i]}')"
    )
    return (
        f'company.industry = "{_INDUSTRY[i]}" and has viewed_page within {_SHORT[i]} days',
        _joined(_kept("viewed_page", f"a.last_at > {cut(_SHORT[i])}"), company),
    )


_PATTERNS: dict[str, _Pattern] = {
    "place": _place, "stages": _stages, "young": _young, "renewal": _renewal, "lately": _lately, "absent": _absent,
    "never": _never, "times": _times, "often": _often, "filtered": _filtered, "ever": _ever, "unbought": _unbought,
    "dormant": _dormant, "spent": _spent, "yearly": _yearly, "dear": _dear, "cold": _cold, "warm": _warm,
    "either": _either, "industry": _industry,
}  # fmt: skip


def by_hand(segment: Segment, dialect: str) -> str:
    """On PostgreSQL without the marks that keep SQLite from an index: its planner goes by its own figures."""
    if dialect == "sqlite":
        return segment.hand
    sql = re.sub(r"\+([abv]\.)", r"\1", segment.hand)
    return re.sub(r"date\('([-\d]+)', '\+(\d+) days'\)", r"DATE '\1' + \2", sql)


def rules(segments: tuple[Segment, ...]) -> str:
    """As a rule file."""
    return "\n".join(_rules(segments))


def _rules(segments: tuple[Segment, ...]) -> Iterator[str]:
    for s in segments:
        yield f"segment {s.name} of contact {{ {s.text} }}"
