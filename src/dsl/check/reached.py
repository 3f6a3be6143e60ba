"""Steps that nobody reaches: what stands behind a statement that lets nobody through."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from ..source import Span
from ..syntax import nodes
from .findings import Findings


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
