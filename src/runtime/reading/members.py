"""One segment: who is in it, a page at a time, and how many joined and left it day by day."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.schema.model import Schema

from ..store import meta
from ..store.names import quoted
from ..store.session import Session
from ..times import zones
from .paging import Key
from .records import RecordKey, name_sql

_QUARTER = 15 * zones.MINUTE  # every zone's days begin at one
DAYS = 30


@dataclass(frozen=True, slots=True)
class InSegment:
    """One who is in it now, `since` then (µs)."""

    key: RecordKey
    external_id: str
    name: str
    since: int


@dataclass(frozen=True, slots=True)
class SegmentDay:
    """A day (since 1970) of the zone; `members` at its end, or now."""

    day: int
    joined: int
    left: int
    members: int


def number_of(session: Session, segment: str) -> int | None:
    """The store's number of a segment; of two of a name the one that the rules have."""
    found = session.one(
        "SELECT id FROM segue_segment WHERE name = :name AND kind IN ('segment', 'static')"
        " ORDER BY CASE WHEN vanished_at IS NULL THEN 0 ELSE 1 END, id LIMIT 1",
        name=segment,
    )
    return None if found is None else int(found)


def count_members(session: Session, number: int) -> int:
    return int(session.one(f"SELECT count(*) FROM {_INSIDE}", segment=number))


def page_of_members(
    session: Session,
    schema: Schema,
    number: int,
    of: str,
    limit: int = 50,
    offset: int = 0,
    after: Key | None = None,
    back: bool = False,
) -> list[InSegment]:
    """`limit` members of the segment of that number beyond the one of that key, in the order of their ids."""
    way = " DESC" if back else ""
    beyond = f" AND (m.bucket, m.id) {'<' if back else '>'} (:after0, :after1)" if after is not None else ""
    values: dict[str, object] = {"segment": number, "limit": limit, "offset": offset}
    values |= {f"after{i}": value for i, value in enumerate(after or ())}
    order = f"m.bucket{way}, m.id{way}"
    sql = (
        f"SELECT t.bucket, t.contact_id, coalesce(p.external_id, ''), {name_sql(schema, of)}, t.joined_at FROM"
        f" (SELECT m.bucket, m.id AS contact_id, m.joined_at FROM {_INSIDE}{beyond} ORDER BY {order}"
        f" LIMIT :limit OFFSET :offset) t LEFT JOIN {quoted(of)} p ON p.bucket = t.bucket AND p.id = t.contact_id"
        f" ORDER BY t.bucket{way}, t.contact_id{way}"
    )
    return [InSegment(RecordKey(b, i), *rest) for b, i, *rest in session.bound(sql, values)]


def days_of_segment(session: Session, number: int, zone: str, days: int = DAYS) -> list[SegmentDay]:
    """The last days by the store's clock, the oldest first. Counted in quarters of an hour, which are then put
    together to days of the zone."""
    clock = meta.clock(session)
    if clock is None:
        return []
    today = zones.local_day(clock, zone)
    first = today - days + 1
    joined, left = dict.fromkeys(range(first, today + 1), 0), dict.fromkeys(range(first, today + 1), 0)
    rows = session.run(_MOVES, segment=number, since=zones.day_start(first, zone), clock=clock, quarter=_QUARTER)
    for slot, came, went in rows:
        day = zones.local_day(slot * _QUARTER, zone)
        joined[day] += int(came)
        left[day] += int(went)
    members, found = count_members(session, number), []
    for day in range(today, first - 1, -1):
        found.append(SegmentDay(day, joined[day], left[day], members))
        members -= joined[day] - left[day]
    return found[::-1]


_INSIDE = "segue_membership m WHERE m.segment_id = :segment AND m.left_at IS NULL"
_MOVES = (
    "SELECT v.slot, sum(v.came), sum(v.went) FROM ("
    "SELECT m.joined_at / :quarter AS slot, 1 AS came, 0 AS went FROM segue_membership m"
    " WHERE m.segment_id = :segment AND m.joined_at >= :since AND m.joined_at <= :clock UNION ALL "
    "SELECT m.left_at / :quarter, 0, 1 FROM segue_membership m"
    " WHERE m.segment_id = :segment AND m.left_at >= :since AND m.left_at <= :clock) v GROUP BY v.slot"
)
