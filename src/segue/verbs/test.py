"""`segue test`: the rule tests of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ..options import Json, ProjectDir, at_least, per_cent
from ..tested import TestFormat

Words = Annotated[
    str, Parameter(name=["--keyword", "-k"], help="Only tests with this in their title, row or definitions.")
]
Least = Annotated[
    float | None,
    Parameter(help="Fail where less of the definitions' branches was seen, in per cent.", validator=per_cent),
]
Jobs = Annotated[int, Parameter(help="Processes at most; 0 for one each processor.", validator=at_least(0))]
Watch = Annotated[bool, Parameter(help="Run again whenever a file of the project changes; Ctrl-C ends it.")]


def test(
    *paths: Annotated[Path, Parameter(help="Files or folders whose tests are run; all of the project without them.")],
    keyword: Words = "",
    min_coverage: Least = None,
    format: Annotated[TestFormat | None, Parameter(help="full; under GitHub Actions github.")] = None,
    json: Json = False,
    watch: Watch = False,
    jobs: Jobs = 0,
    project: ProjectDir = None,
) -> int:
    """Run the `test` declarations of a project: in virtual time, on stores in memory, through the real engine.

    Exit codes: 0 all passed, 1 a test failed or too little was seen, 2 they could not be run.

    For instance:
        segue test --min-coverage 90
        segue test rules/trials.segue -k "silent"
    """
    from dataclasses import replace

    from runtime.project.layout import by_project

    from ..testing import Order, run_once, run_whenever_changed

    order = Order(paths, keyword, min_coverage, "json" if json else format, jobs, project)
    if watch:
        return run_whenever_changed(order)
    groups = by_project(paths) if project is None and order.format in (None, "full", "concise", "github") else []
    return max(run_once(replace(order, paths=group)) for group in groups or [list(paths)])
