"""Deals and revenue of sequences (M7-M10): contacts are counted, deals are not, and money is counted once per deal.

A deal belongs, for each of its contacts by themselves, to the latest of their enrollments that had begun when it was
created (M9): `pair.owner`. What is `closed` and `won` tell the pipelines of the schema; when, the history of stage and
pipeline (X34).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dsl.schema.model import Schema

from ..store.session import Session, placeholders
from .figures import Figure, figure
from .filters import Chosen, Filters, chosen

_CONTACTS = ("deals_created", "deals_won", "deals_lost", "deals_closed")


@dataclass(frozen=True, slots=True)
class Revenue:
    """`amount` in minor units of `currency`, the account's unless the schema gives amounts another one. `deals`: the
    won ones of those that belong to an enrollment."""

    amount: int
    currency: str
    deals: Figure


@dataclass(frozen=True, slots=True)
class DealFigures:
    """Contacts with a deal created (M7) or marked closed (M8) while they were enrolled; `won` is the headline."""

    created: Figure
    closed: Figure
    won: Figure
    lost: Figure
    revenue: Revenue


def deal_figures(session: Session, schema: Schema, filters: Filters | None = None) -> dict[str, DealFigures]:
    """By the name of the sequence, all of them by one statement; {} where the schema has no deals."""
    c = chosen(session, filters or Filters())
    counts = _counts(session, schema, c, (filters or Filters()).kind, "e.definition_id")
    if counts is None:
        return {}
    return {name: _figures(counts.get(id_, {}), schema) for id_, name, _, _ in c.definitions}


def deal_totals(session: Session, schema: Schema, filters: Filters | None = None) -> DealFigures | None:
    """All sequences as one: a contact of several counts once, and so does a deal's money."""
    c = chosen(session, filters or Filters())
    counts = _counts(session, schema, c, (filters or Filters()).kind, None)
    return None if counts is None else _figures(counts.get(0, {}), schema)


def _figures(n: Mapping[str, int], schema: Schema) -> DealFigures:
    base = n.get("enrolled", 0)
    created, won, lost, closed = (figure(name, n.get(name, 0), base) for name in _CONTACTS)
    deals = figure("deals_of_revenue", n.get("deals_of_revenue", 0), n.get("deals", 0))
    currency = schema.objects["deal"].properties["amount"].type.currency or ""
    return DealFigures(created, closed, won, lost, Revenue(n.get("revenue", 0), currency, deals))


def _counts(
    session: Session, schema: Schema, c: Chosen, kind: str, group: str | None
) -> dict[int, dict[str, int]] | None:
    if not has_deals(schema):
        return None
    values = c.values | {"kind": kind}
    stages = _Stages(schema, values)
    by = f" GROUP BY {group}" if group else ""
    counted = " UNION ALL ".join(
        f"SELECT '{','.join(facts)}' AS facts, {group or '0'} AS of_group, {_columns(facts.values())} FROM {rows}{by}"
        for facts, rows in _facts(c, group is not None)
    )
    before = ", ".join(f"{name} AS MATERIALIZED ({rows})" for name, rows in _known(stages).items())
    found: dict[int, dict[str, int]] = {}
    for names, of_group, *numbers in session.bound(f"WITH {before} {counted}", values):
        mine = found.setdefault(of_group, {})
        mine.update((name, int(n or 0)) for name, n in zip(names.split(","), numbers, strict=False))
    return found


def _known(stages: _Stages) -> dict[str, str]:
    """What the statements of facts begin with: who has which deal, when these were closed, what each won one brings."""
    pairs = _PAIRS.format(won=stages.won("d.pipeline", "d.stage"))
    return {"pair": pairs, "closing": _closings(stages), "share": _SHARES}


@dataclass(frozen=True, slots=True)
class OfEnrollments:
    """SQL of (bucket, id) of the enrollments of sequences of which a fact is true, by its name, and of `revenue`
    (bucket, id, amount); `before`: what stands in WITH, to be worked out once; `values`: parameters beside `now`."""

    before: Mapping[str, str]
    facts: Mapping[str, str]
    values: Mapping[str, object]


