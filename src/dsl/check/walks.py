"""All statements of a body, however deep they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..syntax import nodes


def all_statements(body: nodes.Body) -> Iterator[nodes.Statement]:
    """Every statement of a sequence or workflow, in the order written."""
    yield from nested(body.statements)
    parts: tuple[nodes.Automated | nodes.RepLed, ...] = (*body.automated, *body.rep_led)
    for part in parts:
        yield from nested(part.block.statements)


def nested(statements: Sequence[nodes.Statement]) -> Iterator[nodes.Statement]:
    """Each statement, then those inside it. No recursion: nesting has no limit here."""
    waiting = list(reversed(statements))
    while waiting:
        statement = waiting.pop()
        yield statement
        inner = [one for block in blocks_of(statement) for one in block.statements]
        waiting.extend(reversed(inner))


def blocks_of(statement: nodes.Statement) -> tuple[nodes.Block, ...]:
    """The blocks in braces that belong to one statement, in the order written."""
    match statement:
        case nodes.If(branches, otherwise):
            own = [branch.block for branch in branches]
        case nodes.Match(_, cases, otherwise):
            own = [case.block for case in cases]
        case nodes.Split(arms):
            own, otherwise = [arm.block for arm in arms], None
        case nodes.Repeat(block=block):
            own, otherwise = [block], None
        case nodes.WaitUntil(otherwise=otherwise) | nodes.WaitUntilDate(otherwise=otherwise):
            own = []
        case _:
            return ()
    return (*own, otherwise) if otherwise is not None else tuple(own)
