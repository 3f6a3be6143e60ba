"""The rules of hygiene as statements: who is found, and what a decision about one of them is kept under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from dsl.diagnostics.suggest import did_you_mean, of_those_declared
from dsl.program.codec import digest
from dsl.program.conditions import (
    Aggregate,
    CountOf,
    Field,
    Happened,
    Quantified,
    ScoreValue,
    Value,
    WasEver,
)
from dsl.program.definitions import Program
from dsl.program.others import Hygiene, HygieneRule

from ..errors import UnknownName
from ..query.conditions import predicate, values_of
from ..query.scope import Params, Scope

_SEPARATOR, _NOTHING = "\x1f", "\x1e"


@dataclass(frozen=True)
class Rule:
    """One rule of a hygiene. `number` counts from 1 in the order of the file."""

    hygiene: Hygiene
    number: int
    rule: HygieneRule

    @property
    def name(self) -> str:
        """As people name it: `names.2`."""
        return f"{self.hygiene.name}.{self.number}"

    @property
    def digest(self) -> str:
        """What decisions are kept under: they outlive another order of the rules, and no other wording of this one."""
        return digest(self.rule)

    @property
    def mark(self) -> str:
        """The same in short, among the rules of one hygiene."""
        return self.digest[:8]


def rules(program: Program, name: str | None = None) -> list[Rule]:
    """All, those of one hygiene, or one rule of it (`names.2`). Raises UnknownName."""
    if name is not None and "." in name:
        return [rule_named(program, name)]
    if name is not None and name not in program.hygiene:
        hint = of_those_declared("hygiene", name, program.hygiene)
        raise UnknownName(f"there is no hygiene `{name}`", hint)
    chosen = [program.hygiene[name]] if name is not None else list(program.hygiene.values())
    return [Rule(hygiene, n, rule) for hygiene in chosen for n, rule in enumerate(hygiene.rules, 1)]


def rule_named(program: Program, text: str) -> Rule:
    """The rule meant by `names.2`. Raises UnknownName."""
    every = {rule.name: rule for rule in rules(program)}
    if text not in every:
        raise UnknownName(f"there is no rule `{text}`", did_you_mean(text, every) or "`segue hygiene` lists them")
    return every[text]


def found_sql(scope: Scope, rule: Rule, params: Params) -> str:
    """SQL: whether the record `s` is found by the rule, and nobody has decided to leave it as it is."""
    of = rule.hygiene.object
    held = predicate(scope, rule.rule.condition, of, params=params).sql
    return (
        f"({held} AND NOT EXISTS (SELECT 1 FROM segue_reviewed v WHERE v.bucket = s.bucket"
        f" AND v.hygiene = {params.const(rule.hygiene.name)} AND v.rule = {kept_under(scope, rule, params)}"
        " AND v.id = s.id))"
    )


def kept_under(scope: Scope, rule: Rule, params: Params) -> str:
    """SQL of the name of a decision about the record `s`: the rule, and the values that it looks at. When one of these
    changes, nothing has been decided yet."""
    values = values_of(scope, rule.hygiene.object, params)
    looked_at = dict.fromkeys(_looked_at(rule.rule.condition))
    separator, nothing = params.const(_SEPARATOR), params.const(_NOTHING)
    texts = [f"coalesce(CAST({values.sql(value, 's')} AS TEXT), {nothing})" for value in looked_at]
    joined = f" || {separator} || ".join(texts or [f"CAST({nothing} AS TEXT)"])
    return f"(CAST({params.const(f'{rule.digest}:')} AS TEXT) || md5({joined}))"


def _looked_at(part: object) -> Iterator[Value]:
    """The values of the record itself in a condition; what is asked of other records and of events is theirs."""
    match part:
        case Field() | Aggregate() | CountOf() | ScoreValue():
            yield part
        case Happened() | Quantified() | WasEver():
            return
        case tuple():
            for one in part:
                yield from _looked_at(one)
        case _ if is_dataclass(part):
            for field in fields(part):
                yield from _looked_at(getattr(part, field.name))