def of_enrollments(schema: Schema) -> OfEnrollments:
    """M7-M10 for each enrollment by itself. The schema `has_deals`."""
    values: dict[str, object] = {"kind": "sequence"}
    stages = _Stages(schema, values)
    sequences = "e.definition_id IN (SELECT f.id FROM segue_definition f WHERE f.kind = :kind)"
    closed = f"SELECT DISTINCT e.bucket, e.id FROM {_CLOSED} AND {sequences}"
    facts = {
        "deals_created": f"SELECT DISTINCT e.bucket, e.id FROM {_OWNED} AND {_MEANWHILE}",
        "deals_closed": closed,
        "deals_won": f"{closed} AND k.won = 1",
        "deals_lost": f"{closed} AND k.won = 0",
        "revenue": "SELECT p.bucket, p.owner AS id, CAST(sum(p.amount) AS BIGINT) AS amount FROM share p "
        "GROUP BY p.bucket, p.owner",
    }
    return OfEnrollments(_known(stages), facts, values)


def has_deals(schema: Schema) -> bool:
    """As the standard CRM has them."""
    deal, contact = schema.objects.get("deal"), schema.objects.get("contact")
    return (
        deal is not None
        and contact is not None
        and deal.properties.keys() >= {"amount", "pipeline", "stage"}
        and "deal" in contact.associations
    )


def _columns(counted: Collection[str]) -> str:
    return ", ".join([*counted, *["0"] * (3 - len(counted))])


def _facts(c: Chosen, by_definition: bool) -> list[tuple[dict[str, str], str]]:
    """({fact: what is counted}, rows with the enrollment `e`); what one pass over rows can tell stands together."""
    contacts = "count(DISTINCT {})".format
    created = f"CASE WHEN {_MEANWHILE} THEN e.contact_id END"
    return [
        ({"enrolled": "count(*)"}, f"({_people(c, by_definition)}) e"),
        (
            {
                "deals_created": contacts(created),
                "deals": contacts("p.deal_id"),
                "deals_of_revenue": contacts("CASE WHEN p.won = 1 THEN p.deal_id END"),
            },
            f"{_OWNED} AND {c.where}",
        ),
        (
            {
                "deals_closed": contacts("e.contact_id"),
                "deals_won": contacts("CASE WHEN k.won = 1 THEN e.contact_id END"),
                "deals_lost": contacts("CASE WHEN k.won = 0 THEN e.contact_id END"),
            },
            f"{_CLOSED} AND {c.where}",
        ),
        ({"revenue": "sum(p.amount)"}, _OWNED.replace("pair", "share") + f" AND {c.where}"),
    ]


_OWNED = "pair p CROSS JOIN segue_enrollment e WHERE e.bucket = p.bucket AND e.id = p.owner"
_MEANWHILE = "p.created_at <= coalesce(e.ended_at, :now)"  # M7: while they were enrolled
# A deal that is older than their first enrollment belongs to none: it counts wherever it was closed (M8).
_CLOSED = (
    "closing k CROSS JOIN pair p CROSS JOIN segue_enrollment e LEFT JOIN segue_enrollment o ON o.bucket = p.bucket "
    "AND o.id = p.owner WHERE p.deal_bucket = k.bucket AND p.deal_id = k.id AND e.bucket = p.bucket "
    "AND e.contact_id = p.contact_id AND e.enrolled_at <= k.at AND k.at <= coalesce(e.ended_at, :now) "
    "AND (p.owner IS NULL OR o.definition_id = e.definition_id)"
)


def _people(c: Chosen, by_definition: bool) -> str:
    """Each contact of M1 once; their index has them in this order, so that nothing is sorted."""
    definition = ", e.definition_id" if by_definition else ""
    return f"SELECT DISTINCT e.bucket, e.contact_id{definition} FROM segue_enrollment e WHERE {c.in_order}"


# Of deleted contacts only the tombstone knows their deals (M24). Where two enrollments began at one instant, the one
# that was made last is the latest.
_PAIRS = (
    "SELECT l.bucket, l.contact_id, l.deal_bucket, l.deal_id, d.created_at, d.amount, {won} AS won, "
    "(SELECT o.id FROM segue_enrollment o "
    "WHERE o.bucket = l.bucket AND o.contact_id = l.contact_id AND o.enrolled_at <= d.created_at "
    "AND o.definition_id IN (SELECT f.id FROM segue_definition f WHERE f.kind = :kind) "
    "ORDER BY o.enrolled_at DESC, o.entered_at DESC, o.id DESC LIMIT 1) AS owner "
    "FROM (SELECT bucket, id AS contact_id, to_bucket AS deal_bucket, to_id AS deal_id FROM link_contact_deal "
    "UNION SELECT bucket, id, to_bucket, to_id FROM segue_tombstone WHERE name = 'deal') l "
    "JOIN deal d ON d.bucket = l.deal_bucket AND d.id = l.deal_id WHERE d.created_at <= :now "
    "AND EXISTS (SELECT 1 FROM segue_enrollment x WHERE x.bucket = l.bucket AND x.contact_id = l.contact_id)"
)


