"""A declaration in which the checker found no error: what the linter reads of it."""

from __future__ import annotations

from ..program.conversations import Conversation
from ..program.definitions import Definition, Segment, Template
from ..program.others import Broadcast, Dashboard, Hygiene, Report, Score, Snippet
from ..program.tests import Test
from ..source import Span
from ..syntax import nodes
from ..values import dataclass
from .findings import Findings, Reference
from .placed import Placed

Compiled = (
    Segment
    | Template
    | Definition
    | Score
    | Snippet
    | Broadcast
    | Conversation
    | Hygiene
    | Report
    | Dashboard
    | tuple[Test, ...]
)


@dataclass(frozen=True, slots=True)
class Sound:
    """`conditions` are its whole conditions with places, `references` what it names, each in the order met."""

    kind: str  # segment, sequence, workflow, template, score, ..
    name: str
    node: nodes.Declaration
    compiled: Compiled | None  # None: a part of it is of a later version
    conditions: tuple[Placed, ...]
    references: tuple[Reference, ...]

    @property
    def span(self) -> Span:
        """Of its name; of a test, its title."""
        return self.node.span if isinstance(self.node, nodes.Bad) else self.node.name.span


class Watch:
    """Made before a declaration is checked; afterwards knows what that added to the findings."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._found = findings.mark()
        self._conditions, self._references = len(findings.conditions), len(findings.references)

    def done(self, kind: str, name: str, node: nodes.Declaration, compiled: Compiled | None) -> None:
        """Notes the declaration for the linter, unless it has an error."""
        findings = self._findings
        if not findings.errors_since(self._found):
            # A default of segue.yaml is a condition of every definition that does not write its own.
            here = node.span.file
            conditions = tuple(c for c in findings.conditions[self._conditions :] if c.span.file == here)
            references = tuple(findings.references[self._references :])
            findings.sound.append(Sound(kind, name, node, compiled, conditions, references))
