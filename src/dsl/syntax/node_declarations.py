"""Nodes of declarations, files and comments. `nodes.py` says how they are meant to be used."""

from __future__ import annotations

from ..source import Span
from ..values import dataclass
from .node_conditions import Condition
from .node_settings import Setting
from .node_statements import Block, Statement
from .node_tests import Test
from .node_values import Bad, ListOf, Name, Number, Path, Text


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
    """A body of settings alone; `unread` is what else stood in it and was reported."""

    name: Name
    label: Text | None
    settings: tuple[Setting, ...]
    span: Span
    unread: tuple[Bad, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """`give 5 when clicked_email, at most 20 per week`; `sign` is give or take, `per` the word behind `per`."""

    sign: str
    points: Number
    when: Condition
    at_most: Number | None
    per: Name | None
    span: Span


@dataclass(frozen=True, slots=True)
class Score:
    name: Name
    label: Text | None
    of: Name
    settings: tuple[Setting, ...]
    rules: tuple[ScoreRule, ...]
    span: Span
    unread: tuple[Bad, ...] = ()


@dataclass(frozen=True, slots=True)
class Snippet:
    """`snippet "#suc" "Contact note" { use_in: note, email  text: \"\"\"..\"\"\" }`"""

    shortcut: Text
    label: Text | None
    settings: tuple[Setting, ...]
    span: Span
    unread: tuple[Bad, ...] = ()

    @property
    def name(self) -> Name:
        return Name(self.shortcut.value, self.shortcut.span)


@dataclass(frozen=True, slots=True)
class SettingsOnly:
    """A declaration of settings alone: `kind` is broadcast, report or dashboard."""

    kind: str
    name: Name
    label: Text | None
    of: Name | None
    settings: tuple[Setting, ...]
    span: Span
    unread: tuple[Bad, ...] = ()


# --- conversations: playbook, form, survey ---


@dataclass(frozen=True, slots=True)
class AnswerType:
    """`choice [champion, end_user]`, `long_text`"""

    name: Name
    options: ListOf | None
    span: Span


@dataclass(frozen=True, slots=True)
class Say:
    text: Text
    span: Span


@dataclass(frozen=True, slots=True)
class Ask:
    """`ask signer "Who signs?": text -> contact.signer required`; `type` None: that of the property."""

    name: Name
    question: Text
    type: AnswerType | None
    target: Path | None
    required: Span | None
    span: Span


@dataclass(frozen=True, slots=True)
class When:
    """`when answers.role = champion { ask .. }`"""

    keyword: Span
    condition: Condition
    items: tuple[Say | Ask | When | Bad, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class On:
    """`on save { }`, `on submit { }`: statements at that moment."""

    moment: Name
    block: Block
    span: Span


Item = Say | Ask | When | Bad


@dataclass(frozen=True, slots=True)
class Conversation:
    """`kind` is playbook, form or survey. `of`: the object behind `for` (playbook) or `of`; `with_`: behind `with`."""

    kind: str
    name: Name
    label: Text | None
    of: Name | None
    with_: Name | None
    settings: tuple[Setting, ...]
    items: tuple[Item, ...]
    on: tuple[On, ...]
    span: Span


# --- hygiene ---


@dataclass(frozen=True, slots=True)
class HygieneRule:
    """`fix when CONDITION { set .. }` or `review when CONDITION "why"`; `kind` is fix or review."""

    kind: str
    condition: Condition
    block: Block | None
    text: Text | None
    span: Span


@dataclass(frozen=True, slots=True)
class Hygiene:
    name: Name
    label: Text | None
    of: Name
    settings: tuple[Setting, ...]
    rules: tuple[HygieneRule | Bad, ...]
    span: Span


Declaration = (
    Segment | Sequence | Workflow | Template | Score | Snippet | SettingsOnly | Conversation | Hygiene | Test | Bad
)


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
