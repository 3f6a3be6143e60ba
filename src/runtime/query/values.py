"""Values to SQL: properties (also derived ones and those at the end of to-one paths), event fields, literals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dsl.program.conditions import (
    Aggregate,
    Ago,
    AnswerValue,
    Const,
    CountOf,
    CreatedValue,
    EventValue,
    Field,
    ScoreValue,
    TriggerValue,
    Value,
)
from dsl.schema.model import Kind, Pipeline

from ..store.names import both_names, event_table, folded, folded_column, link_table, quoted
from ..times.durations import CLOCK_UNITS
from ..times.edges import cut, cut_before
from ..times.zones import parse_local
from .points import Points
from .said import Said, given, looked_up
from .scope import ACTED, Params, Scope

# Derived instants of the standard CRM: the kinds of event they are the last of ("*": every act).
LAST_OF = {
    "last_activity": ("*",),
    "last_contacted": ("received_email", "was_called", "was_met"),
    "last_purchase": ("purchased",),
}


def derived_events(scope: Scope, derived: str) -> tuple[str, ...]:
    """The kinds of event a derived instant is the last of."""
    kinds = LAST_OF[derived]
    return scope.acts() if kinds == ("*",) else tuple(k for k in kinds if k in scope.schema.events)


def last_of(scope: Scope, derived: str) -> tuple[str, ...]:
    """The same by the names that segue_activity has for them: all acts together are one."""
    return (ACTED,) if LAST_OF[derived] == ("*",) else derived_events(scope, derived)


# Writes a value out of many events or records: (value, subject, fold).
OutOfMany = Callable[[Aggregate | CountOf, str, bool], str]


class Values:
    """Writes values for one statement. `subject`, `event`, `enrollment` are the aliases in scope. `out_of_many` is
    there where conditions are written, for such a value holds one. `said`: what a talk that is not saved yet has come
    to; of a saved one it stands in the store."""

    def __init__(self, scope: Scope, params: Params, enrollment: str | None = None) -> None:
        self.scope, self.params, self.enrollment = scope, params, enrollment
        self.objects: dict[str, str] = {}  # alias of a record -> its object
        self.out_of_many: OutOfMany | None = None
        self.said: Said | None = None
        self.points = Points(scope, params)
        self._aliases = 0
        self._known: tuple[Value, str] | None = None

    def alias(self, prefix: str) -> str:
        """A name that nothing else in the statement has."""
        self._aliases += 1
        return f"{prefix}{self._aliases}"

    @contextmanager
    def standing_for(self, value: Value, sql: str) -> Iterator[None]:
        """Meanwhile the value is written as `sql`: where it has been worked out already."""
        self._known = (value, sql)
        try:
            yield
        finally:
            self._known = None

    def sql(self, value: Value, subject: str, event: str | None = None, fold: bool = False) -> str:
        """SQL of a value; `fold`: as comparisons of text see it (X31)."""
        if self._known is not None and value == self._known[0]:
            return self._known[1]
        if fold and value.type.kind is Kind.CHOICE and not isinstance(value, Const):
            return self._folded_option(self.sql(value, subject, event), value.type.options)
        match value:
            case Const():
                return self.constant(value, fold)
            case Field(path=()):
                return self.property(value.object, value.property, subject, fold)
            case Field():
                return self._far(value, subject, fold)
            case EventValue():
                return f"{event}.{quoted(folded_column(value.field) if fold else value.field)}"
            case TriggerValue():
                return self._trigger(value, fold)
            case CreatedValue():
                return self._created(value, fold)
            case AnswerValue() if self.said is not None:
                return given(self.said, value, self.params, self.scope.dialect, fold)
            case AnswerValue():
                return looked_up(value, self.enrollment or "e", self.params, fold)
            case Ago():
                return self._ago(value)
            case ScoreValue():
                return self.points.value(value, subject)
            case Aggregate() | CountOf() if self.out_of_many is not None:
                return self.out_of_many(value, subject, fold)
        raise AssertionError(f"{type(value).__name__} is not run yet")

    def _folded_option(self, sql: str, options: tuple[str, ...]) -> str:
        """A choice beside a text: its options are known, so no column holds them folded."""
        others = [(option, folded(option)) for option in options if folded(option) != option]
        cases = "".join(f" WHEN {self.params.const(o)} THEN {self.params.const(f)}" for o, f in others)
        return f"CASE {sql}{cases} ELSE {sql} END" if cases else sql

    def constant(self, value: Const, fold: bool) -> str:
        if fold:
            return self.params.const(folded(str(value.value)))
        if value.type.kind is Kind.DATETIME:
            return self.params.const(parse_local(str(value.value), self.scope.zone))
        return self.params.const(value.value)

    def property(self, object_name: str, name: str, alias: str, fold: bool) -> str:
        found = self.scope.schema.objects[object_name].properties[name]
        match found.derived:
            case None:
                return f"{alias}.{quoted(folded_column(name) if fold else name)}"
            case "full_name":
                return full_name(alias, fold)
            case "closed" | "won":
                return self._stage(object_name, found.derived, alias)
            case last:
                return self._last(last, alias)

    def _far(self, value: Field, subject: str, fold: bool) -> str:
        joins, end = self.hops(value.path, self.objects[subject], subject)
        return f"(SELECT {self.property(value.object, value.property, end, fold)} {joins} LIMIT 1)"

    def _created(self, value: CreatedValue, fold: bool) -> str:
        """Missing until the record is there. Which one it is, the enrollment's bucket holds."""
        made, record = self.alias("c"), self.alias("o")
        return (
            f"(SELECT {self.property(value.object, value.property, record, fold)} FROM segue_created {made}"
            f" CROSS JOIN {quoted(value.object)} {record} WHERE {self._made(made, value.name)}"
            f" AND {record}.bucket = {made}.record_id % 256 AND {record}.id = {made}.record_id)"
        )

    def created_id(self, name: str) -> str:
        """SQL of the id of the record that `create .. as NAME` made in this enrollment."""
        made = self.alias("c")
        return f"(SELECT {made}.record_id FROM segue_created {made} WHERE {self._made(made, name)})"

    def _made(self, made: str, name: str) -> str:
        e = self.enrollment
        return (
            f"{made}.bucket = {e}.bucket AND {made}.enrollment_id = {e}.id AND {made}.name = {self.params.const(name)}"
        )

    def _ago(self, value: Ago) -> str:
        """The instant that long before now; of days and longer the beginning of that day (X14)."""
        length, zone = value.length, self.scope.zone
        if length.unit in CLOCK_UNITS:
            return self.params.moment(lambda t: cut(t, length, zone))
        return self.params.moment(lambda t: cut_before(t, length, zone) + 1)

    def hops(self, path: tuple[str, ...], owner: str, subject: str, many: bool = False) -> tuple[str, str]:
        """`FROM link .. JOIN object .. WHERE the subject's` for a path of associations, and the last alias. `many`: its
        last one leads to all that are linked."""
        joins, where, end = self.way(path, owner, subject, many)
        return f"FROM {joins} WHERE {where}", end

    def way(self, path: tuple[str, ...], owner: str, subject: str, many: bool = False) -> tuple[str, str, str]:
        """The same in parts: the joins, what ties them to the subject, and the last alias.

        A name that leads to many where one is meant is the person on the line: the checker lets it stand nowhere else
        (X20)."""
        sql, where, before = "", "", subject
        for i, name in enumerate(path):
            association = self.scope.schema.objects[owner].associations[name]
            link, record = f"l{i}_{subject}", f"r{i}_{subject}"
            table, target = quoted(link_table(owner, name)), quoted(association.target)
            tied = f"{link}.bucket = {before}.bucket AND {link}.id = {before}.id"
            there = f" JOIN {target} {record} ON {record}.bucket = {link}.to_bucket AND {record}.id = {link}.to_id"
            if i > 0:
                sql += f" JOIN {table} {link} ON {tied}{there}"
            elif association.many and not (many and len(path) == 1):
                sql, where = self._on_the_line(target, link, record)
            else:
                sql, where = f"{table} {link}{there}", tied
            owner, before = association.target, record
        return sql, where, before

    def _on_the_line(self, target: str, talk: str, person: str) -> tuple[str, str]:
        """The person a talk was with, as the first step of a way."""
        if self.said is not None:
            id_ = self.params.const(self.said.person or 0)
            return f"{target} {person}", f"{person}.bucket = CAST({id_} AS BIGINT) % 256 AND {person}.id = {id_}"
        e = self.enrollment or "e"
        joined = f"{person}.bucket = {talk}.contact_id % 256 AND {person}.id = {talk}.contact_id"
        return (
            f"segue_talk {talk} JOIN {target} {person} ON {joined}",
            f"{talk}.bucket = {e}.bucket AND {talk}.id = {e}.trigger_id",
        )

    def _trigger(self, value: TriggerValue, fold: bool) -> str:
        e = self.enrollment
        column = quoted(folded_column(value.field) if fold else value.field)
        parts = [
            f"(SELECT g.{column} FROM {quoted(event_table(kind))} g WHERE g.bucket = {e}.bucket"
            f" AND g.record_id = {e}.contact_id AND g.at = {e}.trigger_at AND g.id = {e}.trigger_id"
            f" AND {e}.trigger_event = {self.params.const(kind)})"
            for kind in value.events
        ]
        return parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"

    def _stage(self, object_name: str, derived: str, alias: str) -> str:
        pairs = [self._pipeline(p, derived, alias) for p in self.scope.schema.pipelines_of(object_name)]
        held = [p for p in pairs if p]
        return f"coalesce(({' OR '.join(held)}), FALSE)" if held else "FALSE"

    def _pipeline(self, pipeline: Pipeline, derived: str, alias: str) -> str:
        stages = [s.name for s in pipeline.stages if (s.closed if derived == "closed" else s.won)]
        if not stages:
            return ""
        names = ", ".join(self.params.const(s) for s in stages)
        return f'({alias}."pipeline" = {self.params.const(pipeline.name)} AND {alias}."stage" IN ({names}))'

    def _last(self, derived: str, alias: str) -> str:
        kinds = ", ".join(self.params.const(k) for k in last_of(self.scope, derived))
        return (
            f"(SELECT max(a.last_at) FROM segue_activity a"
            f" WHERE a.bucket = {alias}.bucket AND a.id = {alias}.id AND a.event IN ({kinds}))"
        )


def full_name(alias: str, fold: bool = False) -> str:
    """Both names in the order of their script, else the address, else `#id`."""
    suffix = "__n" if fold else ""
    first, last, email = (f'{alias}."{p}{suffix}"' for p in ("first_name", "last_name", "email"))
    return f"coalesce(nullif(trim({both_names(first, last)}), ''), {email}, '#' || CAST({alias}.id AS TEXT))"
