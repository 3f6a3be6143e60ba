"""`acted`: what segue_activity keeps of all acts together. The schema says which kinds of event are acts; where it says
something else than when the rows were written, they are made anew (decision 0021)."""

from __future__ import annotations

from ...query.scope import ACTED, Scope
from ...store import meta
from ...store.session import Session, placeholders
from ..judging.dependencies import goes_by


def keep_acts(session: Session, scope: Scope) -> None:
    """Bring the rows of `acted` to the schema; one look at segue_meta where it did not change."""
    told = goes_by(scope.program)["acts"]
    if meta.read(session, "acts") == told:
        return
    session.run("DELETE FROM segue_activity WHERE event = :acted", acted=ACTED)
    gather_acts(session, scope.acts())
    meta.write(session, "acts", told)


def gather_acts(session: Session, acts: tuple[str, ...]) -> None:
    """Write the rows of `acted` from those of the kinds; there are none yet."""
    values: dict[str, object] = {"acted": ACTED}
    session.bound(
        "INSERT INTO segue_activity (event, bucket, id, count, first_at, last_at)"
        " SELECT :acted, a.bucket, a.id, sum(a.count), min(a.first_at), max(a.last_at) FROM segue_activity a"
        f" WHERE a.event IN ({placeholders('kind', acts or ('',), values)}) GROUP BY a.bucket, a.id",
        values,
    )
