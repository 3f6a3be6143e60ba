"""Lines above declarations: tests can be run, segments say how many are in them."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.source import Source, Span
from dsl.syntax import nodes

from .describing import counted
from .members import Members
from .project import YAML, Project


@dataclass(frozen=True, slots=True)
class Lens:
    """`test`: the title of the test to run, at `span`; empty where nothing is to be run."""

    span: Span
    words: str
    test: str = ""


def lenses(project: Project, source: Source, members: Members) -> list[Lens]:
    """Of one file, in the order written."""
    if source.name in YAML:
        return []
    found = []
    for node in project.workspace.parsed(source.name).tree.declarations:
        match node:
            case nodes.Test():
                found.append(Lens(node.title.span, "run test", node.title.value))
            case nodes.Segment():
                count = members(node.name.text)
                if count is not None:
                    found.append(Lens(node.name.span, counted(count)))
    return found
