"""Loops that the checker could not see and the engine stopped (X28): who would have been taken in once too often."""

from __future__ import annotations

from collections.abc import Mapping

from ..store.session import Session

Loops = Mapping[str, int]  # refusals by `workflow tag`


def loops(session: Session, after: int = 0) -> Loops:
    """All that was stopped so far, or `after` an instant."""
    return dict(
        session.run(
            "SELECT d.kind || ' ' || d.name, count(*) FROM segue_refusal r CROSS JOIN segue_definition d"
            " WHERE r.reason = 'loop_guard' AND r.at > :after AND d.id = r.definition_id"
            " GROUP BY d.kind, d.name ORDER BY 1",
            after=after,
        )
    )


def since(before: Loops, after: Loops) -> Loops:
    return {name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)}


def words(name: str, count: int, limit: int) -> str:
    """What `segue run` says of one definition."""
    times = "once" if count == 1 else f"{count:,} times"
    return (
        f"{name}: stopped {times} for a record that was enrolled {limit} times within an hour, or came round again and "
        "again at one instant: it seems to go in a circle; `segue why CONTACT NAME` tells more"
    )
