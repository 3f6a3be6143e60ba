"""What a rule sees of one declaration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from ..check.placed import Placed
from ..check.scope import Names
from ..check.sound import Compiled, Sound
from ..program.blocks import Graph
from ..program.definitions import Definition
from ..schema.model import Project, Schema
from ..source import Source, Span
from ..syntax import nodes
from ..values import dataclass
from .statements import every_statement, parts_of


@dataclass(frozen=True)
class View:
    """One declaration without errors: as written, as compiled, and what can be named around it."""

    declaration: Sound
    names: Names
    source: Source

    @cached_property
    def kind(self) -> str:
        """segment, sequence, workflow, template, score, .."""
        return self.declaration.kind

    @property
    def name(self) -> str:
        return self.declaration.name

    @property
    def node(self) -> nodes.Declaration:
        return self.declaration.node

    @property
    def compiled(self) -> Compiled | None:
        """None where a part of it is of a later version of the language."""
        return self.declaration.compiled

    @cached_property
    def definition(self) -> Definition | None:
        """The compiled sequence or workflow."""
        return self.compiled if isinstance(self.compiled, Definition) else None

    @property
    def graph(self) -> Graph | None:
        """The blocks of the compiled sequence or workflow."""
        return self.definition.pinned.graph if self.definition else None

    @property
    def conditions(self) -> tuple[Placed, ...]:
        """Every whole condition in it, compiled, with places."""
        return self.declaration.conditions

    @cached_property
    def placed(self) -> Mapping[Span, Placed]:
        """The same by where they are written."""
        return {placed.span: placed for placed in self.conditions}

    @cached_property
    def statements(self) -> tuple[nodes.Statement, ...]:
        """Every statement of a sequence or workflow with all inside it, in the order written: gone through once."""
        match self.node:
            case nodes.Sequence(body=body) | nodes.Workflow(body=body):
                return tuple(statement for part in parts_of(body) for statement in every_statement(part))
        return ()

    @cached_property
    def mails(self) -> tuple[nodes.Send, ...]:
        """Those of them that mail by themselves."""
        return tuple(s for s in self.statements if isinstance(s, nodes.Send) and not s.as_task)

    @property
    def schema(self) -> Schema:
        return self.names.schema

    @property
    def project(self) -> Project:
        return self.names.project

    @cached_property
    def settings(self) -> dict[str, nodes.Setting]:
        """Its settings as written, by name; those of `defaults:` in segue.yaml are not among them."""
        match self.node:
            case nodes.Sequence(body=body) | nodes.Workflow(body=body):
                return {setting.name: setting for setting in body.settings}
            case nodes.Template(settings=settings) | nodes.SettingsOnly(settings=settings):
                return {setting.name: setting for setting in settings}
            case nodes.Score(settings=settings) | nodes.Snippet(settings=settings):
                return {setting.name: setting for setting in settings}
            case nodes.Conversation(settings=settings) | nodes.Hygiene(settings=settings):
                return {setting.name: setting for setting in settings}
        return {}

    def within(self, span: Span) -> Span:
        """The same without parentheses around all of it; what begins with one must not end by another."""
        while self.source.text[span.start] == "(":
            start, end = span.start + 1, span.end - 1
            inside = self.source.text[start:end]
            start, end = start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip())
            span = Span(span.file, start, end)
        return span

    def text(self, span: Span) -> str:
        """What the author wrote there, on one line."""
        return " ".join(self.written(span).split())

    def written(self, span: Span) -> str:
        """What the author wrote there, to the letter: what a fix writes elsewhere."""
        return self.source.text[span.start : span.end]
