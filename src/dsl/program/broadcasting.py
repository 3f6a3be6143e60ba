"""A broadcast as the engine runs it: a definition of one step, which takes each person in once, for ever (L14)."""

from __future__ import annotations

from .blocks import Finish, Graph, Send
from .definitions import Again, Definition, Guards, Manually, OnSchedule, Pinned
from .others import Broadcast


def mailing(broadcast: Broadcast) -> Definition:
    """All of whom `to` is true at one instant, at `at` or when it is told to, are in and are mailed; who was in before,
    by an older text of it too, is not. `suppress` keeps people out and takes out those whose mail still waits."""
    trigger = OnSchedule(once=broadcast.at) if broadcast.at is not None else Manually()
    graph = Graph((Send(broadcast.template, 1), Finish()), 0)
    return Definition(
        broadcast.name, broadcast.label, trigger, broadcast.to, Again("never"), False, False, 0, "log",
        Guards(suppress=broadcast.suppress), Pinned("broadcast", "contact", graph), broadcast.span,
    )  # fmt: skip
