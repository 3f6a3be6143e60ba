"""How many of those a workflow took in met its goal because of its mail (M23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dsl.program.codec import decode
from dsl.program.definitions import Definition
from dsl.schema.model import Schema, TopicKind

from ..store.session import Session, placeholders
from .figures import Figure, figure
from .filters import Chosen, Filters, chosen

# A mail whose fate is unknown counts as sent. What goes to somebody else is no mail to them (X20); a record that is no
# contact gets none itself.
_MAILED = (
    "EXISTS (SELECT 1 FROM segue_outbox m WHERE m.bucket = e.bucket AND m.enrollment_id = e.id AND m.kind = 'email' "
    "AND m.state IN ('sent', 'unknown') AND m.topic IN ({topics}) AND m.settled_at <= {until} "
    "AND (m.contact_id = e.contact_id OR e.definition_id IN ({others})))"
)


@dataclass(frozen=True, slots=True)
class Conversion:
    """One workflow. `met`: contacts who met the goal, inside or after it was finished, having been sent a marketing
    mail by it before; None where it has no goal. `mailed`: who was sent such a mail at all."""

    name: str
    label: str
    enrolled: int
    mailed: Figure
    met: Figure | None


def conversions(session: Session, schema: Schema, filters: Filters | None = None) -> list[Conversion]:
    """One entry per workflow that the filters name (under `sequences`), by name; one statement of figures. Removed by
    hand, by another workflow or by `suppress` is no conversion."""
    c = chosen(session, replace(filters or Filters(), kind="workflow"))
    programs = _programs(session)
    values = dict(c.values)
    names = _names(schema, programs, values)
    found: dict[str, dict[int, int]] = {}
    for fact, id_, n in session.bound(_statement(c, names), values):
        found.setdefault(fact, {})[id_] = n
    return [
        _conversion(id_, name, label, found, programs[id_].guards.goal is not None)
        for id_, name, label, _ in c.definitions
    ]


def _conversion(id_: int, name: str, label: str, found: Mapping[str, Mapping[int, int]], has_goal: bool) -> Conversion:
    base, mailed, met = (found.get(fact, {}).get(id_, 0) for fact in ("enrolled", "mailed", "met"))
    conversion = figure("conversion", met, base) if has_goal or met else None
    return Conversion(name, label, base, figure("conversion mailed", mailed, base), conversion)


@dataclass(frozen=True, slots=True)
class Goals:
    """`met`: SQL, whether an enrollment `e` of a workflow met its goal so; `values` are its parameters beside `now`.
    `definitions`: the workflows that have a goal."""

    met: str
    values: Mapping[str, object]
    definitions: frozenset[int]


def goals(session: Session, schema: Schema) -> Goals:
    """M23 for each enrollment by itself."""
    values: dict[str, object] = {}
    programs = _programs(session)
    met = _met(_names(schema, programs, values))
    return Goals(met, values, frozenset(id_ for id_, d in programs.items() if d.guards.goal is not None))


def _programs(session: Session) -> dict[int, Definition]:
    rows = session.run("SELECT id, program FROM segue_definition WHERE kind = 'workflow'")
    return {id_: decode(program) for id_, program in rows}


def _names(schema: Schema, programs: Mapping[int, Definition], values: dict[str, object]) -> dict[str, str]:
    """Marketing topics and the workflows of other objects, as placeholders."""
    topics = [t.name for t in schema.topics.values() if t.kind is TopicKind.MARKETING]
    others = [id_ for id_, d in programs.items() if d.pinned.object != "contact"]
    return {
        "topics": placeholders("topic", topics, values) or "NULL",
        "others": placeholders("other", others, values) or "NULL",
    }


def _met(names: Mapping[str, str]) -> str:
    inside = f"e.status = 'unenrolled' AND e.reason = 'goal' AND {_MAILED.format(until='e.ended_at', **names)}"
    later = (
        "e.status = 'finished' AND EXISTS (SELECT 1 FROM segue_step s WHERE s.bucket = e.bucket "
        "AND s.enrollment_id = e.id AND s.what = 'goal' AND s.at <= :now "
        f"AND {_MAILED.format(until='s.at', **names)})"
    )
    return f"(({inside}) OR ({later}))"


def _statement(c: Chosen, names: Mapping[str, str]) -> str:
    facts = {"enrolled": "1 = 1", "mailed": _MAILED.format(until=":now", **names), "met": _met(names)}
    return " UNION ALL ".join(
        f"SELECT '{fact}' AS fact, e.definition_id, count(DISTINCT e.contact_id) FROM segue_enrollment e "
        f"WHERE {c.where} AND {holds} GROUP BY e.definition_id"
        for fact, holds in facts.items()
    )
