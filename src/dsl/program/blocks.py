"""The graph of blocks a sequence or workflow is compiled to. `next`, `then`, .. are indexes into `Graph.blocks`."""

from __future__ import annotations

from dataclasses import dataclass

from .conditions import Condition, Const, Duration, EventMatch, Field, Value


@dataclass(frozen=True, slots=True)
class Merge:
    """One `{{ path | default: '..' | filter }}`. `root` is contact, trigger, sender, links, .. as written;
    `value` is what to read, None for built-ins such as `links.unsubscribe` (X36). `filters` are (name, arguments)."""

    source: str
    root: str
    value: Value | None
    builtin: str = ""
    default: str | None = None
    filters: tuple[tuple[str, tuple[str | int | float, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A text with merge fields, compiled once to a skeleton: literal strings and `Merge`s in turn (X36)."""

    parts: tuple[str | Merge, ...]


@dataclass(frozen=True, slots=True)
class Send:
    template: str
    next: int
    as_task: bool = False  # a mail that the rep writes: becomes a task of kind `email`


@dataclass(frozen=True, slots=True)
class Wait:
    length: Duration
    next: int


@dataclass(frozen=True, slots=True)
class WaitEvent:
    """Goes to `next` at the first matching event strictly after the wait began, to `timeout` at the deadline (X17)."""

    events: tuple[EventMatch, ...]
    up_to: Duration
    next: int
    timeout: int


@dataclass(frozen=True, slots=True)
class WaitCondition:
    condition: Condition
    up_to: Duration
    next: int
    timeout: int


@dataclass(frozen=True, slots=True)
class If:
    condition: Condition
    then: int
    otherwise: int


@dataclass(frozen=True, slots=True)
class Set:
    """Writes one property of the record at the end of to-one `path` (empty: the subject itself). X23."""

    path: tuple[str, ...]
    object: str
    property: str
    value: Value | Text
    next: int


@dataclass(frozen=True, slots=True)
class UserRef:
    """Who: a user's name or a property of type user; None in a block means the default of X21."""

    value: Const | Field


@dataclass(frozen=True, slots=True)
class Task:
    kind: str  # call, todo, email, linkedin, ..
    title: Text
    next: int
    to: UserRef | None = None
    due_in: Duration | None = None
    priority: str | None = None  # low | medium | high
    waits: bool = True  # a sequence holds until it is done or skipped; never in a workflow (X22)
    name: str | None = None
    template: str | None = None  # for `send T as task`: the draft


@dataclass(frozen=True, slots=True)
class Notify:
    to: UserRef
    text: Text
    next: int


@dataclass(frozen=True, slots=True)
class EnrollIn:
    kind: str  # sequence | workflow
    name: str
    next: int


@dataclass(frozen=True, slots=True)
class UnenrollFrom:
    kind: str
    name: str
    next: int


@dataclass(frozen=True, slots=True)
class Exit:
    reason: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of a body. In a sequence: finished(no_reply); at the end of `automated`: the grace period, then
    finished(no_engagement) (D6); in a workflow: finished(completed)."""


Block = Send | Wait | WaitEvent | WaitCondition | If | Set | Task | Notify | EnrollIn | UnenrollFrom | Exit | Finish


@dataclass(frozen=True, slots=True)
class Graph:
    """`entry` is the first block; `rep_led` the first of the rep-led part of a dynamic sequence (D1), else None."""

    blocks: tuple[Block, ...]
    entry: int = 0
    rep_led: int | None = None
