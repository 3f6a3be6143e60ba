"""Which tests are meant: those of the project that lie in some paths, with some words in their titles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dsl.program.definitions import Program
from dsl.program.tests import Test
from dsl.source import Source

from ..checking.paths import asked_for
from ..errors import InvalidInput
from ..project.loading import BrokenRules, compile_texts
from .live import parts_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """`covered` has what is to be covered: all there is, or, where not all tests are run, what the tests name."""

    program: Program
    covered: Program
    tests: tuple[Test, ...]
    sources: Mapping[str, Source]
    root: Path


def choose(paths: Sequence[Path], project: Path | None, here: Path, words: str = "") -> Chosen:
    """Raises BrokenRules where the project has errors, InvalidInput where nothing is meant."""
    asked = asked_for(paths, project, here)
    compiled = compile_texts(asked.texts)
    program = compiled.program
    if program is None:
        raise BrokenRules(compiled)
    tests = tuple(t for t in program.tests if asked.covers(t.span.file) and _has(t, words))
    if program.tests and not tests:
        named = f"no test has `{words}` in its title, row or definitions"
        raise InvalidInput(
            named if words else "there are no tests in these paths", "`segue test` alone runs all of them"
        )
    covered = program if len(tests) == len(program.tests) else _named_only(program, tests)
    return Chosen(program, covered, tests, compiled.sources, asked.texts.root)


def _has(test: Test, words: str) -> bool:
    """Whether the words stand in its title or row, or name what it is of."""
    said = (test.title, test.row, *(name for _, name in test.of))
    return any(words.casefold() in text.casefold() for text in said)


def _named_only(program: Program, tests: Sequence[Test]) -> Program:
    of = {key for test in tests for key in test.of}
    wanted = [parts_of(test) for test in tests]
    of |= {("segment", name) for one in wanted for name in one.segments} | {k for one in wanted for k in one.looked_at}
    return replace(
        program,
        definitions={key: d for key, d in program.definitions.items() if key in of},
        conversations={key: talk for key, talk in program.conversations.items() if key in of},
        segments={name: s for name, s in program.segments.items() if ("segment", name) in of},
        scores={name: s for name, s in program.scores.items() if ("score", name) in of},
        broadcasts={name: b for name, b in program.broadcasts.items() if ("broadcast", name) in of},
        reports={name: r for name, r in program.reports.items() if ("report", name) in of},
        dashboards={name: d for name, d in program.dashboards.items() if ("dashboard", name) in of},
        hygiene={name: h for name, h in program.hygiene.items() if ("hygiene", name) in of},
        snippets={name: s for name, s in program.snippets.items() if ("snippet", name) in of},
    )
