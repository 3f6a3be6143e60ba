"""Steps that nobody reaches: what stands behind a statement that lets nobody through."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from ..diagnostics.diagnostic import Label
from ..source import Span
from ..syntax import nodes
from .findings import Findings
from .walks import blocks_of


def report_unreachable(statements: Sequence[nodes.Statement], complete: Collection[Span], findings: Findings) -> None:
    """One finding for all that stands behind the first statement that lets nobody through. `complete`: where a
    `match` has a case for every option."""
    for statement, after in pairwise(statements):
        if always_exits(statement, complete):
            findings.warning(
                "unreachable-step",
                after.span.to(statements[-1].span),
                "these steps are never reached",
                "nothing comes here",
                help="take them out, or move the `exit` into an `if`",
            )
            return


def report_after_leaving(body: nodes.Body, topics: Collection[str], findings: Findings) -> None:
    """Steps right behind an `unsubscribe` from all, or from one of the topics that the definition sends: it ends the
    enrollment as any other would (X9), but at the instant at which that began: only what comes after it counts."""
    for statements, later in _rows(body):
        for statement, after in pairwise(statements):
            if later and _leaves(statement, topics) and not isinstance(after, nodes.Exit):
                findings.warning(
                    "unreachable-step",
                    after.span.to(statements[-1].span),
                    "these steps are never reached",
                    "nobody is left for them",
                    help="move the `unsubscribe` behind them",
                    note="who unsubscribes from what a definition sends leaves it at once, by a step of its own too",
                    others=[Label(statement.span, "ends it")],
                )
                break
            later = later or isinstance(statement, nodes.Wait)


def _leaves(statement: nodes.Statement, topics: Collection[str]) -> bool:
    return isinstance(statement, nodes.Unsubscribe) and (statement.topic is None or statement.topic.text in topics)


def _rows(body: nodes.Body) -> Iterator[tuple[Sequence[nodes.Statement], bool]]:
    """The statements that stand in the same braces, and whether who comes there has surely waited."""
    parts: tuple[nodes.Automated | nodes.RepLed, ...] = (*body.automated, *body.rep_led)
    waiting = [(body.statements, False), *((part.block.statements, False) for part in parts)]
    while waiting:
        statements, later = waiting.pop()
        yield statements, later
        for statement in statements:
            later = later or isinstance(statement, nodes.Wait)
            waiting += [(block.statements, later) for block in blocks_of(statement)]


def always_exits(node: nodes.Statement, complete: Collection[Span]) -> bool:
    """Whether nothing can come after the statement. `repeat` and `wait until` always have a way on."""
    blocks: list[nodes.Block] = []
    match node:
        case nodes.Exit():
            return True
        case nodes.If(branches, otherwise) if otherwise is not None:
            blocks = [*(branch.block for branch in branches), otherwise]
        case nodes.Match(_, cases, otherwise) if otherwise is not None or node.span in complete:
            blocks = [case.block for case in cases] + ([otherwise] if otherwise else [])
        case nodes.Split(arms):
            blocks = [arm.block for arm in arms]
    return bool(blocks) and all(_exits(block, complete) for block in blocks)


def _exits(block: nodes.Block, complete: Collection[Span]) -> bool:
    return any(always_exits(statement, complete) for statement in block.statements)
