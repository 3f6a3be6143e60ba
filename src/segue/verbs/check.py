"""`segue check`: every problem of every file, in one run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ..options import Json, ProjectDir
from ..output import Format


def check(
    *paths: Annotated[Path, Parameter(help="Files or folders whose findings are shown; all without them.")],
    format: Annotated[Format | None, Parameter(help="full on a terminal, else concise. `--json` is its json.")] = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Check the rules, the schema and the settings of a project.

    Exit codes: 0 clean, 1 errors or warnings were found, 2 it could not be checked.
    """
    import sys

    from runtime.checking import check_paths

    from ..output import remark, say, show_findings

    checked = check_paths(paths, project, Path.cwd())
    show_findings(checked.compiled, sys.stdout, "json" if json else format)
    if checked.standard:
        remark("no segue.yaml here or above: checked against the standard CRM, in UTC and USD")
    say(checked.summary)
    return 1 if checked.failed else 0
