"""Many tests on several processes. Results come in the order of the tests, however many work on them."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence

from dsl.program.definitions import Program
from dsl.program.tests import Test

from ..project.unrun import LeftOut, runnable
from .outcome import Outcome
from .run import Runner
from .stage import image_of

_ALONE = 20  # so few tests are run sooner than a second process is ready


class _Shared:
    """What a worker has from its parent by fork: nothing is copied, nothing travels but outcomes."""

    runner: Runner
    program: Program
    left_out: Sequence[LeftOut]
    image: bytes
    tests: Sequence[Test]


def run_tests(program: Program, tests: Sequence[Test], jobs: int | None = None) -> Iterator[Outcome]:
    """Run `tests` of `program`; `jobs` processes at most, by default one for each processor we may use."""
    if not tests:
        return
    jobs = min(jobs or len(os.sched_getaffinity(0)), -(-len(tests) // _ALONE))
    runs, left_out = runnable(program)
    if jobs <= 1:
        yield from _here(Runner(runs, left_out), tests)
        return
    _Shared.program, _Shared.left_out = runs, left_out
    _Shared.image, _Shared.tests = image_of(program.schema), tests
    parts = list(_parts(len(tests), jobs))
    with multiprocessing.get_context("fork").Pool(jobs, _begin) as pool:
        for outcomes in pool.imap(_part, parts):
            yield from outcomes


def _here(runner: Runner, tests: Sequence[Test]) -> Iterator[Outcome]:
    try:
        for test in tests:
            yield runner(test)
    finally:
        runner.close()


def _parts(count: int, jobs: int) -> Iterator[range]:
    """Small enough that nobody waits for the slowest, large enough that handing them out costs nothing."""
    size = max(1, min(50, count // (jobs * 4)))
    for start in range(0, count, size):
        yield range(start, min(start + size, count))


def _begin() -> None:
    """A worker's own store: a connection must not be shared over a fork. Ctrl-C is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _Shared.runner = Runner(_Shared.program, _Shared.left_out, _Shared.image)


def _part(numbers: range) -> list[Outcome]:
    return [_Shared.runner(_Shared.tests[n]) for n in numbers]
