"""`on save` and `on submit` happen at once: nothing in them waits, and there is no enrollment to end (P5)."""

from __future__ import annotations

from ...source import Span
from ...syntax import nodes
from ..findings import Findings
from ..walks import nested

_WAITS = nodes.Wait | nodes.WaitUntil | nodes.WaitUntilDate | nodes.WaitUntilTime | nodes.Repeat


def check_at_once(findings: Findings, part: nodes.On) -> None:
    """Reports each statement that would take time or end something."""
    for statement in nested(part.block.statements):
        match statement:
            case nodes.Wait() | nodes.WaitUntil() | nodes.WaitUntilDate() | nodes.WaitUntilTime() | nodes.Repeat():
                _waits(findings, part, statement)
            case nodes.Exit(_, span):
                message = f"`on {part.moment.text}` is no enrollment that could end"
                help_ = "write `if .. { } else { }` around what is left out"
                findings.error("not-at-once", span, message, "nothing to leave", help=help_)


def _waits(findings: Findings, part: nodes.On, statement: _WAITS) -> None:
    word = "repeat" if isinstance(statement, nodes.Repeat) else "wait"
    start = statement.span.start
    findings.error(
        "not-at-once",
        Span(statement.span.file, start, start + len(word)),
        f"what stands in `on {part.moment.text}` happens at once, so nothing in it can {word}",
        "takes time",
        help="put it into a workflow that starts `manually`, and write `enroll in workflow NAME` here",
    )
