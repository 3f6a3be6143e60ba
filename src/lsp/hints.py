"""What holds and is not written: weekdays of dates, the object a rule is about, defaults of segue.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from dsl.check.settings import READERS
from dsl.source import Source
from dsl.syntax import nodes
from dsl.syntax.machine import machine
from runtime.project.loading import table_file

from .project import YAML, Project

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Hint:
    """Words shown behind the character before `offset`."""

    offset: int
    words: str
    why: str


def hints(project: Project, source: Source, start: int, end: int) -> list[Hint]:
    """Those of a part of one rule file."""
    if source.name in YAML:
        return []
    found = [*_weekdays(source), *_understood(project, source)]
    return sorted((hint for hint in found if start <= hint.offset <= end), key=lambda hint: hint.offset)


def _weekdays(source: Source) -> Iterator[Hint]:
    for token in machine(table_file()).lexer.read(source.name, source.text).tokens:
        if token.type in ("DATE", "DATETIME"):
            with suppress(ValueError):  # a day that does not exist, which is told
                day = date.fromisoformat(token.text[:10])
                yield Hint(token.start + 10, _DAYS[day.weekday()], f"{day:%A}")


def _understood(project: Project, source: Source) -> Iterator[Hint]:
    defaults = project.workspace.names.project.defaults
    for node in project.workspace.parsed(source.name).tree.declarations:
        if not isinstance(node, nodes.Sequence | nodes.Workflow):
            continue
        if node.of is None:
            head = node.label.span if node.label is not None else node.name.span
            yield Hint(head.end, "of contact", "what a sequence or workflow is about where it says nothing else")
        written = {setting.name for setting in node.body.settings}
        missing = [f"{name}: {value}" for name, value in defaults.items() if name in READERS and name not in written]
        brace = source.text.find("{", node.name.span.end)
        if missing and brace >= 0:
            yield Hint(brace + 1, ", ".join(missing), "defaults of segue.yaml that hold here")
