"""`segue check` without an option: what the verb does in the end, and the way to it that loads nothing it can spare."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .findings import Format, Level, at_least, show_findings
from .output import remark, say

if TYPE_CHECKING:
    from runtime.checking.paths import Checked


def check_plainly(paths: Sequence[str]) -> int:
    """The same as the verb with these arguments; where nothing has changed since the last run it is done at once."""
    from runtime.checking.paths import check_paths
    from runtime.project.layout import by_project

    asked = [Path(path) for path in paths]
    return max(show(check_paths(group, None, Path.cwd())) for group in by_project(asked) or [[]])


def show(checked: Checked, format: Format | None = None, fail_level: Level = "warning") -> int:
    """Prints what was found; the exit code."""
    show_findings(checked.told, sys.stdout, format, checked.root)
    if checked.standard:
        remark("no segue.yaml here or above: checked against the standard CRM, in UTC and USD")
    say(checked.summary)
    return 1 if at_least(fail_level, checked.told.diagnostics) else 0
