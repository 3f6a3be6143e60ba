"""The part of a program that is live in a test: the definitions it names, and what these read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dsl.program.blocks import JoinSegment, LeaveSegment, Send, SendTo, Task
from dsl.program.conditions import InSegment, ScoreValue, WasMember
from dsl.program.definitions import Program
from dsl.program.parts import parts
from dsl.program.tests import ExpectMember, GivenMember, Test

from ..errors import InvalidInput
from ..unrun import LeftOut

Key = tuple[str, str]  # kind and name


@dataclass(frozen=True, slots=True)
class Parts:
    """What a test names of a program: the definitions it is of, and segments it asks about."""

    definitions: tuple[Key, ...]
    segments: tuple[str, ...]


def parts_of(test: Test) -> Parts:
    """The same for all tests that can be played on the same stage."""
    named = [i.segment for i in test.items if isinstance(i, GivenMember)]
    named += [i.name for i in test.items if isinstance(i, ExpectMember) and i.kind == "segment"]
    return Parts(test.of, tuple(dict.fromkeys(named)))


def live_program(program: Program, wanted: Parts, left_out: Sequence[LeftOut] = ()) -> Program:
    """Only the definitions named are live. Segments, templates and scores that nothing here reads are left out: they
    could not change what happens, and a test must not pay for a thousand others.

    Raises InvalidInput for what the engine does not run: `left_out` says why."""
    _refuse(wanted, left_out)
    read = _Read(program)
    definitions = {key: program.definitions[key] for key in wanted.definitions}
    read.all_of(tuple(definitions.values()))
    for name in wanted.segments:
        read.segment(name)
    return replace(
        program,
        definitions=definitions,
        segments={name: program.segments[name] for name in read.segments},
        templates={name: program.templates[name] for name in read.templates},
        scores={name: program.scores[name] for name in read.scores},
        broadcasts={},
        conversations={},
        hygiene={},
        tests=(),
    )


def _refuse(wanted: Parts, left_out: Sequence[LeftOut]) -> None:
    named = {*wanted.definitions, *(("segment", name) for name in wanted.segments)}
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
                case ScoreValue(name) if name not in self.scores and name in self.program.scores:
                    self.scores[name] = None
                    self.all_of(self.program.scores[name].rules)
                case Send(template) | SendTo(template) | Task(template=str(template)):
                    if template in self.program.templates:
                        self.templates[template] = None

    def segment(self, name: str) -> None:
        if name not in self.segments and name in self.program.segments:
            self.segments[name] = None
            self.all_of(self.program.segments[name].condition)
