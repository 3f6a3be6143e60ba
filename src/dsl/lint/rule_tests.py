"""The lines of a `test` as rules look at them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..syntax import nodes

EXPECTATIONS = (
    nodes.ExpectMail,
    nodes.ExpectTask,
    nodes.ExpectNotice,
    nodes.ExpectFields,
    nodes.ExpectMember,
    nodes.ExpectEnded,
    nodes.ExpectCall,
    nodes.ExpectNote,
    nodes.ExpectCreated,
    nodes.ExpectLink,
    nodes.ExpectConsent,
    nodes.ExpectRow,
    nodes.ExpectFinding,
    nodes.ExpectSnippet,
    nodes.ExpectNothing,
)
# What happens in a test, other than what was there before it.
ACTS = (
    *(nodes.Happens, nodes.Enrolls, nodes.Advance, nodes.TaskClosed, nodes.Sets),
    *(nodes.Saves, nodes.Submits, nodes.AnswersSurvey, nodes.Moves, nodes.SendsBroadcast, nodes.Fixes),
)


def every_item(items: Iterable[nodes.TestItem]) -> Iterator[nodes.TestItem]:
    """Each line of a test with those inside its rows, in the order written."""
    for item in items:
        yield item
        if isinstance(item, nodes.Rows):
            yield from every_item(item.items)


def expects(item: nodes.TestItem) -> bool:
    """Whether it expects something, itself or inside its rows: that an act is refused too."""
    return any(isinstance(inner, EXPECTATIONS) or _refused(inner) for inner in every_item((item,)))


def _refused(item: nodes.TestItem) -> bool:
    return isinstance(item, nodes.ByHand) and item.refused is not None
