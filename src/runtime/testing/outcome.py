"""What came of a test: values only, made to travel between processes."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.tests import Test
from dsl.source import Span

# What was seen of a definition: (kind, name, block or None, what): ("sequence", "trial", 4, "then"),
# ("workflow", "paid", None, "entered"), ("sequence", "trial", None, "ended goal").
Seen = tuple[str, str, int | None, str]


@dataclass(frozen=True, slots=True)
class LogLine:
    """`at` is local in the test's zone, `2026-03-02 10:00`; empty for a remark."""

    at: str
    definition: str
    words: str


@dataclass(frozen=True, slots=True)
class PersonLog:
    """What happened with one person up to the expectation that failed, the oldest first."""

    name: str
    until: str
    lines: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that does not hold. `message` says what was expected, `instead` what happened."""

    span: Span
    message: str
    instead: str
    log: tuple[PersonLog, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """`trouble`: the test could not be run to its end, and why."""

    test: Test
    failures: tuple[Failure, ...] = ()
    trouble: str = ""
    hint: str = ""
    seconds: float = 0.0
    seen: frozenset[Seen] = frozenset()

    @property
    def passed(self) -> bool:
        return not self.failures and not self.trouble

    @property
    def title(self) -> str:
        return f"{self.test.title} [{self.test.row}]" if self.test.row else self.test.title
