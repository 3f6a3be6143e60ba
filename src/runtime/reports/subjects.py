"""What a report is of, as rows in SQL: records, enrollments, mails, answers of surveys, events (P14).

The rows stand under the alias `s`; those of events and answers under `v`, with the record they belong to as `s`. Under
those aliases the engine's own conditions and values are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dsl.program.others import Report
from dsl.schema.model import Association, Kind, ObjectType, Property, Type
from dsl.values import replace as changed

from ..metrics.conversions import Goals
from ..query.asked import answers
from ..query.scope import Scope
from ..store.names import event_table, quoted
from . import enrollments, mails

ANSWERS = "survey_answer"
_ENROLLMENT = (
    "bucket",
    "id",
    "contact_id",
    "definition_id",
    "status",
    "reason",
    "enrolled_by",
    "enrolled_at",
    "ended_at",
)


_SEVERAL = (
    " LEFT JOIN (SELECT o.bucket, o.contact_id FROM segue_enrollment o GROUP BY o.bucket, o.contact_id"
    " HAVING count(*) > 1) several ON several.bucket = e.bucket AND several.contact_id = e.contact_id"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the store has: tables of events, `among` which definitions a figure by name can be said, where that is not
    all, and what tells of goals, where a report asks for them."""

    events: frozenset[str]
    among: Mapping[str, frozenset[int]] = field(default_factory=dict)
    goals: Goals | None = None


@dataclass(frozen=True)
class Subject:
    """`rows` are what stands behind FROM. `of`: what `s` is. `event`: whether the rows are those of `v`.

    `beside`: SELECTs by the name that WITH gives them, `before` those that are worked out once. `who`: SQL of the
    person, where figures count people and not rows; NULL of somebody who has no other row. `among`: as `Known` has it.
    `values`: the parameters of all that."""

    scope: Scope
    of: str
    rows: str
    event: bool = False
    beside: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    who: str = ""
    among: Mapping[str, frozenset[int]] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)


def subject_of(scope: Scope, report: Report, known: Known, now: int) -> Subject:
    """`now`: what is later is not seen (X2)."""
    of, metrics = report.object, tuple(m.function for m in report.measures if m.function in enrollments.NAMES)
    if of == "enrollment":
        return _enrollments(scope, metrics, known, now)
    if of == ANSWERS:
        return _answers(scope)
    if of == "email" and metrics:
        return _mails(scope, metrics, known, now)
    if of in scope.schema.objects:
        return Subject(scope, of, f"{quoted(of)} s")
    return _events(scope, of, now)


def _events(scope: Scope, of: str, now: int) -> Subject:
    """Opens and clicks are those of people (X30). `+` keeps the database from walking over an index of all instants."""
    kind = scope.schema.events[of]
    human = " AND w.class = 'human'" if kind.classed else ""
    rows = f"(SELECT w.*, w.at AS happened_at FROM {quoted(event_table(of))} w WHERE +w.at <= :now{human}) v"
    return Subject(scope, kind.of, rows + _record(kind.of), event=True, values={"now": now})


def _record(of: str, id_: str = "record_id") -> str:
    """Who was deleted leaves their events (M24), and is missing there."""
    return f" LEFT JOIN {quoted(of)} s ON s.bucket = v.{id_} % 256 AND s.id = v.{id_}"


def _answers(scope: Scope) -> Subject:
    """The answer on the scale is called `score`."""
    rows = f"({answers(scope.schema)}) v"
    return Subject(scope, "contact", rows + _record("contact"), event=True)


def _enrollments(scope: Scope, metrics: tuple[str, ...], known: Known, now: int) -> Subject:
    """A figure counts people: then the rows of those who have several enrollments are grouped by them. Enrollments come
    from front to back (CROSS): by the index of the definition SQLite would fetch each from another page."""
    told = enrollments.facts(metrics, scope.schema, known.goals)
    of_people = any(name in enrollments.FIGURES for name in metrics)
    columns = ", ".join(f"e.{name}" for name in _ENROLLMENT) + (", several.contact_id AS who" if of_people else "")
    joins = told.joins + (_SEVERAL if of_people else "")
    rows = (
        f"(SELECT {columns}{told.columns}, lower(e.reason) AS reason__n, d.name AS definition, d.name AS definition__n,"
        f" d.kind FROM segue_enrollment e CROSS JOIN segue_definition d{joins} WHERE d.id = e.definition_id) s"
    )
    link = "SELECT bucket, id, bucket AS to_bucket, contact_id AS to_id FROM segue_enrollment"
    return Subject(
        _with_contact(scope, "enrollment"),
        "enrollment",
        rows,
        beside={_link("enrollment"): link},
        before=told.before,
        who="s.who" if of_people else "",
        among=known.among,
        values={"now": now, **told.values},
    )


def _mails(scope: Scope, metrics: tuple[str, ...], known: Known, now: int) -> Subject:
    """The mails that were sent, by the engine or from a task; each is its recipient's."""
    return Subject(
        _with_contact(scope, "email"),
        "email",
        f"({mails.rows(metrics, known.events, scope.dialect)}) s",
        beside={_link("email"): "SELECT bucket, id, bucket AS to_bucket, id AS to_id FROM contact"},
        values={"now": now},
    )


def _link(owner: str) -> str:
    return f"link_{owner}_contact"


def _with_contact(scope: Scope, name: str) -> Scope:
    """The schema with the rows as an object of their own, whose contact is found by what stands in WITH."""
    known = scope.schema.objects.get(name)
    beside = {n: Property(n, t) for n, t in _OWN[name].items()}
    properties = {**beside, **(known.properties if known is not None else {})}
    own = ObjectType(name, name, None, properties, {"contact": Association(name, "contact", "contact", False, name)})
    schema = changed(scope.schema, objects={**scope.schema.objects, name: own})
    return replace(scope, program=replace(scope.program, schema=schema))


_OWN: Mapping[str, Mapping[str, Type]] = {
    "email": {"template": Type(Kind.TEXT)},
    "enrollment": {
        "definition": Type(Kind.TEXT),
        "kind": Type(Kind.TEXT),
        "status": Type(Kind.TEXT),
        "reason": Type(Kind.TEXT),
        "enrolled_by": Type(Kind.USER),
        "enrolled_at": Type(Kind.DATETIME),
        "ended_at": Type(Kind.DATETIME),
    },
}
