"""Why one record is in a segment, or is not: each part of its condition, and when it joined and left."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import StoreError
from ..operators.arguments import known, record
from ..project.loading import Loaded
from ..project.scopes import scope_of
from ..reading.members import number_of
from ..store import meta
from ..store.ids import bucket_of
from ..store.session import Session
from .proof import Part, Proof


@dataclass(frozen=True, slots=True)
class Belonging:
    """As of `at`, the store's clock. `part` is what the condition says of the record, None of a segment that is kept by
    hand; `stays` are the times (µs) it joined and left, the last open where it is inside."""

    segment: str
    object: str
    id: int
    at: int
    inside: bool
    part: Part | None
    stays: tuple[tuple[int, int | None], ...]


def belonging(session: Session, loaded: Loaded, segment: str, text: str) -> Belonging:
    """`text` names the record. Raises UnknownName, StoreError for a store that was never run."""
    rule = loaded.program.segments[known("segment", segment, loaded.program.segments)]
    id_ = record(session, loaded.schema, rule.object, text)
    at = meta.clock(session)
    if at is None:
        raise StoreError("nothing has been run on this store yet", "`segue run` judges the segments")
    stays = session.run(
        "SELECT joined_at, left_at FROM segue_membership WHERE segment_id = :segment AND bucket = :bucket AND id = :id"
        " ORDER BY joined_at",
        segment=number_of(session, segment), bucket=bucket_of(id_), id=id_,
    )  # fmt: skip
    proof = Proof(session, scope_of(session, loaded), rule.object, id_, at)
    part = proof(rule.condition) if rule.condition is not None else None
    inside = bool(stays) and stays[-1][1] is None
    return Belonging(segment, rule.object, id_, at, inside, part, tuple((j, left) for j, left in stays))
