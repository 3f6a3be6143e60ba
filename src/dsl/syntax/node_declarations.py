"""Nodes of declarations, files and comments. `nodes.py` says how they are meant to be used."""

from __future__ import annotations

from dataclasses import dataclass

from ..source import Span
from .node_conditions import Condition
from .node_statements import Block, Setting, Statement
from .node_values import Bad, Name, Text, Unsupported


@dataclass(frozen=True, slots=True)
class Automated:
    keyword: Span
    block: Block
    span: Span


@dataclass(frozen=True, slots=True)
class RepLed:
    """`engaged` is a `Path`, an `Event` or an `Or` of them."""

    keyword: Span
    engaged: Condition
    block: Block
    span: Span


@dataclass(frozen=True, slots=True)
class Segment:
    """`condition` None: a static segment."""

    name: Name
    label: Text | None
    of: Name
    condition: Condition | None
    span: Span


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between the braces of a sequence, workflow or template, each kind in the order written."""

    settings: tuple[Setting, ...]
    statements: tuple[Statement, ...]
    automated: tuple[Automated, ...]
    rep_led: tuple[RepLed, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Sequence:
    name: Name
    label: Text | None
    of: Name | None
    body: Body
    span: Span


@dataclass(frozen=True, slots=True)
class Workflow:
    """`of` None was not written (the checker decides what that means)."""

    name: Name
    label: Text | None
    of: Name | None
    body: Body
    span: Span


@dataclass(frozen=True, slots=True)
class Template:
    """A body of settings alone; anything else in it was reported."""

    name: Name
    label: Text | None
    settings: tuple[Setting, ...]
    span: Span


Declaration = Segment | Sequence | Workflow | Template | Unsupported | Bad


@dataclass(frozen=True, slots=True)
class File:
    declarations: tuple[Declaration, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Comment:
    """`text` with its `#`. `own_line`: nothing stands before it on its line."""

    text: str
    own_line: bool
    span: Span
