"""In which order problems are told, how many there are, and how many of them can be repaired."""

from __future__ import annotations

from collections.abc import Iterable

from .diagnostic import Diagnostic, FixKind, Severity


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """By file, then position; at one place errors first."""
    rank = list(Severity)
    return sorted(diagnostics, key=lambda d: (d.label.span.file, d.label.span.start, rank.index(d.severity), d.code))


def summary(diagnostics: Iterable[Diagnostic], files: int) -> str:
    """`3 errors, 1 warning in 4 files`, where `files` is the number of files read."""
    counts = dict.fromkeys(Severity, 0)
    for diagnostic in diagnostics:
        counts[diagnostic.severity] += 1
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "hint"}
    parts = [_count(n, names[severity]) for severity, n in counts.items() if n]
    return f"{', '.join(parts) or 'no problems'} in {_count(files, 'file')}"


def fixable(found: Iterable[Diagnostic], kind: FixKind) -> int:
    """How many findings a fix of that kind would repair."""
    return sum(diagnostic.fix is not None and diagnostic.fix.kind is kind for diagnostic in found)


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
