"""One condition to one SQL predicate over a record, in two-valued logic (X29)."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.conditions import (
    All,
    AnyOf,
    Between,
    Compare,
    Condition,
    Consent,
    Const,
    DateTest,
    EventMatch,
    Happened,
    InDefinition,
    InSegment,
    Missing,
    Not,
    OneOf,
    Outcome,
    Quantified,
    TaskDone,
    TextTest,
    Value,
)
from dsl.schema.model import Kind

from ..store.names import event_table, quoted
from ..times import edges, zones
from .scope import Params, Scope
from .values import Values

_MIRROR = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Predicate:
    """SQL that is true, false or NULL (which means false) for the record under the alias it was compiled for."""

    sql: str
    params: Params

    def at(self, t: int) -> dict[str, object]:
        """The parameters at instant `t`."""
        return self.params.at(t)


def predicate(
    scope: Scope,
    condition: Condition,
    object_name: str,
    subject: str = "s",
    enrollment: str | None = None,
    params: Params | None = None,
) -> Predicate:
    """Compile `condition` about the record under alias `subject`. `enrollment` is the alias of the enrollment where
    `since enrollment` or `trigger.` may be read."""
    params = params or Params()
    return Predicate(_Writer(scope, params, enrollment).condition(condition, object_name, subject), params)


def match_sql(
    scope: Scope,
    match: EventMatch,
    object_name: str,
    subject: str,
    event: str,
    params: Params,
    enrollment: str | None = None,
) -> str:
    """What the row `event` of a kind's table must satisfy to be the event meant: class and filter."""
    return _Writer(scope, params, enrollment).event_filter(match, match.event, object_name, subject, event)


