"""When after the start a step is surely reached: what two definitions do at the very same moment."""

from __future__ import annotations

from collections.abc import Sequence

from ..program.conditions import Duration
from ..source import Span
from ..syntax import nodes
from .durations import duration

Moment = tuple[Duration, ...]  # the waits since the start

# Steps that everybody passes at once. Not among them: a mail, which rests until it is sent, and whatever decides.
_AT_ONCE = (
    nodes.Set,
    nodes.Clear,
    nodes.Add,
    nodes.Notify,
    nodes.LogNote,
    nodes.Slack,
    nodes.Webhook,
    nodes.Segmented,
    nodes.Create,
    nodes.Link,
    nodes.Assign,
)


def sure_moments(statements: Sequence[nodes.Statement]) -> dict[Span, Moment]:
    """The moment of each step that everybody comes to, as far as that can be said."""
    found: dict[Span, Moment] = {}
    waited: Moment = ()
    for statement in statements:
        if isinstance(statement, nodes.Wait):
            waited = (*waited, duration(statement.length))
        elif isinstance(statement, _AT_ONCE):
            found[statement.span] = waited
        else:
            break
    return found
