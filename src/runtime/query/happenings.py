"""Events to SQL: whether, how often and with what value they happened (G3, X8, X30)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dsl.program.conditions import Aggregate, Condition, Duration, EventMatch, Happened
from dsl.schema.model import Kind

from ..store.names import event_table, folded_column, quoted
from ..store.sums import whole_sum
from ..times import edges
from .values import Values

Inner = Callable[[Condition, str, str, str | None], str]
CREATED = "created"  # a record's own beginning: an event without a table, which happens once
_PLACES = 9  # sums and averages of fractions are the same on both databases up to here


@dataclass(frozen=True)
class Happenings:
    """`inner` writes the condition of a filter: (condition, object, subject, event)."""

    values: Values
    inner: Inner

    def filter(self, m: EventMatch, kind: str, of: str, subject: str, event: str) -> str:
        """What the row `event` of a kind's table must satisfy to be the event meant: class and filter."""
        parts = []
        if self.values.scope.schema.events[kind].classed and not m.machines:
            parts.append(f"{event}.class = 'human'")
        if m.filter is not None:
            parts.append(self.inner(m.filter, of, subject, event))
        return " AND ".join(parts) or "TRUE"

    def happened(self, c: Happened, of: str, subject: str) -> str:
        """Prune to the window, apply the filter, then count (G3)."""
        after = self.after(c.within, c.since_enrollment)
        if c.since is not None:  # without that event nothing is after it
            after = self.aggregate(c.since, subject, fold=False)
        if c.match.event == CREATED:
            began = f"({subject}.created_at > {after})" if after else "TRUE"
            held = f"({began} AND {self.filter(c.match, CREATED, of, subject, '')})"
            return held if c.match.at_least == 1 else "(FALSE)"
        if unfiltered(c.match) and (c.match.at_least == 1 or not after):
            return self._from_activity(c, after, subject)
        found = self._rows(c.match, after, of, subject)
        if c.match.at_least == 1:
            return "(" + " OR ".join(f"EXISTS (SELECT 1 {rows})" for _, rows in found) + ")"
        return f"({_total(found)} >= {self.values.params.const(c.match.at_least)})"

    def after(self, within: Duration | None, since_enrollment: bool) -> str:
        """SQL of the instant the events must be strictly after, empty for all time."""
        if since_enrollment:
            return f"{self.values.enrollment}.enrolled_at"
        if within is None:
            return ""
        zone = self.values.scope.zone
        return self.values.params.moment(lambda t: edges.cut(t, within, zone))

    def _activity(self, match: EventMatch, subject: str) -> str:
        """What is kept per record and kind of (human) event; there `acted` is a kind of its own."""
        kind = self.values.params.const(match.event)
        return f"FROM segue_activity a WHERE a.event = {kind} AND a.bucket = {subject}.bucket AND a.id = {subject}.id"

    def _from_activity(self, c: Happened, after: str, subject: str) -> str:
        rows = self._activity(c.match, subject)
        if c.match.at_least > 1:
            return f"((SELECT coalesce(sum(a.count), 0) {rows}) >= {self.values.params.const(c.match.at_least)})"
        return f"EXISTS (SELECT 1 {rows}{f' AND a.last_at > {after}' if after else ''})"

    def _rows(self, match: EventMatch, after: str, of: str, subject: str) -> list[tuple[str, str]]:
        """Alias, FROM and WHERE of the events, for each kind behind the name."""
        found = []
        for kind in self.values.scope.kinds(match.event):
            ev = self.values.alias("v")
            window = f" AND {ev}.at > {after}" if after else ""
            rows = (
                f"FROM {quoted(event_table(kind))} {ev} WHERE {ev}.bucket = {subject}.bucket"
                f" AND {ev}.record_id = {subject}.id{window} AND {self.filter(match, kind, of, subject, ev)}"
            )
            found.append((ev, rows))
        return found

    # --- one value out of many events ---------------------------------------------------------

    def aggregate(self, v: Aggregate, subject: str, fold: bool) -> str:
        """NULL where no event matches, but count and sum are 0 there."""
        of = self.values.objects[subject]
        after = self.after(v.within, v.since_enrollment)
        if v.match.event == CREATED:
            return self._beginning(v, after, of, subject)
        if unfiltered(v.match) and (kept := _kept(v, after)):
            window = f" AND a.last_at > {after}" if after else ""
            return f"(SELECT {kept} {self._activity(v.match, subject)}{window})"
        found = self._rows(v.match, after, of, subject)
        if v.function == "count":
            return f"({_total(found)})"
        column = quoted(folded_column(v.field) if fold else v.field)
        if v.field != "at" and v.function in ("first", "last"):
            ((ev, rows),) = found  # of `acted` only the instant can be asked
            way = "DESC" if v.function == "last" else "ASC"
            return f"(SELECT {ev}.{column} {rows} ORDER BY {ev}.at {way}, {ev}.id {way} LIMIT 1)"
        union = " UNION ALL ".join(f"SELECT {ev}.{column} AS x {rows}" for ev, rows in found)
        total = worked_out(v, "q.x")
        return f"(SELECT {f'coalesce({total}, 0)' if v.function == 'sum' else total} FROM ({union}) q)"

    def _beginning(self, v: Aggregate, after: str, of: str, subject: str) -> str:
        held = self.filter(v.match, CREATED, of, subject, "")
        began = f"({subject}.created_at > {after} AND {held})" if after else f"({held})"
        if v.function == "count":
            return f"(CASE WHEN {began} THEN 1 ELSE 0 END)"
        return f"(CASE WHEN {began} THEN {subject}.created_at END)"


def unfiltered(match: EventMatch) -> bool:
    """Whether it is every event of its kind by a human: what segue_activity keeps."""
    return match.filter is None and not match.machines


def _kept(v: Aggregate, after: str) -> str:
    """How the value follows from what is kept per record and kind of event; "" where it does not."""
    if v.field == "at" and v.function in ("last", "max"):
        return "max(a.last_at)"
    if not after and v.function == "count":
        return "coalesce(sum(a.count), 0)"
    if not after and v.field == "at":
        return "min(a.first_at)" if v.function in ("first", "min") else ""
    return ""


def _total(found: list[tuple[str, str]]) -> str:
    return " + ".join(f"(SELECT count(*) {rows})" for _, rows in found)


def worked_out(v: Aggregate, x: str) -> str:
    """What is made of the values `x` of many rows; NULL of none."""
    match v.function:
        case "sum":
            return whole_sum(x) if v.type.kind in (Kind.MONEY, Kind.DURATION) else f"round(sum({x}), {_PLACES})"
        case "avg":
            return f"round(avg({x}), {_PLACES})"
        case "last" | "max":
            return f"max({x})"
    return f"min({x})"
