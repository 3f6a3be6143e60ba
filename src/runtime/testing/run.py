"""One test, from its clock to its last expectation."""

from __future__ import annotations

import time
from collections.abc import Sequence

from dsl.program.definitions import Program
from dsl.program.tests import (
    Expectation,
    ExpectNothing,
    Person,
    Test,
)

from ..errors import SegueError
from ..project.unrun import LeftOut
from .acts import Act, act, given_rows, is_given
from .expected import Judge
from .nothing_else import nothing_else
from .outcome import Failure, Outcome, PersonLog
from .person_log import everybody, those_concerned
from .seen import seen
from .stage import Stage, Stages


class Runner:
    """Runs tests of one program one after the other. `left_out`: what the engine does not run of it; `image`: of an
    empty store of its schema."""

    def __init__(self, program: Program, left_out: Sequence[LeftOut] = (), image: bytes | None = None) -> None:
        self.stages = Stages(program, left_out, image)

    def close(self) -> None:
        self.stages.close()

    def __call__(self, test: Test) -> Outcome:
        began = time.perf_counter()
        try:
            stage = self.stages.open(test)
        except SegueError as error:
            return Outcome(test, trouble=error.message, hint=error.hint, seconds=time.perf_counter() - began)
        failures: list[Failure] = []
        trouble = hint = ""
        try:
            _play(stage, failures)
        except SegueError as error:
            trouble, hint = error.message, error.hint
        finally:
            found = seen(stage)
        return Outcome(test, tuple(failures), trouble, hint, time.perf_counter() - began, found)


def _play(stage: Stage, failures: list[Failure]) -> None:
    """What is given first, then line by line. An expectation that fails does not end the test; an act that cannot be
    done does, as what follows would be about another world."""
    items = stage.test.items
    stage.begin(given_rows(stage, items))
    for item in items:
        if is_given(item):
            continue
        if isinstance(item, Act):
            impossible = act(stage, item)
            if impossible is not None:
                failures.append(_with_log(stage, impossible, item))
                return
        elif isinstance(item, Expectation):
            failed = _judged(stage, item)
            if failed is not None:
                failures.append(_with_log(stage, failed, item))


def _judged(stage: Stage, item: Expectation) -> Failure | None:
    judge = Judge(stage)
    return nothing_else(judge, item) if isinstance(item, ExpectNothing) else judge(item)


def _with_log(stage: Stage, failure: Failure, item: Act | Expectation) -> Failure:
    return Failure(failure.span, failure.message, failure.instead, _logs(stage, item))


def _logs(stage: Stage, item: Act | Expectation) -> tuple[PersonLog, ...]:
    """Of whom the line is about and of those whose rules may act on them, else of everybody."""
    about = getattr(item, "who", None) or getattr(item, "record", None)
    return those_concerned(stage, about) if isinstance(about, Person) else everybody(stage)
