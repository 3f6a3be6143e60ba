"""What a body does besides being a graph: its effects on others, for the checks over all definitions."""

from __future__ import annotations

from dataclasses import field

from ..program.conditions import Const
from ..source import Span
from ..values import dataclass
from .placed import Placed


@dataclass(frozen=True, slots=True)
class Written:
    """A `set` of a constant, or a `clear` (`value` None): which property of which object, where. `path` leads there
    from the record the definition is about."""

    object: str
    property: str
    value: Const | None
    span: Span
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Raised:
    """A step that makes an event on the record itself, or on a new one: `send` (received_email), `unsubscribe`,
    `create` (created); `subscribe` is a note about consent and makes none.
    `of`: the object; `value`: the template, topic or nothing."""

    event: str
    of: str
    value: str | None
    span: Span


@dataclass(slots=True)
class Effects:
    """`whole` is False where a part was reported: then there is no graph. `joined` are the segments that steps put
    the record into; `subscribed` the topics that `subscribe to` records consent for; `chosen` what `send .. to every`
    asks of those it mails."""

    sends: list[tuple[str, Span]] = field(default_factory=list)
    chosen: list[Placed] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    enrolls: list[tuple[str, str, Span]] = field(default_factory=list)
    raised: list[Raised] = field(default_factory=list)
    joined: list[tuple[str, Span]] = field(default_factory=list)
    subscribed: set[str] = field(default_factory=set)
    whole: bool = True

    @property
    def mails(self) -> bool:
        """Whether someone gets mail because of this body: a send, or a definition it enrolls in."""
        return bool(self.sends or self.enrolls)
