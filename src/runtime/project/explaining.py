"""Rules and findings told at length: what `segue explain` prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsl.diagnostics.catalogue import catalogue, find_code
from dsl.diagnostics.code import Code
from dsl.diagnostics.suggest import did_you_mean
from dsl.english import definitions as english
from dsl.english.conversations import of_conversation
from dsl.english.lines import Line
from dsl.english.reports import of_dashboard, of_report
from dsl.program.conditions import Condition
from dsl.program.conversations import Conversation
from dsl.program.cost import cost_of
from dsl.program.definitions import Definition, OnCondition, Program, Segment
from dsl.program.others import Dashboard, Report, Score
from dsl.source import Source, Span

from ..errors import InvalidInput, UnknownName
from ..query.conditions import predicate
from ..query.scope import Scope
from ..store.names import quoted
from ..times.zones import to_datetime
from .unrun import lacking, referred

Named = Segment | Definition | Score | Conversation | Report | Dashboard
_WORDS = re.compile(r"""'[^']*'|"[^"]*"| AND\b| OR\b|.""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Query:
    """The SQL behind one condition of a rule. `values`: what its parameters are at the instant asked."""

    what: str
    sql: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Explained:
    """`place` is `file:line`; `named_by` are the rules that name it."""

    kind: str
    name: str
    label: str
    object: str
    place: str
    lines: tuple[Line, ...]
    queries: tuple[Query, ...]
    named_by: tuple[str, ...]
    costs: tuple[tuple[str, str], ...]  # (which condition, what it costs to ask it of every record)


_KINDS: Mapping[str, Callable[[Program], Mapping[str, Named]]] = {
    "segment": lambda program: program.segments,
    "sequence": lambda program: {name: d for (kind, name), d in program.definitions.items() if kind == "sequence"},
    "workflow": lambda program: {name: d for (kind, name), d in program.definitions.items() if kind == "workflow"},
    "score": lambda program: program.scores,
    "playbook": lambda program: program.talks("playbook"),
    "form": lambda program: program.talks("form"),
    "survey": lambda program: program.talks("survey"),
    "report": lambda program: program.reports,
    "dashboard": lambda program: program.dashboards,
}


def code_named(text: str) -> Code | None:
    """A finding or lint rule by its name or alias."""
    import dsl.lint.rules  # noqa: F401 - its codes join the catalogue

    return find_code(text)


def explained(
    program: Program, sources: Mapping[str, Source], words: Sequence[str], dialect: str, at: int
) -> Explained:
    """One rule in English, with the SQL of its conditions at instant `at`. `words`: a name, or a kind and a name.

    Raises UnknownName, InvalidInput."""
    kind, name = _meant(program, words)
    rule = _KINDS[kind](program)[name]
    match rule:
        case Definition():
            lines, of = english.of_definition(rule), rule.pinned.object
        case Segment():
            lines, of = english.of_segment(rule), rule.object
        case Score():
            lines, of = english.of_score(rule), rule.object
        case Conversation():
            lines, of = of_conversation(rule), rule.object
        case Report():
            lines, of = of_report(rule), rule.object
        case Dashboard():
            lines, of = of_dashboard(rule), "report"
    queries = tuple(_queries(program, rule, of, dialect, at))
    by = tuple(_naming(program, kind, name))
    costs = tuple((what, cost_of(condition, of).words) for what, condition in _conditions(rule))
    return Explained(kind, name, rule.label, of, _place(sources, rule.span), lines, queries, by, costs)


def _meant(program: Program, words: Sequence[str]) -> tuple[str, str]:
    *kinds, name = words
    if kinds and (len(kinds) > 1 or kinds[0] not in _KINDS):
        raise InvalidInput(
            f"there is nothing to explain of the kind `{' '.join(kinds)}`", f"kinds are {_listed(_KINDS)}"
        )
    found = [kind for kind in kinds or _KINDS if name in _KINDS[kind](program)]
    if len(found) > 1:
        said = " and a ".join(found)
        raise InvalidInput(f"there is a {said} `{name}`", f"write `segue explain {found[0]} {name}`")
    if not found:
        raise UnknownName(
            f"there is no {kinds[0] if kinds else 'rule or message'} `{name}`", _near(program, kinds, name)
        )
    return found[0], name


def _near(program: Program, kinds: Sequence[str], name: str) -> str:
    names = [known for kind in kinds or _KINDS for known in _KINDS[kind](program)]
    return did_you_mean(name, names if kinds else [*names, *catalogue()]) or "`segue check` shows the codes of messages"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _place(sources: Mapping[str, Source], span: Span) -> str:
    source = sources.get(span.file)
    return f"{span.file}:{source.position(span.start)[0]}" if source else span.file


def _naming(program: Program, kind: str, name: str) -> Iterator[str]:
    """The rules that name this one."""
    for others in _KINDS.values():
        for other in others(program).values():
            if (kind, name) in set(referred(other)):
                yield f"{_kind_of(other)} {other.name}"


def _kind_of(rule: Named) -> str:
    return rule.kind if isinstance(rule, Definition | Conversation) else type(rule).__name__.lower()


# --- SQL --------------------------------------------------------------------------------------


def _queries(program: Program, rule: Named, of: str, dialect: str, at: int) -> Iterator[Query]:
    """One for each condition that decides who is in or enters. `enrollment e` is the one being judged."""
    scope = Scope(
        program,
        dialect,
        {name: number for number, name in enumerate(program.segments, 1)},
        {key: number for number, key in enumerate(program.definitions, 1)},
    )
    for what, condition in _conditions(rule):
        if not any(lacking(condition)):
            made = predicate(scope, condition, of, "s", "e")
            sql = f"SELECT s.id\nFROM {quoted(of)} AS s\nWHERE {made.sql}"
            yield Query(what, _broken(sql), {n: _moment(n, v, scope.zone) for n, v in made.at(at).items()})


def _moment(name: str, value: object, zone: str) -> object:
    """A parameter that moves with the clock as the clock shows it; constants as they are."""
    if not name.startswith("t") or not isinstance(value, int):
        return value
    return f"{value} ({to_datetime(value, zone):%Y-%m-%d %H:%M:%S})"


def _broken(sql: str) -> str:
    """The statement with the parts of its outermost `AND`s and `OR`s on lines of their own."""
    depth, lines = 0, ""
    for word in _WORDS.findall(sql):
        depth += word.count("(") - word.count(")")
        lines += f"\n    {word.lstrip()}" if word in (" AND", " OR") and depth <= 1 else word
    return lines


def _conditions(rule: Named) -> Iterator[tuple[str, Condition]]:
    match rule:
        case Segment(condition=condition) if condition is not None:
            yield "members", condition
        case Definition(trigger=trigger, only=only):
            if isinstance(trigger, OnCondition):
                yield "when", trigger.condition
            if only is not None:
                yield "only", only
