"""The figures of one sequence and of all together: M1-M6, lead quality M11-M13, engagement M14-M15."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from dsl.program.codec import decode

from ..store.session import Session
from ..store.tables import ENDED
from .figures import Figure, figure
from .filters import Chosen, Filters, chosen
from .monthly import Month, begins, months, months_of
from .profiles import Count, Counts, Tallies, tallies

Statuses = Mapping[int, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class LeadQuality:
    """`reached` is who neither bounced nor unsubscribed: 1 - |B union U| / |C|, not 1 - b - u (M13)."""

    bounced: Figure
    unsubscribed: Figure
    reached: Figure


@dataclass(frozen=True, slots=True)
class Engagement:
    """Of a dynamic sequence. `engaged` + `none` + `residue` are all contacts: the residue opened, clicked or replied
    (D7) but nothing rep-led has begun for them (M14, M15)."""

    engaged: Figure
    none: Figure
    residue: Figure


@dataclass(frozen=True, slots=True)
class SequenceMetrics:
    """`enrolled` counts contacts (M1), `enrollments` every time one of them was enrolled; `statuses` counts
    enrollments as they stand now (S43). `name` is "" for the totals across sequences."""

    name: str
    label: str
    created_at: int | None
    enrollments: int
    enrolled: int
    opened: Figure
    opened_unknown: Figure
    opened_by_machine: Figure
    clicked: Figure
    clicked_unknown: Figure
    clicked_by_machine: Figure
    replied: Figure
    meetings: Figure
    no_reply: Figure
    lead_quality: LeadQuality
    engagement: Engagement | None
    statuses: Mapping[str, int]

    @property
    def ended(self) -> int:
        return sum(n for status, n in self.statuses.items() if status in ENDED)

    @property
    def active(self) -> int:
        """Everything that has not ended: pending, waiting and paused too."""
        return sum(n for status, n in self.statuses.items() if status not in ENDED)


@dataclass(frozen=True, slots=True)
class SequenceRates:
    """What a list of sequences compares (seed 001): M1-M5."""

    name: str
    enrolled: int
    opened: Figure
    clicked: Figure
    replied: Figure
    meetings: Figure


def sequence_rates(session: Session, filters: Filters | None = None) -> list[SequenceRates]:
    """One entry per sequence that the filters name, by name."""
    c = chosen(session, filters or Filters())
    found = tallies(session, c, Count.DEFINITION).of_definitions
    return [_rates(name, found.get(id_, {})) for id_, name, _, _ in c.definitions]


def _rates(name: str, n: Counts) -> SequenceRates:
    base = n.get("enrolled", 0)
    of = partial(_figure, n, base)
    return SequenceRates(name, base, of("opened"), of("clicked"), of("replied"), of("meetings"))


@dataclass(frozen=True, slots=True)
class Overview:
    """What one look at all enrollments tells: all sequences as one, each by itself, and cohorts by month (M18)."""

    total: SequenceMetrics
    sequences: list[SequenceMetrics]
    months: list[Month]


def overview(session: Session, filters: Filters | None = None, zone: str = "UTC") -> Overview:
    """In hardly more time than `sequence_metrics` alone. A contact in several sequences is one contact in the total
    (M1): it is not the sum of the lines. M14 and M15 look at the dynamic ones alone there, and have those enrolled in
    them as base. Months are those of the account's zone (X13), oldest first, those without enrollments left out."""
    filters = filters or Filters()
    c = chosen(session, filters)
    spans = months_of(session, c, zone)
    one = len(c.definitions) == 1  # which is the total too
    wanted = (Count.DEFINITION, Count.SPAN) if one else tuple(Count)
    dynamic = dynamic_definitions(session)
    found, statuses = tallies(session, c, *wanted, spans=begins(spans), dynamic=dynamic), _statuses(session, c)
    each = _each(c, found, statuses, dynamic)
    total = replace(each[0], name="", label="All", created_at=None) if one else None
    return Overview(total or _total(c, found, statuses, dynamic), each, months(spans, found))


def sequence_metrics(session: Session, filters: Filters | None = None) -> list[SequenceMetrics]:
    """One entry per sequence that the filters name, by name; also those without any enrollment. Two statements of
    figures, whatever the number of sequences and people."""
    c = chosen(session, filters or Filters())
    dynamic = dynamic_definitions(session)
    return _each(c, tallies(session, c, Count.DEFINITION, dynamic=dynamic), _statuses(session, c), dynamic)


def _each(c: Chosen, found: Tallies, statuses: Statuses, dynamic: frozenset[int]) -> list[SequenceMetrics]:
    return [
        _metrics(name, label, at, found.of_definitions.get(id_, {}), statuses.get(id_, {}), id_ in dynamic)
        for id_, name, label, at in c.definitions
    ]


def _total(c: Chosen, found: Tallies, statuses: Statuses, dynamic: frozenset[int]) -> SequenceMetrics:
    standing: Counter[str] = Counter()
    for of_one in statuses.values():
        standing.update(of_one)
    total = _metrics("", "All", None, found.of_all, standing, False)
    some = any(id_ in dynamic for id_, *_ in c.definitions)
    return replace(total, engagement=_engagement(found.of_dynamic)) if some else total


def dynamic_definitions(session: Session) -> frozenset[int]:
    """Definitions of which some version has a rep-led part (D1)."""
    rows = session.run("SELECT definition_id, program FROM segue_version")
    return frozenset(id_ for id_, program in rows if decode(program).graph.rep_led is not None)


def _statuses(session: Session, c: Chosen) -> Statuses:
    found: dict[int, dict[str, int]] = {}
    sql = (
        f"SELECT e.definition_id, e.status, count(*) FROM segue_enrollment e WHERE {c.in_index} "
        "GROUP BY e.definition_id, e.status ORDER BY e.definition_id, e.status"
    )
    for id_, status, n in session.bound(sql, c.values):
        found.setdefault(id_, {})[status] = n
    return found


def _metrics(
    name: str, label: str, created_at: int | None, n: Counts, statuses: Counts, dynamic: bool
) -> SequenceMetrics:
    base = n.get("enrolled", 0)
    of = partial(_figure, n, base)
    reached = figure("reached", base - n.get("lost", 0), base)
    return SequenceMetrics(
        name=name,
        label=label,
        created_at=created_at,
        enrollments=sum(statuses.values()),
        enrolled=base,
        opened=of("opened"),
        opened_unknown=of("opened_unknown"),
        opened_by_machine=of("opened_by_machine"),
        clicked=of("clicked"),
        clicked_unknown=of("clicked_unknown"),
        clicked_by_machine=of("clicked_by_machine"),
        replied=of("replied"),
        meetings=of("meetings"),
        no_reply=of("no_reply"),
        lead_quality=LeadQuality(of("bounced"), of("unsubscribed"), reached),
        engagement=_engagement(n) if dynamic else None,
        statuses=dict(statuses),
    )


def _figure(n: Counts, base: int, name: str) -> Figure:
    return figure(name, n.get("met" if name == "meetings" else name, 0), base)


def _engagement(n: Counts) -> Engagement:
    base, engaged, rep_led = (n.get(fact, 0) for fact in ("enrolled", "engaged", "rep_led"))
    return Engagement(
        figure("engaged", rep_led, base),
        figure("no_engagement", base - engaged, base),
        figure("residue", engaged - rep_led, base),
    )
