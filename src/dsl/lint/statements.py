"""Statements as rules look at them: every list of them, and the way with most of something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..syntax import nodes

Statements = Sequence[nodes.Statement]
_WITH_BLOCKS = {nodes.If, nodes.Match, nodes.Split, nodes.WaitUntil, nodes.WaitUntilDate, nodes.Repeat}


def blocks_of(node: nodes.Statement) -> list[nodes.Block]:
    """The blocks inside a statement, one of which is gone through (an `if` without `else` may go through none)."""
    if type(node) not in _WITH_BLOCKS:
        return []
    match node:
        case nodes.If(branches, otherwise):
            return [branch.block for branch in branches] + ([otherwise] if otherwise else [])
        case nodes.Match(cases=cases, otherwise=otherwise):
            return [case.block for case in cases] + ([otherwise] if otherwise else [])
        case nodes.Split(arms):
            return [arm.block for arm in arms]
        case nodes.WaitUntil(otherwise=otherwise) | nodes.WaitUntilDate(otherwise=otherwise) if otherwise:
            return [otherwise]
        case nodes.Repeat(block=block):
            return [block]
    return []


def may_pass_by(node: nodes.Statement) -> bool:
    """Whether one can come past the statement without entering any of its blocks."""
    match node:
        case nodes.If(otherwise=otherwise) | nodes.Match(otherwise=otherwise):
            return otherwise is None
        case nodes.Split():
            return False
    return True


def parts_of(body: nodes.Body) -> list[Statements]:
    """The statements of a definition: of a dynamic sequence those of its automated and of its rep-led part."""
    parts = [
        body.statements,
        *(p.block.statements for p in body.automated),
        *(p.block.statements for p in body.rep_led),
    ]
    return [part for part in parts if part]


def every_statement(statements: Statements) -> Iterator[nodes.Statement]:
    """Each statement with all inside it, in the order written."""
    waiting = list(statements)[::-1]
    while waiting:
        statement = waiting.pop()
        yield statement
        waiting += [inner for block in blocks_of(statement)[::-1] for inner in block.statements[::-1]]


def most(statements: Statements, weight: Callable[[nodes.Statement], int]) -> int:
    """The greatest sum of weights that one way through the statements can meet; a `repeat` counts each time."""
    through, ended = _most(statements, weight)
    return max(through or 0, ended)


def _most(statements: Statements, weight: Callable[[nodes.Statement], int]) -> tuple[int | None, int]:
    """Of the ways that reach the end (None: none does), and of those that exit before it."""
    so_far, ended = 0, 0
    for statement in statements:
        so_far += weight(statement)
        if isinstance(statement, nodes.Exit):
            return None, max(ended, so_far)
        inner = [_most(block.statements, weight) for block in blocks_of(statement)]
        ended = max([ended, *(so_far + way for _, way in inner)])
        ways = [way for way, _ in inner if way is not None] + ([0] if may_pass_by(statement) or not inner else [])
        if not ways:
            return None, ended
        so_far += max(ways) * (int(statement.times.value) if isinstance(statement, nodes.Repeat) else 1)
    return so_far, ended
