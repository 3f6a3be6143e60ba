"""Collects what is wrong with one YAML file."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..diagnostics import Diagnostic, Edit, Fix, FixKind, Label, Severity
from ..source import Span


@dataclass(slots=True)
class Problems:
    """The diagnostics of one file, in the order found."""

    found: list[Diagnostic] = field(default_factory=list)

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        label: str = "",
        *,
        other: Label | None = None,
        help: str = "",
        note: str = "",
        fix: Fix | None = None,
    ) -> None:
        others = (other,) if other else ()
        self.found.append(Diagnostic(code, Severity.ERROR, message, Label(span, label), others, help, note, fix))

    def warn(self, code: str, message: str, span: Span, label: str = "", *, help: str = "") -> None:
        self.found.append(Diagnostic(code, Severity.WARNING, message, Label(span, label), (), help))


def replacement(span: Span, text: str) -> Fix:
    """The safe fix that puts `text` in place of what stands at `span`: another way to write the same."""
    return Fix(FixKind.SAFE, (Edit(span, text),))


def guess(span: Span, text: str | None) -> Fix | None:
    """The fix that takes the name most likely meant. Unsafe: `rep_3` may be a user still to come, not `rep_2`."""
    return None if text is None else Fix(FixKind.UNSAFE, (Edit(span, text),))
