"""The part of a program that is live in a test: the definitions it names, and what these read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace

from dsl.program.blocks import JoinSegment, LeaveSegment, Send, SendTo, Task
from dsl.program.conditions import InSegment, ScoreValue, WasMember
from dsl.program.definitions import Program
from dsl.program.tests import ExpectMember, GivenMember, Test


def live_program(program: Program, test: Test) -> Program:
    """Only the definitions named are live. Segments, templates and scores that nothing here reads are left out: they
    could not change what happens, and a test must not pay for a thousand others."""
    parts = _Parts(program)
    definitions = {key: program.definitions[key] for key in test.of}
    parts.read(tuple(definitions.values()))
    for item in test.items:
        match item:
            case GivenMember(_, name) | ExpectMember(_, "segment", name):
                parts.segment(name)
    return replace(
        program,
        definitions=definitions,
        segments={name: program.segments[name] for name in parts.segments},
        templates={name: program.templates[name] for name in parts.templates},
        scores={name: program.scores[name] for name in parts.scores},
        broadcasts={},
        hygiene={},
        tests=(),
    )


@dataclass(slots=True)
class _Parts:
    """What has been found to be read, by name, in the order met."""

    program: Program
    segments: dict[str, None] = field(default_factory=dict)
    templates: dict[str, None] = field(default_factory=dict)
    scores: dict[str, None] = field(default_factory=dict)

    def read(self, value: object) -> None:
        for part in _walk(value):
            match part:
                case InSegment(name) | WasMember("segment", name) | JoinSegment(name) | LeaveSegment(name):
                    self.segment(name)
                case ScoreValue(name) if name not in self.scores and name in self.program.scores:
                    self.scores[name] = None
                    self.read(self.program.scores[name].rules)
                case Send(template) | SendTo(template) | Task(template=str(template)):
                    if template in self.program.templates:
                        self.templates[template] = None

    def segment(self, name: str) -> None:
        if name not in self.segments and name in self.program.segments:
            self.segments[name] = None
            self.read(self.program.segments[name].condition)


def _walk(value: object) -> Iterator[object]:
    """A compiled value and all it is made of."""
    if isinstance(value, tuple):
        for part in value:
            yield from _walk(part)
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for f in fields(value):
            yield from _walk(getattr(value, f.name))
