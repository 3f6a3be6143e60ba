"""The codes of what is said about the linter's own settings (room: `dsl.lint`). The rules themselves are
`dsl.lint.rules`, SG600 to SG699. Aliases never change: new codes go to the end."""

from __future__ import annotations

from .code import Code
from .diagnostic import Severity

LINT_CODES: tuple[Code, ...] = (
    Code(
        "unknown-rule",
        "SG700",
        "There is no such rule",
        "`lint:` in segue.yaml and `# segue: ignore[..]` name rules, their aliases, or categories: bugs, delivery, "
        "privacy, performance, style, testing. `segue explain NAME` tells more of each.",
        Severity.WARNING,
    ),
    Code(
        "errors-stay",
        "SG701",
        "An error can be neither ignored nor lowered",
        "An error would be wrong at run time, so nothing hides it: not `lint:` in segue.yaml, no comment, no baseline. "
        "Warnings and hints can be switched off.",
        Severity.WARNING,
    ),
    Code(
        "ignore-without-reason",
        "SG702",
        "A finding is ignored, and nobody knows why",
        "Write the reason behind the bracket: `# segue: ignore[unused-segment] sales looks at it by hand`.",
        Severity.WARNING,
    ),
    Code(
        "unused-ignore",
        "SG703",
        "There is nothing to ignore here",
        "What it was written for is gone or somewhere else. `segue check --fix` takes it out.",
        Severity.WARNING,
    ),
    Code(
        "unreadable-ignore",
        "SG704",
        "A comment for Segue that it does not understand",
        "Comments that begin with `# segue:` are read: `# segue: ignore[rule, other] reason`, at the end of a line or "
        "on a line of its own before a statement or declaration.",
        Severity.WARNING,
    ),
    Code(
        "gone-from-baseline",
        "SG705",
        "A finding of the baseline is no longer there",
        "It was repaired, or its line was written anew. `segue check --write-baseline` brings the file up to date, so "
        "that it cannot come back unseen.",
        Severity.INFO,
    ),
)
