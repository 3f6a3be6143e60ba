"""`segue check`: every problem of every file, in one run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import FailLevel, FormatOption, Json, ProjectDir

if TYPE_CHECKING:
    from runtime.checking import Asked, Checked
    from runtime.repairing import Repaired


def check(
    *paths: Annotated[Path, Parameter(help="Files or folders whose findings are shown; all without them.")],
    format: FormatOption = None,
    json: Json = False,
    fail_level: FailLevel = "warning",
    fix: Annotated[bool, Parameter(help="Apply the safe fixes; show what is left.", negative=())] = False,
    unsafe_fixes: Annotated[
        bool, Parameter(help="Apply the fixes too that may change what a rule does.", negative=())
    ] = False,
    diff: Annotated[
        bool, Parameter(help="Show what fixes would change; write nothing; exit code 1 if anything.", negative=())
    ] = False,
    baseline: Annotated[Path | None, Parameter(help="Leave out the findings that this file knows.")] = None,
    write_baseline: Annotated[Path | None, Parameter(help="Write all findings there as known, but errors.")] = None,
    project: ProjectDir = None,
) -> int:
    """Check the rules, the schema and the settings of a project.

    Exit codes: 0 clean, 1 errors or warnings were found (`--fail-level` says what counts), 2 it could not be checked.
    """
    from runtime.checking import asked_for, check_paths

    from ..checking import show

    here = Path.cwd()
    if diff:
        return _difference(asked_for(paths, project, here), unsafe_fixes)
    if fix or unsafe_fixes:
        _fix(asked_for(paths, project, here), unsafe_fixes)
    checked = check_paths(paths, project, here)
    if write_baseline is not None:
        return _write_baseline(checked, write_baseline)
    if baseline is not None:
        from runtime.baselines import without_known

        checked = without_known(checked, baseline)
    return show(checked, "json" if json else format, fail_level)


def _difference(asked: Asked, unsafe: bool) -> int:
    from runtime.repairing import repair

    from ..output import say

    repaired = repair(asked, unsafe)
    print(repaired.difference, end="")
    say(_sum(repaired, "would fix"))
    return 1 if repaired.before else 0


def _fix(asked: Asked, unsafe: bool) -> None:
    from runtime.repairing import repair, write

    from ..output import say

    repaired = repair(asked, unsafe)
    write(repaired)
    say(_sum(repaired, "fixed"))


def _sum(repaired: Repaired, words: str) -> str:
    from ..output import plural

    told = f"{words} {plural(repaired.applied, 'problem')}" if repaired.applied else "nothing to fix"
    return f"{told}; {repaired.more:,} more with `--unsafe-fixes`" if repaired.more else told


def _write_baseline(checked: Checked, file: Path) -> int:
    from runtime.baselines import write_baseline

    from ..output import plural, say

    known, errors = write_baseline(checked, file)
    say(f"{plural(known, 'finding')} written to {file}")
    if errors:
        say(f"{plural(errors, 'error')} left out: nothing hides an error")
    return 0
