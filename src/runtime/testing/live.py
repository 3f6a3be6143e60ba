"""The part of a program that is live in a test: the definitions it names, and what these read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from dsl.program.blocks import JoinSegment, LeaveSegment, Send, SendTo, Task
from dsl.program.conditions import InSegment, ScoreValue, WasMember
from dsl.program.definitions import Program
from dsl.program.others import Broadcast
from dsl.program.parts import parts
from dsl.program.tests import (
    ExpectFields,
    ExpectFinding,
    ExpectMember,
    ExpectRow,
    ExpectSnippet,
    Fixes,
    GivenMember,
    Test,
)

from ..errors import InvalidInput
from ..project.unrun import LeftOut

Key = tuple[str, str]  # kind and name


@dataclass(frozen=True, slots=True)
class Parts:
    """What a test names of a program: the definitions it is of, segments it asks about, and the reports, hygiene,
    snippets and scores that are looked at."""

    definitions: tuple[Key, ...]
    segments: tuple[str, ...]
    looked_at: tuple[Key, ...] = ()


def parts_of(test: Test) -> Parts:
    """The same for all tests that can be played on the same stage."""
    named = [i.segment for i in test.items if isinstance(i, GivenMember)]
    named += [i.name for i in test.items if isinstance(i, ExpectMember) and i.kind == "segment"]
    looked_at = [*_looked_at(test), *(key for key in test.beside if key[0] != "segment")]
    return Parts(test.of, tuple(dict.fromkeys(named)), tuple(dict.fromkeys(looked_at)))


def _looked_at(test: Test) -> Iterator[Key]:
    for item in test.items:
        match item:
            case ExpectRow(name, dashboard=dashboard):
                yield "report", name
                if dashboard is not None:
                    yield "dashboard", dashboard
            case ExpectFields(scores=scores):
                yield from (("score", name) for name, _ in scores)
            case ExpectFinding(name) | Fixes(_, name):
                yield "hygiene", name
            case ExpectSnippet(name):
                yield "snippet", name


def live_program(program: Program, wanted: Parts, left_out: Sequence[LeftOut] = ()) -> Program:
    """Only the definitions named are live. Segments, templates and scores that nothing here reads are left out: they
    could not change what happens, and a test must not pay for a thousand others.

    Raises InvalidInput for what the engine does not run: `left_out` says why."""
    _refuse(wanted, left_out)
    read = _Read(program)
    definitions = {key: d for key, d in program.definitions.items() if key in wanted.definitions}
    talks = {key: talk for key, talk in program.conversations.items() if key in wanted.definitions}
    broadcasts = {name: b for name, b in program.broadcasts.items() if ("broadcast", name) in wanted.definitions}
    reports = {name: r for name, r in program.reports.items() if ("report", name) in wanted.looked_at}
    hygiene = {name: h for name, h in program.hygiene.items() if ("hygiene", name) in wanted.looked_at}
    for part in (definitions, talks, broadcasts, reports, hygiene):
        read.all_of(tuple(part.values()))
    for name in wanted.segments:
        read.segment(name)
    for kind, name in wanted.looked_at:
        if kind == "score":
            read.score(name)
    return replace(
        program,
        definitions=definitions,
        segments={name: program.segments[name] for name in read.segments},
        templates={name: program.templates[name] for name in read.templates},
        scores={name: program.scores[name] for name in read.scores},
        broadcasts=broadcasts,
        conversations=talks,
        reports=reports,
        hygiene=hygiene,
        tests=(),
    )


def _refuse(wanted: Parts, left_out: Sequence[LeftOut]) -> None:
    named = {*wanted.definitions, *wanted.looked_at, *(("segment", name) for name in wanted.segments)}
    for one in left_out:
        if (one.kind, one.name) in named:
            raise InvalidInput(f"{one.kind} `{one.name}` {one.why}")


@dataclass(slots=True)
class _Read:
    """What has been found to be read, by name, in the order met."""

    program: Program
    segments: dict[str, None] = field(default_factory=dict)
    templates: dict[str, None] = field(default_factory=dict)
    scores: dict[str, None] = field(default_factory=dict)

    def all_of(self, value: object) -> None:
        for part in parts(value):
            match part:
                case InSegment(name) | WasMember("segment", name) | JoinSegment(name) | LeaveSegment(name):
                    self.segment(name)
                case ScoreValue(name):
                    self.score(name)
                case Send(template) | SendTo(template) | Task(template=str(template)) | Broadcast(template=template):
                    if template in self.program.templates:
                        self.templates[template] = None

    def score(self, name: str) -> None:
        if name not in self.scores and name in self.program.scores:
            self.scores[name] = None
            self.all_of(self.program.scores[name].rules)

    def segment(self, name: str) -> None:
        if name not in self.segments and name in self.program.segments:
            self.segments[name] = None
            self.all_of(self.program.segments[name].condition)
