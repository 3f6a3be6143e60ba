"""What a body does besides being a graph: its effects on others, for the checks over all definitions."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..program.conditions import Const
from ..source import Span


@dataclass(frozen=True, slots=True)
class Written:
    """A `set` of a constant: which property of which object becomes what, where."""

    object: str
    property: str
    value: Const
    span: Span


@dataclass(slots=True)
class Effects:
    """`whole` is False where a part was reported or is of a later version: then there is no graph."""

    sends: list[tuple[str, Span]] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    enrolls: list[tuple[str, str, Span]] = field(default_factory=list)
    whole: bool = True

    @property
    def mails(self) -> bool:
        """Whether someone gets mail because of this body: a send, or a definition it enrolls in."""
        return bool(self.sends or self.enrolls)
