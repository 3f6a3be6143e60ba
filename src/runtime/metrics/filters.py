"""Which enrollments a report looks at, as values and as SQL. E of the domain's notation is what passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..store import meta
from ..store.ids import bucket_of
from ..store.session import FOR_EVER, Session, placeholders


@dataclass(frozen=True, slots=True)
class Filters:
    """All that are given must hold. Instants are µs; `since` is included, `until` is not.

    `companies` are ids of company records; `enrolled_by` names users (who asks turns "me" into a name)."""

    sequences: tuple[str, ...] = ()
    companies: tuple[int, ...] = ()
    enrolled_by: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    statuses: tuple[str, ...] = ()
    kind: str = "sequence"


@dataclass(frozen=True, slots=True)
class Chosen:
    """`where` is a condition on `segue_enrollment e`; its parameters and those of every report stand in `values`.

    SQLite is told how to go through the enrollments, by what keeps it from an index (`led`). PostgreSQL goes by its own
    figures, which such marks hide from it: it took them for one in two hundred of all."""

    where: str
    values: dict[str, object]
    definitions: tuple[tuple[int, str, str, int], ...]  # id, name, label, activated_at
    events: frozenset[str]
    narrowed: bool = False  # `where` asks for more than the definition
    led: bool = True

    def of_definitions(self, alias: str) -> str:
        """The condition that chooses the definitions, on another table with their number."""
        return self.where.split(" AND ", 1)[0].replace("e.", f"{alias}.", 1)

    @property
    def whole(self) -> str:
        """`where`, so worded that SQLite reads the enrollments from front to back: by the index of the definition it
        would fetch each from another page."""
        return f"+{self.where}" if self.led else self.where

    @property
    def in_index_of_people(self) -> str:
        """What chooses the definitions alone, by the index that has the people in order and nothing else."""
        return f"e.bucket >= 0 AND +{self.of_definitions('e')}" if self.led else self.of_definitions("e")

    @property
    def in_order(self) -> str:
        """`where`, so worded that SQLite goes through the enrollments in the order of their people and not by the index
        of the definition: whatever is looked up for each of them then lies near to what was looked up before."""
        return f"e.bucket >= 0 AND +{self.where}" if self.led else self.where

    @property
    def in_index(self) -> str:
        """`where` for what the index of the definition has all of; where more is asked than it has, as `in_order`."""
        return self.in_order if self.narrowed else self.where


def chosen(session: Session, filters: Filters) -> Chosen:
    """Look up what the filters name. A name nobody knows chooses nothing."""
    definitions = _definitions(session, filters)
    values: dict[str, object] = {"now": clock(session)}
    ids = placeholders("d", [d[0] for d in definitions], values)
    of_these = f"e.definition_id IN ({ids})" if ids else "1 = 0"
    parts = list(narrowing(filters, values))
    events = meta.tables(session, "event_")
    led = session.dialect == "sqlite" and bool(definitions)
    return Chosen(" AND ".join([of_these, *parts]), values, definitions, events, bool(parts), led)


def clock(session: Session) -> int:
    """The store's clock in µs; before the first tick nothing is in the future."""
    found = meta.clock(session)
    return found if found is not None else FOR_EVER


def _definitions(session: Session, filters: Filters) -> tuple[tuple[int, str, str, int], ...]:
    rows = session.run(
        "SELECT id, name, label, activated_at FROM segue_definition WHERE kind = :kind ORDER BY name", kind=filters.kind
    )
    wanted = set(filters.sequences)
    return tuple((r[0], r[1], r[2], r[3]) for r in rows if not wanted or r[1] in wanted)


def narrowing(filters: Filters, values: dict[str, object], e: str = "e") -> Iterator[str]:
    """Conditions on an enrollment `e` of what the filters ask for beside its definition."""
    if filters.enrolled_by:
        yield f"{e}.enrolled_by IN ({placeholders('u', filters.enrolled_by, values)})"
    if filters.statuses:
        yield f"{e}.status IN ({placeholders('s', filters.statuses, values)})"
    if filters.since is not None:
        values["since"] = filters.since
        yield f"{e}.enrolled_at >= :since"
    if filters.until is not None:
        values["until"] = filters.until
        yield f"{e}.enrolled_at < :until"
    if filters.companies:
        # From the company to its people, who are few among a million.
        buckets = placeholders("cb", sorted({bucket_of(id_) for id_ in filters.companies}), values)
        companies = placeholders("c", filters.companies, values)
        yield (
            f"(({e}.bucket, {e}.contact_id) IN (SELECT l.to_bucket, l.to_id FROM link_company_contact l"
            f" WHERE l.bucket IN ({buckets}) AND l.id IN ({companies}))"
            # Who was deleted still counts for their company (M24).
            f" OR ({e}.bucket, {e}.contact_id) IN (SELECT l.bucket, l.id FROM segue_tombstone l"
            f" WHERE l.name = 'company' AND l.to_bucket IN ({buckets}) AND l.to_id IN ({companies})))"
        )
