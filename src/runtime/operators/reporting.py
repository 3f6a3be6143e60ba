"""The figures somebody asks for in words, gathered (M1-M23)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dsl.diagnostics.suggest import did_you_mean

from .. import metrics
from ..access.roles import at_the_machine
from ..errors import UnknownName
from ..metrics import Conversion, DealFigures, Filters, FunnelStep, Month, SequenceMetrics, TemplatePerformance
from ..project.loading import Settings
from ..store.session import Session
from . import arguments
from .listing import STATUSES


@dataclass(frozen=True, slots=True)
class Asked:
    """As written; days are the account's, `until` is included to its end. `me` among `by` is who asks. `sequence` is
    one to show in full, `sequences` are those to look at across them."""

    sequence: str | None = None
    companies: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    statuses: tuple[str, ...] = ()
    sequences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """`total` counts a contact of several sequences once. Steps, letters and months are there for one sequence, goals
    of workflows where none was asked for. `deals` are by the name of the sequence, "" for all together."""

    sequences: tuple[SequenceMetrics, ...]
    total: SequenceMetrics
    funnel: tuple[FunnelStep, ...] = ()
    templates: tuple[TemplatePerformance, ...] = ()
    months: tuple[Month, ...] = ()
    deals: Mapping[str, DealFigures] = field(default_factory=dict)
    workflows: tuple[Conversion, ...] = ()


def make_report(session: Session, settings: Settings, asked: Asked) -> Report:
    """Raises UnknownName, InvalidInput."""
    filters = filters_of(session, settings.project.users, settings.zone, asked)
    look = metrics.overview(session, filters, settings.zone)
    of_deals = metrics.deal_overview(session, settings.schema, filters)
    deals = {**of_deals.sequences, "": of_deals.total} if of_deals else {}
    if asked.sequence is None:
        workflows = metrics.conversions(session, settings.schema, replace(filters, sequences=()))
        return Report(tuple(look.sequences), look.total, deals=deals, workflows=tuple(workflows))
    return Report(
        tuple(look.sequences),
        look.total,
        tuple(metrics.step_funnel(session, asked.sequence, filters)),
        tuple(metrics.template_performance(session, filters)),
        tuple(look.months),
        deals,
    )


def filters_of(session: Session, users: Iterable[str], zone: str, asked: Asked) -> Filters:
    """What was written, looked up. `users` are those of segue.yaml. Raises UnknownName, InvalidInput."""
    return Filters(
        sequences=tuple(_sequence(session, name) for name in ([asked.sequence] if asked.sequence else asked.sequences)),
        companies=tuple(arguments.company(session, company) for company in asked.companies),
        enrolled_by=tuple(_user(session, users, name) for name in asked.by),
        since=arguments.instant(asked.since, zone) if asked.since is not None else None,
        until=arguments.end_of(asked.until, zone) if asked.until is not None else None,
        statuses=tuple(arguments.known("status", status, STATUSES) for status in asked.statuses),
    )


def _user(session: Session, users: Iterable[str], name: str) -> str:
    """`me` is whoever sits at the machine."""
    return arguments.user(session, users, at_the_machine() if name == "me" else name)


def _sequence(session: Session, name: str) -> str:
    names = [row[0] for row in session.run("SELECT name FROM segue_definition WHERE kind = 'sequence' ORDER BY name")]
    if name not in names:
        hint = did_you_mean(name, names) or "`segue run` brings those of the rules"
        raise UnknownName(f"the store knows no sequence `{name}`", hint)
    return name
