"""`on save` and `on submit` happen at once: nothing in them waits, and there is no enrollment to end (P5)."""

from __future__ import annotations

from collections.abc import Sequence

from ...source import Span
from ...syntax import nodes
from ..findings import Findings
from ..walks import nested

_WAITS = nodes.Wait | nodes.WaitUntil | nodes.WaitUntilDate | nodes.WaitUntilTime | nodes.Repeat


def check_at_once(findings: Findings, part: nodes.On) -> list[Span]:
    """Reports each statement that would take time or end something; where they stand."""
    found = []
    for statement in nested(part.block.statements):
        match statement:
            case nodes.Wait() | nodes.WaitUntil() | nodes.WaitUntilDate() | nodes.WaitUntilTime() | nodes.Repeat():
                _waits(findings, part, statement)
                found.append(statement.span)
            case nodes.Exit(_, span):
                message = f"`on {part.moment.text}` is no enrollment that could end"
                help_ = "write `if .. { } else { }` around what is left out"
                findings.error("not-at-once", span, message, "nothing to leave", help=help_)
                found.append(span)
    return found


def forget_inside(findings: Findings, mark: int, spans: Sequence[Span]) -> None:
    """Takes back what was found after `mark` inside what must go anyway: one mistake, one message."""
    later = findings.found[mark:]
    findings.found[mark:] = [d for d in later if not any(_inside(d.label.span, span) for span in spans)]


def _inside(inner: Span, outer: Span) -> bool:
    return inner.file == outer.file and outer.start <= inner.start and inner.end <= outer.end


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
