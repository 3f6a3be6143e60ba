"""What of a program the engine runs, and what it does not run yet: said plainly, never run by halves.

The language is whole before the engine is. A definition that holds a part the engine does not know, or names one that
is left out, is left out as a whole; everything else keeps its name, and with it its number in the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dsl.program import blocks, conditions
from dsl.program.definitions import Program
from dsl.program.others import Broadcast, Dashboard
from dsl.program.parts import parts
from dsl.source import NOWHERE, Span

Key = tuple[str, str]  # kind and name of a declaration

# Parts of rules that the engine does not run, as authors write them. The check lets none of them into a rule.
PARTS: Mapping[type, str] = {
    conditions.Call: "a function",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A declaration that is not run. `why`: the rest of a sentence that begins with its name."""

    kind: str
    name: str
    why: str
    span: Span = NOWHERE

    @property
    def words(self) -> str:
        return f"{self.kind} {self.name} {self.why}"


def runnable(program: Program) -> tuple[Program, tuple[LeftOut, ...]]:
    """The part of the program that runs, and what is left out of it, in the order of files and lines."""
    present: dict[Key, object] = {("segment", name): value for name, value in program.segments.items()}
    present |= {("template", name): value for name, value in program.templates.items()}
    present |= {("score", name): value for name, value in program.scores.items()}
    present |= program.definitions
    present |= program.conversations
    present |= {("broadcast", name): value for name, value in program.broadcasts.items()}
    left_out: list[LeftOut] = []
    for key, value in list(present.items()):
        if unknown := tuple(dict.fromkeys(lacking(value))):
            left_out.append(_out(key, present.pop(key), f"holds {_listed(unknown)}, which the engine does not run yet"))
    # Reports group by functions, which conditions do not know.
    present |= {("report", name): value for name, value in program.reports.items()}
    present |= {("dashboard", name): value for name, value in program.dashboards.items()}
    names = {key: frozenset(referred(value)) for key, value in present.items()}
    while lost := [key for key in present if not names[key] <= present.keys()]:
        for key in lost:
            gone = sorted(f"{kind} {name}" for kind, name in names[key] - present.keys())
            left_out.append(_out(key, present.pop(key), f"names {_listed(gone)}, which is left out"))
    kept = replace(
        program,
        segments={name: s for name, s in program.segments.items() if ("segment", name) in present},
        templates={name: t for name, t in program.templates.items() if ("template", name) in present},
        scores={name: s for name, s in program.scores.items() if ("score", name) in present},
        definitions={key: d for key, d in program.definitions.items() if key in present},
        conversations={key: talk for key, talk in program.conversations.items() if key in present},
        broadcasts={name: b for name, b in program.broadcasts.items() if ("broadcast", name) in present},
        reports={name: r for name, r in program.reports.items() if ("report", name) in present},
        dashboards={name: d for name, d in program.dashboards.items() if ("dashboard", name) in present},
    )
    return kept, tuple(sorted(left_out, key=lambda one: (one.span.file, one.span.start, one.words)))


def _out(key: Key, value: object, why: str) -> LeftOut:
    return LeftOut(*key, why, getattr(value, "span", NOWHERE))


def lacking(value: object) -> Iterator[str]:
    """What the engine does not know of one declaration."""
    return filter(None, map(_unknown, parts(value)))


def _unknown(part: object) -> str:
    """How the part is called where the engine does not know it, "" where it does."""
    return PARTS.get(type(part), "")


def referred(value: object) -> Iterator[Key]:
    """Every segment, score, template, sequence or workflow that a compiled value names."""
    for part in parts(value):
        match part:
            case (
                conditions.InSegment(name)
                | conditions.WasMember("segment", name)
                | blocks.JoinSegment(name)
                | blocks.LeaveSegment(name)
            ):
                yield "segment", name
            case conditions.ScoreValue(name):
                yield "score", name
            case Dashboard(reports=names):
                yield from (("report", name) for name in names)
            case conditions.InDefinition(kind, name) | conditions.WasMember(kind, name):
                yield kind, name
            case blocks.EnrollIn(kind, name) | blocks.UnenrollFrom(kind, name):
                yield kind, name
            case blocks.Send(template) | blocks.SendTo(template) | Broadcast(template=template):
                yield "template", template
            case blocks.Task(template=template) if template is not None:
                yield "template", template


def _listed(words: tuple[str, ...] | list[str]) -> str:
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]
