"""Kept memberships put right by the engine itself, which judges every kept condition for everybody at its clock; and
what is kept of the acts that figures count."""

from __future__ import annotations

from ..access.audit import acting, permit
from ..access.roles import actor
from ..channels.base import Channel
from ..engine.tick import Engine
from ..errors import InvalidInput
from ..project.loading import Loaded
from ..store import seen
from ..store.names import quoted
from ..store.store import Store


def rebuild(loaded: Loaded, store: Store, channel: Channel, by: str | None = None) -> tuple[int, int]:
    """How many memberships began and ended. Who joins by it is `already true` and enters nothing, as after an edit of
    the rule (X1). `by`: who asks, without a name whoever sits at the machine. Raises NotAllowed, StoreBusy
    while a worker runs, InvalidInput where nothing was ever run.

    It is what `segue run` does when it starts, with every condition taken for edited; cut short, the next run does it.
    """
    who = actor(loaded.project, by)
    with store.session() as session:
        permit(session, who, "rebuild")
    engine = Engine(store, loaded.program, channel)
    try:
        clock = engine.clock
        if clock is None:
            raise InvalidInput("the store was never run, so nothing is kept", "`segue run` judges the segments")
        before = _memberships(engine, clock)
        with acting(engine.session, who, "rebuild"):
            _release_the_gone(engine, clock)
            seen.keep(engine.session)
            engine.session.run("UPDATE segue_segment SET hash = '' WHERE kind <> 'static'")
        engine.go_live(clock)
        began, ended = _memberships(engine, clock)
        return began - before[0], ended - before[1]
    finally:
        engine.close()


def _release_the_gone(engine: Engine, clock: int) -> None:
    """Members that are no records any more: the engine only looks at those there are."""
    for number, of in engine.session.run("SELECT id, object FROM segue_segment"):
        engine.session.run(
            "UPDATE segue_membership SET left_at = :t WHERE segment_id = :segment AND left_at IS NULL AND NOT EXISTS"
            f" (SELECT 1 FROM {quoted(of)} r WHERE r.bucket = segue_membership.bucket AND r.id = segue_membership.id)",
            t=clock,
            segment=number,
        )


def _memberships(engine: Engine, clock: int) -> tuple[int, int]:
    """How many began, and how many ended, at `clock`."""
    ((began, ended),) = engine.session.run(
        "SELECT coalesce(sum(CASE WHEN m.joined_at = :t THEN 1 ELSE 0 END), 0),"
        " coalesce(sum(CASE WHEN m.left_at = :t THEN 1 ELSE 0 END), 0) FROM segue_membership m"
        " WHERE m.joined_at = :t OR m.left_at = :t",
        t=clock,
    )
    return int(began), int(ended)