class _Writer:
    def __init__(self, scope: Scope, params: Params, enrollment: str | None) -> None:
        self.scope, self.params, self.enrollment = scope, params, enrollment
        self.values = Values(scope, params, enrollment)
        self.depth = 0

    def condition(self, c: Condition, of: str, subject: str, event: str | None = None) -> str:
        self.values.objects[subject] = of
        match c:
            case All(parts):
                return "(" + " AND ".join(self.condition(p, of, subject, event) for p in parts) + ")"
            case AnyOf(parts):
                return "(" + " OR ".join(self.condition(p, of, subject, event) for p in parts) + ")"
            case Not(part):
                return f"NOT coalesce({self.condition(part, of, subject, event)}, FALSE)"
            case Compare():
                return self.compare(c, subject, event)
            case OneOf():
                return self.one_of(c, subject, event)
            case Between():
                low = self.compare(Compare(c.left, ">=", c.low), subject, event)
                return f"({low} AND {self.compare(Compare(c.left, '<=', c.high), subject, event)})"
            case TextTest():
                return self.text_test(c, subject, event)
            case Missing():
                return f"({self.values.sql(c.left, subject, event)} IS {'NOT ' if c.negated else ''}NULL)"
            case DateTest():
                return self.date_test(c, subject, event)
            case Happened():
                return ("NOT " if c.negated else "") + self.happened(c, of, subject)
            case Quantified():
                return self.quantified(c, of, subject)
            case InSegment():
                return self.in_segment(c, subject)
            case Consent():
                return self.consent(c, subject)
            case InDefinition():
                return self.in_definition(c, subject)
            case TaskDone(task):
                return self.task_done(task)
            case Outcome(outcome):
                return self.outcome(outcome)
        raise AssertionError(f"{type(c).__name__} is not run yet")

    # --- values -------------------------------------------------------------------------------

    def compare(self, c: Compare, subject: str, event: str | None) -> str:
        if isinstance(c.left, Const) and not isinstance(c.right, Const):
            c = Compare(c.right, _MIRROR[c.op], c.left)
        if _kind(c.left) is Kind.DATETIME and isinstance(c.right, Const) and c.right.type.kind is Kind.DATE:
            return self.whole_day(c.left, c.op, str(c.right.value), subject, event)
        fold = _kind(c.left) is Kind.TEXT
        left = self.values.sql(c.left, subject, event, fold)
        if _kind(c.left) is Kind.MULTI_CHOICE:
            held = f"({left} LIKE '%;' || {self.values.sql(c.right, subject, event)} || ';%')"
            return held if c.op == "=" else f"NOT {held}"
        return f"({left} {'<>' if c.op == '!=' else c.op} {self.values.sql(c.right, subject, event, fold)})"

    def whole_day(self, left: Value, op: str, day: str, subject: str, event: str | None) -> str:
        """A date against an instant means the whole day (X14)."""
        x = self.values.sql(left, subject, event)
        n = zones.epoch_day(day)
        start = self.params.const(zones.day_start(n, self.scope.zone))
        end = self.params.const(zones.day_start(n + 1, self.scope.zone))
        return {
            "=": f"({x} >= {start} AND {x} < {end})",
            "!=": f"({x} < {start} OR {x} >= {end})",
            "<": f"({x} < {start})",
            "<=": f"({x} < {end})",
            ">": f"({x} >= {end})",
            ">=": f"({x} >= {start})",
        }[op]

    def one_of(self, c: OneOf, subject: str, event: str | None) -> str:
        if _kind(c.left) in (Kind.MULTI_CHOICE, Kind.DATETIME):
            parts = [self.compare(Compare(c.left, "=", o), subject, event) for o in c.options]
            held = "(" + " OR ".join(parts) + ")"
            return f"NOT {held}" if c.negated else held
        fold = _kind(c.left) is Kind.TEXT
        options = ", ".join(self.values.sql(o, subject, event, fold) for o in c.options)
        return f"({self.values.sql(c.left, subject, event, fold)} {'NOT ' if c.negated else ''}IN ({options}))"

    def text_test(self, c: TextTest, subject: str, event: str | None) -> str:
        text, part = (self.values.sql(v, subject, event, fold=True) for v in (c.left, c.right))
        if c.op == "contains":
            find = "instr" if self.scope.dialect == "sqlite" else "strpos"
            return f"({find}({text}, {part}) > 0)"
        if c.op == "starts_with":
            return f"(substr({text}, 1, length({part})) = {part})"
        return f"(length({text}) >= length({part}) AND substr({text}, length({text}) - length({part}) + 1) = {part})"

    def date_test(self, c: DateTest, subject: str, event: str | None) -> str:
        x, zone, length = self.values.sql(c.left, subject, event), self.scope.zone, c.length
        if _kind(c.left) is Kind.DATE:
            cut = self.params.moment(lambda t: edges.date_cut(t, length, zone))
            today = self.params.moment(lambda t: zones.iso_date(zones.local_day(t, zone)))
            if c.op == "within_next":
                limit = self.params.moment(lambda t: edges.date_next_limit(t, length, zone))
                return f"({x} >= {today} AND {x} < {limit})"
            return f"({x} <= {cut})" if c.op == "older_than" else f"({x} > {cut} AND {x} <= {today})"
        now = self.params.moment(lambda t: t)
        if c.op == "within_next":
            limit = self.params.moment(lambda t: edges.next_limit(t, length, zone))
            return f"({x} >= {now} AND {x} < {limit})"
        cut = self.params.moment(lambda t: edges.cut(t, length, zone))
        return f"({x} <= {cut})" if c.op == "older_than" else f"({x} > {cut} AND {x} <= {now})"

    # --- events -------------------------------------------------------------------------------

    def event_filter(self, m: EventMatch, kind: str, of: str, subject: str, event: str) -> str:
        parts = []
        if self.scope.schema.events[kind].classed and not m.machines:
            parts.append(f"{event}.class = 'human'")
        if m.filter is not None:
            parts.append(self.condition(m.filter, of, subject, event))
        return " AND ".join(parts) or "TRUE"

    def happened(self, c: Happened, of: str, subject: str) -> str:
        """Prune to the window, apply the filter, then count (G3)."""
        after = self._after(c)
        if c.match.event == "created":
            # A record's own beginning is an event without a table; it happens once.
            began = f"({subject}.created_at > {after})" if after else "TRUE"
            return (
                f"({began} AND {self.event_filter(c.match, 'created', of, subject, '')})"
                if c.match.at_least == 1
                else "(FALSE)"
            )
        if c.match.filter is None and not c.match.machines and (c.match.at_least == 1 or not after):
            return self._from_activity(c, after, subject)
        counts = [self._events(c, kind, after, of, subject) for kind in self.scope.kinds(c.match.event)]
        if c.match.at_least == 1:
            return "(" + " OR ".join(f"EXISTS (SELECT 1 {rows})" for rows in counts) + ")"
        total = " + ".join(f"(SELECT count(*) {rows})" for rows in counts)
        return f"({total} >= {self.params.const(c.match.at_least)})"

    def _after(self, c: Happened) -> str:
        """SQL of the instant the events must be strictly after, empty for all time."""
        if c.since_enrollment:
            return f"{self.enrollment}.enrolled_at"
        if c.within is None:
            return ""
        length, zone = c.within, self.scope.zone
        return self.params.moment(lambda t: edges.cut(t, length, zone))

    def _from_activity(self, c: Happened, after: str, subject: str) -> str:
        kinds = ", ".join(self.params.const(k) for k in self.scope.kinds(c.match.event))
        rows = (
            f"FROM segue_activity a WHERE a.bucket = {subject}.bucket AND a.id = {subject}.id AND a.event IN ({kinds})"
        )
        if c.match.at_least > 1:
            return f"((SELECT coalesce(sum(a.count), 0) {rows}) >= {self.params.const(c.match.at_least)})"
        return f"EXISTS (SELECT 1 {rows}{f' AND a.last_at > {after}' if after else ''})"

    def _events(self, c: Happened, kind: str, after: str, of: str, subject: str) -> str:
        self.depth += 1
        ev = f"v{self.depth}"
        window = f" AND {ev}.at > {after}" if after else ""
        return (
            f"FROM {quoted(event_table(kind))} {ev} WHERE {ev}.bucket = {subject}.bucket"
            f" AND {ev}.record_id = {subject}.id{window} AND {self.event_filter(c.match, kind, of, subject, ev)}"
        )

    # --- links, segments, definitions ---------------------------------------------------------

    def quantified(self, c: Quantified, of: str, subject: str) -> str:
        self.depth += 1
        rows, end = self.values.hops(c.path, of, subject)
        held = f" AND {self.condition(c.condition, c.object, end)}" if c.condition is not None else ""
        match c.quantifier:
            case "any":
                return f"EXISTS (SELECT 1 {rows}{held})"
            case "no":
                return f"NOT EXISTS (SELECT 1 {rows}{held})"
            case "every":
                part = self.condition(c.condition, c.object, end) if c.condition is not None else "TRUE"
                return f"(EXISTS (SELECT 1 {rows}) AND NOT EXISTS (SELECT 1 {rows} AND NOT coalesce({part}, FALSE)))"
            case _:
                op = "<>" if c.op == "!=" else c.op
                return f"((SELECT count(*) {rows}{held}) {op} {self.params.const(c.number)})"

    def in_segment(self, c: InSegment, subject: str) -> str:
        number = self.params.const(self.scope.segment_ids[c.segment])
        return (
            f"{'NOT ' if c.negated else ''}EXISTS (SELECT 1 FROM segue_membership m WHERE m.segment_id = {number}"
            f" AND m.bucket = {subject}.bucket AND m.id = {subject}.id AND m.left_at IS NULL)"
        )

    def consent(self, c: Consent, subject: str) -> str:
        state = "opted_in" if c.opted_in else "opted_out"
        return (
            f"EXISTS (SELECT 1 FROM segue_consent n WHERE n.bucket = {subject}.bucket AND n.id = {subject}.id"
            f" AND n.topic = {self.params.const(c.topic)} AND n.state = '{state}')"
        )

    def in_definition(self, c: InDefinition, subject: str) -> str:
        # Nobody is inside what is not live: in a rule test only the definitions it names are.
        number = self.params.const(self.scope.definition_ids.get((c.kind, c.name), -1))
        return (
            f"EXISTS (SELECT 1 FROM segue_enrollment n WHERE n.bucket = {subject}.bucket"
            f" AND n.contact_id = {subject}.id AND n.definition_id = {number} AND n.ended_at IS NULL)"
        )

    # --- the enrollment itself ----------------------------------------------------------------

    def task_done(self, task: str) -> str:
        """The named task of this enrollment was done, not skipped (X22)."""
        e = self.enrollment
        return (
            f"EXISTS (SELECT 1 FROM segue_task k WHERE k.bucket = {e}.bucket AND k.enrollment_id = {e}.id"
            f" AND k.name = {self.params.const(task)} AND k.state = 'done')"
        )

    def outcome(self, outcome: str) -> str:
        """What became of the last mail of this enrollment; one whose fate is unknown counts as sent (X24)."""
        e = self.enrollment
        last = f"SELECT max(p.ordinal) FROM segue_outbox p WHERE p.bucket = {e}.bucket AND p.enrollment_id = {e}.id"
        return (
            f"EXISTS (SELECT 1 FROM segue_outbox o WHERE o.bucket = {e}.bucket AND o.enrollment_id = {e}.id"
            f" AND o.ordinal = ({last}) AND o.state {'=' if outcome == 'refused' else '<>'} 'refused')"
        )


def _kind(value: Value) -> Kind:
    return value.type.kind
