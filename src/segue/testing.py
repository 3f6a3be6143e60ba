"""One run of rule tests for the command line, and one after each change."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dsl.diagnostics.regions import Places
from runtime.errors import SegueError
from runtime.project.layout import Stamp, one_root, project_files, stamp_of
from runtime.testing import run_tests
from runtime.testing.choosing import choose
from runtime.testing.coverage import coverage

from .findings import path_prefix
from .output import remark, say
from .tested import TestFormat, say_missing, show_outcomes, sum_up

_GLANCE = 0.3  # seconds between two looks at the files


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for on the command line."""

    paths: Sequence[Path]
    words: str
    least: float | None
    format: TestFormat | None
    jobs: int
    project: Path | None


def run_once(order: Order) -> int:
    """Run, print, and give the exit code. Raises BrokenRules, InvalidInput."""
    began = time.perf_counter()
    chosen = choose(order.paths, order.project, Path.cwd(), order.words)
    places = Places(chosen.sources, path_prefix(chosen.root))
    outcomes = list(run_tests(chosen.program, chosen.tests, order.jobs or None))
    covered, seconds = coverage(chosen.covered, outcomes), time.perf_counter() - began
    github = os.environ.get("GITHUB_ACTIONS") == "true"
    show_outcomes(outcomes, covered, places, chosen.root, order.format or ("github" if github else "full"), seconds)
    if not outcomes:
        remark("there are no tests yet", "write one: docs/testing.md shows how")
    elif covered.missing and order.format in (None, "full"):
        say("no test has seen:")
        say_missing(covered, places)
    say(sum_up(outcomes, covered, seconds))
    short = order.least is not None and covered.percent < order.least
    if short:
        say(f"coverage {covered.percent:.1f}% is below the {order.least:g}% asked for")
    return 1 if short or not all(o.passed for o in outcomes) else 0


def run_whenever_changed(order: Order, sleep: Callable[[float], None] = time.sleep) -> int:
    """Until Ctrl-C; the exit code of the last run."""
    root = one_root(order.paths, order.project, Path.cwd()) or Path.cwd()
    code = 0
    try:
        while True:
            state = _state(root)
            code = _run_and_tell(order)
            sys.stdout.flush()  # a pipe would get it when all is over
            say("waiting for a change; Ctrl-C ends it")
            while (now := _state(root)) == state:
                sleep(_GLANCE)
            say(f"\nchanged: {', '.join(_changed(state, now))}")
    except KeyboardInterrupt:
        say("")
        return code


def _run_and_tell(order: Order) -> int:
    """A file that is broken while it is being written ends nothing."""
    from .failing import told

    try:
        return run_once(order)
    except SegueError as error:
        return told(error, ["test"])


def _state(root: Path) -> dict[Path, Stamp]:
    """Each file of the project as it is on the disk now."""
    found = {}
    for path in project_files(root).values():
        with suppress(OSError):  # gone since it was listed
            found[path] = stamp_of(path.stat())
    return found


def _changed(before: dict[Path, Stamp], after: dict[Path, Stamp]) -> list[str]:
    return sorted(path.name for path in before.keys() | after.keys() if before.get(path) != after.get(path))
