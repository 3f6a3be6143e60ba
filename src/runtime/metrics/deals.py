"""Deals and revenue of sequences (M7-M10): contacts are counted, deals are not, and money is counted once per deal.

A deal belongs, for each of its contacts by themselves, to the latest of their enrollments that had begun when it was
created (M9): `pair.owner`. What is `closed` and `won` tell the pipelines of the schema; when, the history of stage and
pipeline (X34).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dsl.english.literals import major
from dsl.schema.model import Schema

from ..store.session import Session, placeholders
from ..store.sums import halves, together
from .figures import Figure, figure
from .filters import Chosen, Filters, chosen

_MEANWHILE = "q.created_at <= q.until"  # M7: while they were enrolled
_CONTACTS = ("deals_created", "deals_won", "deals_lost", "deals_closed")


@dataclass(frozen=True, slots=True)
class Revenue:
    """`amount` in minor units of `currency`, the account's unless the schema gives amounts another one. `deals`: the
    won ones of those that belong to an enrollment."""

    amount: int
    currency: str
    deals: Figure

    def as_json(self) -> dict[str, object]:
        """The amount as reports give it: text, in major units."""
        return {"amount": major(self.amount, self.currency), "currency": self.currency, "deals": self.deals}


@dataclass(frozen=True, slots=True)
class DealFigures:
    """Contacts with a deal created (M7) or marked closed (M8) while they were enrolled; `won` is the headline."""

    created: Figure
    closed: Figure
    won: Figure
    lost: Figure
    revenue: Revenue


@dataclass(frozen=True, slots=True)
class DealOverview:
    """`total`: all sequences as one, where a contact of several counts once, and so does a deal's money; `sequences` by
    name."""

    total: DealFigures
    sequences: dict[str, DealFigures]


def deal_overview(session: Session, schema: Schema, filters: Filters | None = None) -> DealOverview | None:
    """By one statement of figures; None where the schema has no deals."""
    c = chosen(session, filters or Filters())
    counts = _counts(session, schema, c, (filters or Filters()).kind)
    return None if counts is None else DealOverview(_figures(counts.get(0, {}), schema), _by_name(c, counts, schema))


def _by_name(c: Chosen, counts: Mapping[int, Mapping[str, int]], schema: Schema) -> dict[str, DealFigures]:
    return {name: _figures(counts.get(id_, {}), schema) for id_, name, _, _ in c.definitions}


def _figures(n: Mapping[str, int], schema: Schema) -> DealFigures:
    base = n.get("enrolled", 0)
    created, won, lost, closed = (figure(name, n.get(name, 0), base) for name in _CONTACTS)
    deals = figure("deals_of_revenue", n.get("deals_of_revenue", 0), n.get("deals", 0))
    currency = schema.objects["deal"].properties["amount"].type.currency or "USD"
    amount = together(n.get("revenue_high"), n.get("revenue_low"))
    return DealFigures(created, closed, won, lost, Revenue(amount, currency, deals))


def _counts(session: Session, schema: Schema, c: Chosen, kind: str) -> dict[int, dict[str, int]] | None:
    """By the number of the definition, and by 0 of all."""
    if not has_deals(schema):
        return None
    values = c.values | {"kind": kind}
    known = _known(_Stages(schema, values), c.whole) | {"paid": f"{_PAID} AND {c.where}"}
    counted = " UNION ALL ".join(
        f"SELECT '{','.join(facts)}' AS facts, {group} AS of_group, {_columns(facts.values())} FROM {rows} q"
        + (f" GROUP BY {group}" if group != "0" else "")
        for group in ("0", "definition_id")
        for facts, rows in _facts(c, group)
    )
    before = ", ".join(f"{name} AS MATERIALIZED ({rows})" for name, rows in known.items())
    found: dict[int, dict[str, int]] = {}
    for names, of_group, *numbers in session.bound(f"WITH {before} {counted}", values):
        mine = found.setdefault(of_group, {})
        mine.update((name, int(n or 0)) for name, n in zip(names.split(","), numbers, strict=False))
    return found


def _known(stages: _Stages, those: str) -> dict[str, str]:
    """What the statements of facts begin with: who has which deal, in which of `those` enrollments `e` it counts, when
    it was closed meanwhile, what each won one brings."""
    pairs = _PAIRS.format(won=stages.won("d.pipeline", "d.stage"))
    return {"pair": pairs, "stay": f"{_STAYS} AND {those}", **_closings(stages), "share": _SHARES}


@dataclass(frozen=True, slots=True)
class OfEnrollments:
    """SQL of (bucket, id, a column for each fact) of the enrollments of sequences of which any is true; of `revenue`
    its halves, `revenue_high` and `revenue_low`. `before`: what stands in WITH, to be worked out once; `values`:
    parameters beside `now`."""

    before: Mapping[str, str]
    rows: str
    values: Mapping[str, object]


_TRUE_OF = {
    "deals_created": f"stay q WHERE q.owned = 1 AND {_MEANWHILE}",
    "deals_closed": "closing q",
    "deals_won": "closing q WHERE q.won = 1",
    "deals_lost": "closing q WHERE q.won = 0",
}


def of_enrollments(schema: Schema, facts: Collection[str]) -> OfEnrollments:
    """M7-M10 for each enrollment by itself. The schema `has_deals`."""
    values: dict[str, object] = {"kind": "sequence"}
    sequences = "+e.definition_id IN (SELECT f.id FROM segue_definition f WHERE f.kind = :kind)"
    names = [fact for fact in _TRUE_OF if fact in facts]
    which = "SELECT q.bucket, q.enrollment_id AS id, '{}' AS fact, CAST(NULL AS BIGINT) AS amount FROM {}"
    rows = [which.format(name, _TRUE_OF[name]) for name in names]
    columns = [f"max(CASE WHEN t.fact = '{name}' THEN 1 ELSE 0 END) AS {name}" for name in names]
    if "revenue" in facts:
        rows.append("SELECT p.bucket, p.owner AS id, 'revenue' AS fact, p.amount FROM share p")
        columns += [f"{half} AS revenue_{name}" for name, half in zip(("high", "low"), halves("t.amount"), strict=True)]
    told = f"SELECT t.bucket, t.id, {', '.join(columns)} FROM ({' UNION ALL '.join(rows)}) t GROUP BY t.bucket, t.id"
    return OfEnrollments(_known(_Stages(schema, values), sequences), told, values)


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


def _facts(c: Chosen, group: str) -> list[tuple[dict[str, str], str]]:
    """({fact: what is counted}, rows); what one pass over rows can tell stands together."""
    contacts = "count(DISTINCT {})".format
    return [
        ({"enrolled": "count(*)"}, f"({_people(c, group)})"),
        (
            {
                "deals_created": contacts(f"CASE WHEN {_MEANWHILE} THEN q.contact_id END"),
                "deals": contacts("q.deal_id"),
                "deals_of_revenue": contacts("CASE WHEN q.won = 1 THEN q.deal_id END"),
            },
            "(SELECT * FROM stay o WHERE o.owned = 1)",
        ),
        (
            {
                "deals_closed": contacts("q.contact_id"),
                "deals_won": contacts("CASE WHEN q.won = 1 THEN q.contact_id END"),
                "deals_lost": contacts("CASE WHEN q.won = 0 THEN q.contact_id END"),
            },
            "closing",
        ),
        (dict(zip(("revenue_high", "revenue_low"), halves("q.amount"), strict=True)), "paid"),
    ]


# The enrollments in which a deal of theirs counts: those of the sequence it belongs to. One that is older than their
# first enrollment belongs to none: it counts wherever it was closed (M8).
_STAYS = (
    "SELECT e.bucket, e.id AS enrollment_id, e.definition_id, e.contact_id, e.enrolled_at AS since, "
    "coalesce(e.ended_at, :now) AS until, p.deal_bucket, p.deal_id, p.created_at, p.pipeline, p.stage, p.won, "
    "CASE WHEN p.owner = e.id THEN 1 ELSE 0 END AS owned FROM pair p CROSS JOIN segue_enrollment e "
    "WHERE e.bucket = p.bucket AND e.contact_id = p.contact_id AND (p.owner IS NULL OR p.owner = e.id OR EXISTS "
    "(SELECT 1 FROM segue_enrollment o WHERE o.bucket = p.bucket AND o.id = p.owner "
    "AND o.definition_id = e.definition_id))"
)
_PAID = (
    "SELECT e.definition_id, p.amount FROM share p CROSS JOIN segue_enrollment e "
    "WHERE e.bucket = p.bucket AND e.id = p.owner"
)


def _people(c: Chosen, group: str) -> str:
    """Each contact of M1 once; their index has them in this order, so that nothing is sorted."""
    definition = ", e.definition_id" if group != "0" else ""
    return f"SELECT DISTINCT e.bucket, e.contact_id{definition} FROM segue_enrollment e WHERE {c.in_order}"


# Of deleted contacts only the tombstone knows their deals (M24). Where two enrollments began at one instant, the one
# that was made last is the latest.
_PAIRS = (
    "SELECT l.bucket, l.contact_id, l.deal_bucket, l.deal_id, d.created_at, d.amount, d.pipeline, d.stage, "
    "{won} AS won, (SELECT o.id FROM segue_enrollment o "
    "WHERE o.bucket = l.bucket AND o.contact_id = l.contact_id AND o.enrolled_at <= d.created_at "
    "AND +o.definition_id IN (SELECT f.id FROM segue_definition f WHERE f.kind = :kind) "
    "ORDER BY o.enrolled_at DESC, o.entered_at DESC, o.id DESC LIMIT 1) AS owner "
    "FROM (SELECT bucket, id AS contact_id, to_bucket AS deal_bucket, to_id AS deal_id FROM link_contact_deal "
    "UNION ALL SELECT t.bucket, t.id, t.to_bucket, t.to_id FROM segue_tombstone t WHERE t.name = 'deal' "
    "AND NOT EXISTS (SELECT 1 FROM link_contact_deal k WHERE k.bucket = t.bucket AND k.id = t.id "
    "AND k.to_bucket = t.to_bucket AND k.to_id = t.to_id)) l "
    "JOIN deal d ON d.bucket = l.deal_bucket AND d.id = l.deal_id WHERE d.created_at <= :now"
)


# The amount of each won deal, in equal parts for the contacts of whom it belongs to an enrollment; what does not divide
# is spread, so that the parts are the whole (M10). That alone is multiplied, as an amount may have 63 bits.
_SHARES = (
    "SELECT g.bucket, g.owner, g.amount / g.n + g.amount % g.n * g.nr / g.n - g.amount % g.n * (g.nr - 1) / g.n "
    "AS amount FROM (SELECT p.bucket, "
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

    def closed(self, stage: str) -> str:
        """Whether a stage of that name is closed in any pipeline."""
        names = [pair.split(", ")[1] for pair in self.names.values()]
        return f"{stage} IN ({', '.join(names)})" if names else "1 = 0"

    def _among(self, pipeline: str, stage: str, won: bool) -> str:
        of = [self.names[p, s.name].split(", ") for p, s in self.pairs if s.won == won]
        return "(" + " OR ".join([f"{pipeline} = {p} AND {stage} = {s}" for p, s in of] or ["1 = 0"]) + ")"


def _closings(stages: _Stages) -> dict[str, str]:
    """`closing`: (bucket, enrollment_id, definition_id, contact_id, won) of the instants at which a deal came to be
    won, or closed and not won, while somebody was enrolled: as it was created, or by a change of its stage or pipeline.
    In steps, each materialized: most are of no closed stage, and it is for the others alone that one looks up what the
    deal was besides."""
    of = "q.bucket, q.enrollment_id, q.definition_id, q.contact_id"
    deal = "q.deal_bucket, q.deal_id, q.pipeline, q.stage"
    moments = (
        f"SELECT {of}, {deal}, q.created_at AS at, 1 AS first FROM stay q "
        "WHERE q.created_at BETWEEN q.since AND q.until "
        f"UNION ALL SELECT {of}, {deal}, h.at, 0 FROM stay q CROSS JOIN segue_property_history h "
        # The first says nothing new, but of a deal that came after their time nothing is looked up then.
        "WHERE q.until > q.created_at AND h.bucket = q.deal_bucket AND h.object = 'deal' AND h.id = q.deal_id "
        "AND h.property IN ('stage', 'pipeline') AND h.at > q.created_at AND h.at BETWEEN q.since AND q.until "
        f"AND (h.property = 'pipeline' OR h.new IS NULL OR {stages.closed('h.new')})"
    )
    staged = f"SELECT m.*, {_as_of('stage', '>')} AS new_stage FROM ({moments}) m"
    states = (
        f"SELECT m.*, {_as_of('pipeline', '>')} AS new_pipeline, "
        f"{_as_of('pipeline', '>=')} AS old_pipeline, {_as_of('stage', '>=')} AS old_stage "
        f"FROM staged m WHERE {stages.closed('m.new_stage')}"
    )
    won, was_won = (stages.won(f"q.{when}_pipeline", f"q.{when}_stage") for when in ("new", "old"))
    turns = f"SELECT {of}, {won} AS won, CASE WHEN q.first = 0 THEN {was_won} END AS was_won FROM stated q"
    closing = f"SELECT {of}, q.won FROM ({turns}) q WHERE q.won IS NOT NULL AND q.won IS DISTINCT FROM q.was_won"
    return {"staged": staged, "stated": states, "closing": closing}


def _as_of(name: str, after: str) -> str:
    """What a property of a deal was at the instant `m.at`, or (`>=`) before it: the old value of what changed it next,
    else the present one, as `m` has it."""
    return (
        f"coalesce((SELECT coalesce(h.old, '') FROM segue_property_history h WHERE h.bucket = m.deal_bucket "
        f"AND h.object = 'deal' AND h.id = m.deal_id AND h.property = '{name}' AND h.at {after} m.at "
        f"ORDER BY h.at, h.seq LIMIT 1), m.{name})"
    )
