"""`segue check`: every problem of every file, in one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..findings import Format, Level
from ..options import FailLevel, FormatOption, Json, ProjectDir

if TYPE_CHECKING:
    from runtime.checking.paths import Asked, Checked
    from runtime.checking.repairing import Repaired


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

    For instance:
        segue check
        segue check rules/trials.segue --fix
    """
    from runtime.project.layout import by_project

    asked = _Asking("json" if json else format, fail_level, fix, unsafe_fixes, diff, baseline, write_baseline, project)
    groups = by_project(paths) if project is None and not asked.one_answer else []
    return max(_check(group, asked) for group in groups or [list(paths)])


@dataclass(frozen=True, slots=True)
class _Asking:
    """The options of one call."""

    format: Format | None
    fail_level: Level
    fix: bool
    unsafe_fixes: bool
    diff: bool
    baseline: Path | None
    write_baseline: Path | None
    project: Path | None

    @property
    def one_answer(self) -> bool:
        """Whether the answer is of a form that holds one project."""
        return not (self.format in (None, "full", "concise", "github") and self.baseline is self.write_baseline is None)


def _check(paths: Sequence[Path], asked: _Asking) -> int:
    """The paths of one project."""
    from runtime.checking.paths import asked_for, check_paths

    from ..checking import show

    here = Path.cwd()
    if asked.diff:
        return _difference(asked_for(paths, asked.project, here), asked.unsafe_fixes)
    if asked.fix or asked.unsafe_fixes:
        _fix(asked_for(paths, asked.project, here), asked.unsafe_fixes)
    checked = check_paths(paths, asked.project, here)
    if asked.write_baseline is not None:
        return _write_baseline(checked, asked.write_baseline)
    if asked.baseline is not None:
        from runtime.checking.baselines import without_known

        checked = without_known(checked, asked.baseline)
    return show(checked, asked.format, asked.fail_level)


def _difference(asked: Asked, unsafe: bool) -> int:
    from runtime.checking.repairing import repair

    from ..output import say

    repaired = repair(asked, unsafe)
    print(repaired.difference, end="")
    say(_sum(repaired, "would fix"))
    return 1 if repaired.before else 0


def _fix(asked: Asked, unsafe: bool) -> None:
    from runtime.checking.repairing import repair, write

    from ..output import say

    repaired = repair(asked, unsafe)
    write(repaired)
    say(_sum(repaired, "fixed"))


def _sum(repaired: Repaired, words: str) -> str:
    from ..output import plural

    told = f"{words} {plural(repaired.applied, 'problem')}" if repaired.applied else "nothing to fix"
    return f"{told}; {repaired.more:,} more with `--unsafe-fixes`" if repaired.more else told


def _write_baseline(checked: Checked, file: Path) -> int:
    from runtime.checking.baselines import write_baseline

    from ..output import plural, say

    known, errors = write_baseline(checked, file)
    say(f"{plural(known, 'finding')} written to {file}")
    if errors:
        say(f"{plural(errors, 'error')} left out: nothing hides an error")
    return 0
