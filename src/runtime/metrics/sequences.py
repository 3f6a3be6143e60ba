"""The figures of one sequence and of all together: M1-M6, lead quality M11-M13, engagement M14-M15."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from dsl.program.codec import decode

from ..store.session import Session
from ..store.tables import ENDED
from .facts import ENGAGEMENT, RATES, counts
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
    """What a list of sequences compares (seed 001): M1-M5 alone, in a third of the time of all figures."""

    name: str
    enrolled: int
    opened: Figure
    clicked: Figure
    replied: Figure
    meetings: Figure


def sequence_rates(session: Session, filters: Filters | None = None) -> list[SequenceRates]:
    """One entry per sequence that the filters name, by name."""
    c = chosen(session, filters or Filters())
    facts = counts(session, c, RATES)
    return [_rates(name, facts.get(id_, {})) for id_, name, _, _ in c.definitions]


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
    """What `totals`, `sequence_metrics` and `monthly` tell, in hardly more time than one of them. Months are those of
    the account's zone (X13)."""
    filters = filters or Filters()
    c = chosen(session, filters)
    spans = months_of(session, c, zone)
    one = len(c.definitions) == 1  # which is the total too
    wanted = [count for count in Count if not (one and count is Count.ALL)]
    found, statuses = tallies(session, c, *wanted, spans=begins(spans)), _statuses(session, c)
    each = _each(session, filters, c, found, statuses)
    total = replace(each[0], name="", label="All", created_at=None) if one else None
    return Overview(total or _total(session, filters, c, found, statuses), each, months(spans, found))


def sequence_metrics(session: Session, filters: Filters | None = None) -> list[SequenceMetrics]:
    """One entry per sequence that the filters name, by name; also those without any enrollment. Three statements
    of figures, whatever the number of sequences and people."""
    filters = filters or Filters()
    c = chosen(session, filters)
    return _each(session, filters, c, tallies(session, c, Count.DEFINITION), _statuses(session, c))


def totals(session: Session, filters: Filters | None = None) -> SequenceMetrics:
    """All sequences as one. A contact in several of them is one contact here (M1): not the sum of the lines. M14 and
    M15 look at the dynamic ones alone, and have those enrolled in them as base."""
    filters = filters or Filters()
    c = chosen(session, filters)
    return _total(session, filters, c, tallies(session, c, Count.ALL), _statuses(session, c))


def _each(session: Session, filters: Filters, c: Chosen, found: Tallies, statuses: Statuses) -> list[SequenceMetrics]:
    dynamic = dynamic_definitions(session)
    of_dynamic = _of_dynamic(session, filters, c, dynamic)
    engaged = counts(session, of_dynamic, ENGAGEMENT) if of_dynamic else {}
    return [
        _metrics(
            name, label, at, {**found.of_definitions.get(id_, {}), **engaged.get(id_, {})}, statuses.get(id_, {}),
            id_ in dynamic,
        )
        for id_, name, label, at in c.definitions
    ]  # fmt: skip


def _total(session: Session, filters: Filters, c: Chosen, found: Tallies, statuses: Statuses) -> SequenceMetrics:
    standing: Counter[str] = Counter()
    for of_one in statuses.values():
        standing.update(of_one)
    total = _metrics("", "All", None, found.of_all, standing, False)
    of_dynamic = _of_dynamic(session, filters, c, dynamic_definitions(session))
    if of_dynamic is None:
        return total
    n = counts(session, of_dynamic, ("enrolled", *ENGAGEMENT), by_definition=False).get(0, {})
    return replace(total, engagement=_engagement(n))


def _of_dynamic(session: Session, filters: Filters, c: Chosen, dynamic: frozenset[int]) -> Chosen | None:
    """Those of the chosen definitions that are dynamic; None where none is."""
    names = tuple(name for id_, name, _, _ in c.definitions if id_ in dynamic)
    return chosen(session, replace(filters, sequences=names)) if names else None


def lead_quality(session: Session, filters: Filters | None = None) -> dict[str, LeadQuality]:
    """M11-M13 by the name of the sequence."""
    return {m.name: m.lead_quality for m in sequence_metrics(session, filters)}


def engagement(session: Session, filters: Filters | None = None) -> dict[str, Engagement]:
    """M14-M15 with their residue by the name of the sequence; dynamic ones alone have it."""
    return {m.name: m.engagement for m in sequence_metrics(session, filters) if m.engagement}


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
