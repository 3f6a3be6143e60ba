"""`segue check`: every problem of every file, in one run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ..findings import FailLevel, FormatOption
from ..options import Json, ProjectDir


def check(
    *paths: Annotated[Path, Parameter(help="Files or folders whose findings are shown; all without them.")],
    format: FormatOption = None,
    json: Json = False,
    fail_level: FailLevel = "warning",
    project: ProjectDir = None,
) -> int:
    """Check the rules, the schema and the settings of a project.

    Exit codes: 0 clean, 1 errors or warnings were found (`--fail-level` says what counts), 2 it could not be checked.
    """
    import sys

    from runtime.checking import check_paths

    from ..findings import at_least, show_findings
    from ..output import remark, say

    checked = check_paths(paths, project, Path.cwd())
    show_findings(checked.compiled, sys.stdout, "json" if json else format, checked.root)
    if checked.standard:
        remark("no segue.yaml here or above: checked against the standard CRM, in UTC and USD")
    say(checked.summary)
    return 1 if at_least(fail_level, checked.compiled.diagnostics) else 0
