"""What is known of one kind of problem, wherever it is found."""

from __future__ import annotations

from ..values import dataclass
from .diagnostic import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """A stable code. `name` is what authors see (`unknown-property`), `alias` never changes (`SG101`)."""

    name: str
    alias: str
    title: str  # one line, a sentence
    why: str  # why it matters and what to do
    severity: Severity = Severity.ERROR
