"""One condition to one SQL predicate over a record, in two-valued logic (X29)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dsl.program.conditions import (
    Aggregate,
    Ago,
    All,
    AnyOf,
    Between,
    Changed,
    Compare,
    Condition,
    Consent,
    Const,
    ContainsList,
    CountOf,
    DateTest,
    EventMatch,
    Field,
    Happened,
    InDefinition,
    InPeriod,
    InSegment,
    Matches,
    Missing,
    Moved,
    Not,
    OneOf,
    Outcome,
    Quantified,
    TaskDone,
    TextTest,
    Value,
    WasEver,
    WasMember,
)

from .comparisons import Comparisons
from .happenings import Happenings
from .history import History
from .scope import Params, Scope
from .values import Values


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
    return Predicate(Writer(scope, params, enrollment).condition(condition, object_name, subject), params)


def match_sql(
    scope: Scope, match: EventMatch, kind: str, object_name: str, params: Params, enrollment: str | None = None
) -> str:
    """What the row `v` of the table of a kind must satisfy to be the event meant of the record `s`: class and filter.

    `kind`: the event of the match, or one of those that its name stands for."""
    writer = Writer(scope, params, enrollment)
    writer.values.objects["s"] = object_name
    return writer.happenings.filter(match, kind, object_name, "s", "v")


def value_sql(scope: Scope, value: Value, object_name: str, params: Params, enrollment: str | None = None) -> str:
    """One value of the record under alias `s`."""
    return values_of(scope, object_name, params, enrollment).sql(value, "s")


def values_of(scope: Scope, object_name: str, params: Params, enrollment: str | None = None) -> Values:
    """Writes any value of the record under alias `s`."""
    writer = Writer(scope, params, enrollment)
    writer.values.objects["s"] = object_name
    return writer.values


class Writer:
    """Writes conditions of one statement. `enrollment` is the alias of the enrollment, where there is one."""

    def __init__(self, scope: Scope, params: Params, enrollment: str | None) -> None:
        self.scope, self.params, self.enrollment = scope, params, enrollment
        self.values = Values(scope, params, enrollment)
        self.values.out_of_many = self.out_of_many
        self.comparisons = Comparisons(self.values)
        self.happenings = Happenings(self.values, self.condition)
        self.history = History(self.values, self.comparisons)

    def condition(self, c: Condition, of: str, subject: str, event: str | None = None) -> str:
        self.values.objects[subject] = of
        match c:
            case All(parts):
                return "(" + " AND ".join(self.condition(p, of, subject, event) for p in parts) + ")"
            case AnyOf(parts):
                return "(" + " OR ".join(self.condition(p, of, subject, event) for p in parts) + ")"
            case Not(part):
                return f"NOT coalesce({self.condition(part, of, subject, event)}, FALSE)"
            case Happened():
                return ("NOT " if c.negated else "") + self.happenings.happened(c, of, subject)
            case Quantified():
                return self.quantified(c, of, subject)
            case InSegment():
                return self.in_segment(c, subject)
            case Consent():
                return self.consent(c, subject)
            case InDefinition():
                return self.in_definition(c, subject)
            case WasEver():
                return self.history.was_ever(c, subject)
            case Changed():
                return self.history.changed(c, subject)
            case WasMember():
                return self.history.was_member(c, subject)
            case TaskDone(task):
                return self.task_done(task)
            case Outcome(outcome):
                return self.outcome(outcome)
        return self.of_value(c, subject, event)

    def of_value(self, c: Condition, subject: str, event: str | None) -> str:
        """A test of one value."""
        tests = self.comparisons
        if far := _far(c):  # a record that passes, not a value: a database may join those to all at once
            left, there = far
            rows, end = self.values.hops(left.path, self.values.objects[subject], subject)
            return f"EXISTS (SELECT 1 {rows} AND {self.condition(there, left.object, end)})"
        match c:
            case Compare():
                return tests.compare(c, subject, event)
            case OneOf():
                return tests.one_of(c, subject, event)
            case Between():
                low = tests.compare(Compare(c.left, ">=", c.low), subject, event)
                return f"({low} AND {tests.compare(Compare(c.left, '<=', c.high), subject, event)})"
            case TextTest():
                return tests.text_test(c, subject, event)
            case Moved():
                return self.values.points.moved(c, subject)
            case Missing():
                return f"({self.values.sql(c.left, subject, event)} IS {'NOT ' if c.negated else ''}NULL)"
            case DateTest():
                return tests.date_test(c, subject, event)
            case InPeriod():
                return tests.in_period(c, subject, event)
            case Matches():
                return tests.matches(c, subject, event)
            case ContainsList():
                return tests.contains_list(c, subject, event)
        raise AssertionError(f"{type(c).__name__} is not run yet")

    def out_of_many(self, v: Aggregate | CountOf, subject: str, fold: bool) -> str:
        if isinstance(v, Aggregate):
            return self.happenings.aggregate(v, subject, fold)
        rows, end = self.values.hops(v.path, self.values.objects[subject], subject, many=True)
        held = f" AND {self.condition(v.condition, v.object, end)}" if v.condition is not None else ""
        return f"(SELECT count(*) {rows}{held})"

    # --- links, segments, definitions ---------------------------------------------------------

    def quantified(self, c: Quantified, of: str, subject: str) -> str:
        rows, end = self.values.hops(c.path, of, subject, many=True)
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
        """What became of the last send of this enrollment; a mail whose fate is unknown counts as sent (X24). A send to
        several is sent if one of them was, and refused if there were some and none was."""
        e = self.enrollment
        sends = f"k.bucket = {e}.bucket AND k.enrollment_id = {e}.id AND k.what = 'send'"
        last = f"SELECT k.block FROM segue_step k WHERE {sends} ORDER BY k.ordinal DESC LIMIT 1"
        became = f"EXISTS (SELECT 1 FROM segue_step k WHERE {sends} AND k.block = ({last}) AND k.outcome IN "
        sent = became + "('sent', 'unknown'))"
        return sent if outcome == "sent" else f"({became}('refused')) AND NOT {sent})"


def _far(c: Condition) -> tuple[Field, Condition] | None:
    """Of a test against fixed things: what it reads of another record, and the test as that record's own. Where there
    is no such record it fails, as it does for a missing value."""
    match c:
        case (
            Compare(Field(path=(_, *_)) as left, _, Const() | Ago())
            | Between(Field(path=(_, *_)) as left, Const() | Ago(), Const() | Ago())
            | TextTest(Field(path=(_, *_)) as left, _, Const())
            | OneOf(Field(path=(_, *_)) as left)
            | DateTest(Field(path=(_, *_)) as left)
        ):
            return left, replace(c, left=replace(left, path=()))
    return None
