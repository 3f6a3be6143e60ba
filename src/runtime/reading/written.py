"""A definition as it is written, with what became of people at each of its steps beside the line that says the step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dsl.source import Source, Span
from dsl.syntax import parse

from ..metrics.funnel import FunnelStep
from ..project.loading import Loaded


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """`nr` counts from 1 in the file; `step` is what the line does to people, None where it is no step."""

    nr: int
    text: str
    step: FunnelStep | None


@dataclass(frozen=True, slots=True)
class Written:
    """`file` is named from the project's root."""

    file: str
    lines: tuple[WrittenLine, ...]


def written(loaded: Loaded, kind: str, name: str, funnel: Iterable[FunnelStep]) -> Written | None:
    """The lines of one definition; None where no rule file has it."""
    found = loaded.program.definitions.get((kind, name))
    source = loaded.sources.get(found.span.file) if found else None
    if found is None or source is None:
        return None
    first, lines = _lines(source, *_whole(source, found.span))
    left = [step for step in funnel if not step.old]
    return Written(source.name, tuple(WrittenLine(first + i, text, _take(text, left)) for i, text in enumerate(lines)))


def _whole(source: Source, name: Span) -> tuple[int, int]:
    """From where to where the declaration goes of which that is the name."""
    around = [span for node in parse(source).tree.declarations if (span := node.span).start <= name.start < span.end]
    return (around[0].start, around[0].end) if around else (name.start, name.end)


def _lines(source: Source, start: int, end: int) -> tuple[int, list[str]]:
    """Whole lines, from the one the definition begins in."""
    begin = source.text.rfind("\n", 0, start) + 1
    return source.text.count("\n", 0, begin) + 1, source.text[begin:end].splitlines()


def _take(text: str, left: list[FunnelStep]) -> FunnelStep | None:
    """The first step not yet placed that this line says; steps stand in the order they are written in."""
    words = text.split()
    for step in left:
        if words and _says(words, step):
            left.remove(step)
            return step
    return None


def _says(words: list[str], step: FunnelStep) -> bool:
    """A step's label begins as its line does. A mail to be sent by hand is written as a `send` too."""
    said = step.label.split()
    if step.kind == "task" and said[:2] == ["task", "email"] and words[0] == "send":
        return words[1:2] == said[2:3]
    return words[: min(len(said), 2)] == said[:2]