# The amount of each won deal, in equal parts for the contacts of whom it belongs to an enrollment; what does not divide
# is spread, so that the parts are the whole (M10).
_SHARES = (
    "SELECT g.bucket, g.owner, g.amount * g.nr / g.n - g.amount * (g.nr - 1) / g.n AS amount FROM (SELECT p.bucket, "
    "p.owner, p.amount, row_number() OVER (PARTITION BY p.deal_id ORDER BY p.contact_id) AS nr, "
    "count(*) OVER (PARTITION BY p.deal_id) AS n FROM pair p WHERE p.owner IS NOT NULL AND p.won = 1) g"
)


class _Stages:
    """SQL of what is closed and won, by pipeline and stage (X33)."""

    def __init__(self, schema: Schema, values: dict[str, object]) -> None:
        self.pairs = [(p.name, s) for p in schema.pipelines_of("deal") for s in p.stages if s.closed or s.won]
        self.names = {
            (pipeline, stage.name): placeholders(f"stage{i}_", (pipeline, stage.name), values)
            for i, (pipeline, stage) in enumerate(self.pairs)
        }

    def won(self, pipeline: str, stage: str) -> str:
        """1 where those two say it is won, 0 where it is closed and not won, else NULL."""
        won, lost = (self._among(pipeline, stage, won) for won in (True, False))
        return f"CASE WHEN {won} THEN 1 WHEN {lost} THEN 0 END"

    def _among(self, pipeline: str, stage: str, won: bool) -> str:
        of = [self.names[p, s.name].split(", ") for p, s in self.pairs if s.won == won]
        return "(" + " OR ".join([f"{pipeline} = {p} AND {stage} = {s}" for p, s in of] or ["1 = 0"]) + ")"


def _closings(stages: _Stages) -> str:
    """(bucket, id, at, won) of each instant at which a deal came to be won, or closed and not won: as it was created,
    or by a change of its stage or pipeline."""
    moments = (
        "SELECT d.bucket, d.id, d.created_at AS at, 1 AS first FROM (SELECT DISTINCT deal_bucket, deal_id FROM pair) p "
        "CROSS JOIN deal d WHERE d.bucket = p.deal_bucket AND d.id = p.deal_id "
        "UNION SELECT h.bucket, h.id, h.at, 0 FROM (SELECT DISTINCT deal_bucket, deal_id, created_at FROM pair) p "
        "CROSS JOIN segue_property_history h WHERE h.bucket = p.deal_bucket AND h.object = 'deal' AND h.id = p.deal_id "
        "AND h.property IN ('stage', 'pipeline') AND h.at > p.created_at AND h.at <= :now"
    )
    states = (
        f"SELECT m.bucket, m.id, m.at, m.first, {_as_of('pipeline', '>')} AS pipeline, "
        f"{_as_of('stage', '>')} AS stage, {_as_of('pipeline', '>=')} AS old_pipeline, "
        f"{_as_of('stage', '>=')} AS old_stage "
        f"FROM ({moments}) m CROSS JOIN deal d WHERE d.bucket = m.bucket AND d.id = m.id"
    )
    was = stages.won("s.old_pipeline", "s.old_stage")
    turns = (
        f"SELECT s.bucket, s.id, s.at, {stages.won('s.pipeline', 's.stage')} AS won, "
        f"CASE WHEN s.first = 0 THEN {was} END AS was_won FROM ({states}) s"
    )
    return (
        f"SELECT q.bucket, q.id, q.at, q.won FROM ({turns}) q "
        "WHERE q.won IS NOT NULL AND q.won IS DISTINCT FROM q.was_won"
    )


def _as_of(name: str, after: str) -> str:
    """What a property of the deal `d` was at the instant `m.at`, or (`>=`) before it: the old value of what changed it
    next, else the present one."""
    return (
        f"coalesce((SELECT coalesce(h.old, '') FROM segue_property_history h WHERE h.bucket = d.bucket "
        f"AND h.object = 'deal' AND h.id = d.id AND h.property = '{name}' AND h.at {after} m.at "
        f"ORDER BY h.at, h.seq LIMIT 1), d.{name})"
    )
