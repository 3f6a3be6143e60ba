"""Steps that nobody reaches: what stands behind a statement that lets nobody through."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..syntax import nodes
from .findings import Findings


def report_unreachable(statements: Sequence[nodes.Statement], findings: Findings) -> None:
    """One finding for all that stands behind the first statement that lets nobody through."""
    for statement, after in pairwise(statements):
        if always_exits(statement):
            findings.warning(
                "unreachable-step",
                after.span.to(statements[-1].span),
                "these steps are never reached",
                "nothing comes here",
                help="take them out, or move the `exit` into an `if`",
            )
            return


def always_exits(node: nodes.Statement) -> bool:
    """Whether nothing can come after the statement. `repeat` and `wait until` always have a way on."""
    match node:
        case nodes.Exit():
            return True
        case nodes.If(branches, otherwise) if otherwise is not None:
            return all(_exits(block) for block in (*(b.block for b in branches), otherwise))
        case nodes.Match(_, cases, otherwise) if otherwise is not None:
            return all(_exits(block) for block in (*(c.block for c in cases), otherwise))
        case nodes.Split(arms):
            return bool(arms) and all(_exits(arm.block) for arm in arms)
    return False


def _exits(block: nodes.Block) -> bool:
    return any(always_exits(statement) for statement in block.statements)
