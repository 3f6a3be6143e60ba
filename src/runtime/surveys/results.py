"""The figures of a survey: in all, month by month, or by segment; counted in SQL (P10, P11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dsl.program.conversations import Scale

from ..errors import InvalidInput
from ..project.loading import Loaded
from ..query.asked import answers
from ..store.session import Row, Session
from ..talks.opening import named
from ..times.zones import day_start, epoch_day, local_day, to_date
from .figures import Figures, figures

BY = ("month", "segment")
_MOST_MONTHS = 2_400


@dataclass(frozen=True, slots=True)
class Result:
    """`group`: a month as 2026-03, a segment, or empty: all. `invited`: those asked, in that month; `responded`: how
    many of them answered; `response_rate` 0 to 1, None where nobody was asked. Answers that came without an invitation
    are in the figures and not in the rate."""

    group: str
    invited: int
    responded: int
    response_rate: float | None
    figures: Figures


def results(session: Session, loaded: Loaded, name: str, by: str | None = None) -> list[Result]:
    """One for all, or one for each month or segment in which there is anything. Raises UnknownName, InvalidInput."""
    talk = named(loaded, "survey", name)
    assert talk.scale is not None
    if by not in (None, *BY):
        raise InvalidInput(f"figures are made by {' or by '.join(BY)}, not by `{by}`", "leave `--by` out for all")
    invitations = _INVITATIONS
    those = (
        "SELECT x.bucket, x.record_id AS contact_id, x.answered_at AS at, x.score FROM"
        f" ({answers(loaded.schema)}) x WHERE x.survey = :survey AND x.score IS NOT NULL"
    )
    values: dict[str, object] = {"survey": name}
    group, more = "''", ""
    if by == "segment":
        group, more = "g.name", _SEGMENTS
    elif by == "month":
        months = _months(session, those, invitations, loaded.zone, values)
        if months is None:
            return []
        group, more = "m.name", f" JOIN ({months}) m ON a.at >= m.since AND a.at < m.until"
    given = session.bound(f"SELECT {group}, a.score, count(*) FROM ({those}) a{more} GROUP BY 1, 2", values)
    asked = session.bound(
        f"SELECT {group}, count(DISTINCT a.mail), count(DISTINCT CASE WHEN a.talk_id IS NOT NULL THEN a.mail END)"
        f" FROM ({invitations}) a{more} GROUP BY 1",
        values,
    )
    return _gathered(talk.scale, given, asked, whole=by is None)


def _gathered(scale: Scale, given: Iterable[Row], asked: Iterable[Row], whole: bool) -> list[Result]:
    scores: dict[str, dict[float, int]] = {"": {}} if whole else {}
    invited = {str(group): (int(n), int(m)) for group, n, m in asked}
    for group, score, n in given:
        there = scores.setdefault(str(group), {})
        there[float(score)] = there.get(float(score), 0) + int(n)
    found = []
    for group in sorted(scores.keys() | invited):
        n, responded = invited.get(group, (0, 0))
        rate = responded / n if n else None
        found.append(Result(group, n, responded, rate, figures(scale, scores.get(group, {}))))
    return found


# One for each mail, however often it was composed; none whose mail never left. `mail` tells them apart.
_REFUSED = "o.key = i.key AND o.state = 'refused'"
_INVITATIONS = (
    "SELECT i.bucket, i.contact_id, i.at, i.talk_id, coalesce(i.key, CAST(i.id AS TEXT)) AS mail FROM"
    " segue_invitation i WHERE i.survey = :survey AND (i.key IS NULL OR i.talk_id IS NOT NULL OR NOT EXISTS (SELECT 1"
    f" FROM segue_outbox o WHERE o.bucket = i.bucket AND o.contact_id = i.contact_id AND {_REFUSED}) AND NOT EXISTS"
    " (SELECT 1 FROM segue_outbox o WHERE o.contact_id = i.contact_id AND o.contact_id % 256 <> o.bucket AND"
    f" {_REFUSED}))"
)
# Who is in a segment today: a figure of them, not of who was.
_SEGMENTS = (
    " JOIN segue_membership s ON s.bucket = a.bucket AND s.id = a.contact_id AND s.left_at IS NULL JOIN segue_segment g"
    " ON g.id = s.segment_id AND g.object = 'contact' AND g.kind IN ('segment', 'static') AND g.vanished_at IS NULL"
)


def _months(session: Session, given: str, invitations: str, zone: str, values: dict[str, object]) -> str | None:
    """SQL of the months of the account's zone from the first fact to the last: name, since, until. None without one."""
    first, last = session.bound(
        f"SELECT min(x.at), max(x.at) FROM (SELECT a.at FROM ({given}) a UNION ALL SELECT b.at FROM"
        f" ({invitations}) b) x",
        values,
    )[0]
    if first is None:
        return None
    day, end = to_date(local_day(first, zone)).replace(day=1), to_date(local_day(last, zone))
    rows: list[str] = []
    while day <= end and len(rows) < _MOST_MONTHS:
        after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        since, until = (day_start(epoch_day(d), zone) for d in (day, after))
        name = f"{day.year:04}-{day.month:02}"
        rows.append(f"('{name}', {since}, {until})")
        day = after
    return f"SELECT column1 AS name, column2 AS since, column3 AS until FROM (VALUES {', '.join(rows)}) v"
