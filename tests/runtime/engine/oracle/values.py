"""What a value or an aggregate is for one person (X29, X30)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dsl.program import conditions as c
from dsl.schema.model import Kind
from tests.runtime.engine.dates import Moment

from .clocks import Clocks
from .people import ACTS, Enrollment, Event, Person


class Values(Clocks):
    def value(self, v: c.Value, p: Person, e: Enrollment | None, deal: dict[str, Any] | None, t: Moment) -> Any:
        match v:
            case c.Aggregate():
                return self.aggregate(v, p, e, t)
            case c.ScoreValue(name):
                return self.worth(name, p, t)
            case c.CountOf(condition=inner):
                return sum(inner is None or self.holds(inner, p, t, e, row) for row in p.deals.values())
            case c.Const():
                return v.value.casefold() if v.type.kind is Kind.TEXT else v.value
            case c.EventValue(name):
                return (deal or {}).get(name)
            case c.Field(object="deal"):
                assert deal is not None
                return of_deal(deal, v.property)
            case c.Field(property="created_at"):
                return p.created
            case c.Field(property="last_purchase_at"):
                return max((x.at for x in p.events if x.kind == "purchased"), default=None)
            case c.Field():
                return p.props.get(v.property)
            case c.CreatedValue(name, _, property_):
                made = self.made.get((self.enrollments.index(e), name)) if e is not None else None
                return made[1].get(property_) if made is not None else None
            case c.TriggerValue():
                return e.trigger.fields.get(v.field) if e is not None and e.trigger is not None else None
        raise NotImplementedError(v)

    def happened(self, x: c.Happened, p: Person, t: Moment, e: Enrollment | None) -> bool:
        events = [v for v in p.events if self.matches(x.match, v, p, e)]
        if x.since_enrollment:
            events = [v for v in events if e is not None and v.at > e.enrolled_at]
        if x.within is not None:
            events = [v for v in events if self.date_test(v.at, "within", x.within, t)]
        if x.since is not None:
            since = self.aggregate(x.since, p, e, t)
            events = [v for v in events if since is not None and v.at > since]
        return len(events) >= x.match.at_least

    def aggregate(self, x: c.Aggregate, p: Person, e: Enrollment | None, t: Moment) -> Any:
        """One value out of the events, one after the other from the oldest on."""
        events = sorted((v for v in p.events if self.matches(x.match, v, p, e)), key=lambda v: v.at)
        if x.since_enrollment:
            events = [v for v in events if e is not None and v.at > e.enrolled_at]
        if x.within is not None:
            events = [v for v in events if self.date_test(v.at, "within", x.within, t)]
        return aggregated(x, events)

    def matches(self, m: c.EventMatch, v: Event, p: Person, e: Enrollment | None) -> bool:
        if not (m.event == v.kind or (m.event == "acted" and v.kind in ACTS)):
            return False
        if v.class_ != "human" and not m.machines:
            return False
        if m.filter is None:
            return True
        return self.holds(m.filter, p, v.at, e, v.fields)


def of_deal(deal: dict[str, Any], name: str) -> Any:
    if name == "won":
        return deal.get("stage") == "won"
    if name == "closed":
        return deal.get("stage") in ("won", "lost")
    return deal.get(name)


def aggregated(x: c.Aggregate, events: Sequence[Any]) -> Any:
    """One value out of events, the oldest first; each has `at` and `fields`."""
    if x.function == "count":
        return len(events)
    values = [v.at if x.field == "at" else v.fields.get(x.field) for v in events]
    if x.function in ("first", "last"):
        return (values[0] if x.function == "first" else values[-1]) if values else None
    known = [value for value in values if value is not None]
    if x.function == "sum":
        return sum(known)
    if not known:
        return None
    return {"min": min, "max": max, "avg": lambda all_: sum(all_) / len(all_)}[x.function](known)
