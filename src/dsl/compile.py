"""From texts to a program: the one door of the language for everyone outside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from .diagnostics.diagnostic import Diagnostic
from .program.definitions import Program
from .source import Source
from .values import dataclass
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Compiled:
    """`program` is None where there are errors. `sources` are all texts read, by name, for rendering diagnostics."""

    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]


def compile_project(
    sources: Sequence[Source], schema: Source | None, project: Source | None, cache: Path | None = None
) -> Compiled:
    """Checks all rule files of a project at once and compiles them.

    `schema` and `project` are schema.yaml and segue.yaml; without them the standard CRM and an account in UTC and
    USD hold. `cache` is where the parser keeps its table. Every problem of every file is told in one run, in the
    order of files and lines.
    """
    workspace = Workspace(cache)
    workspace.configure(schema, project)
    for source in sources:
        workspace.update(source)
    program, diagnostics = workspace.program()
    return Compiled(program, diagnostics, workspace.sources)
