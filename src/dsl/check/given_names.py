"""What a body calls its tasks and created records with `as NAME`: each name once, and none that means something."""

from __future__ import annotations

from ..diagnostics.articles import article
from ..diagnostics.diagnostic import Label
from ..schema.model import ObjectType
from ..source import Span
from ..syntax import nodes
from .findings import Findings
from .walks import all_statements

_ROOTS = ("trigger", "sender", "account", "links", "answers", "sent", "refused", "done")


def task_names(findings: Findings, subject: ObjectType, body: nodes.Body) -> frozenset[str]:
    """The names of tasks; doubles and names that are taken are reported, those of created records too."""
    seen: dict[str, Span] = {}
    tasks: set[str] = set()
    for statement in all_statements(body):
        if not isinstance(statement, nodes.Task | nodes.Create) or statement.name is None:
            continue
        name = statement.name
        if isinstance(statement, nodes.Task):
            tasks.add(name.text)
        first = seen.setdefault(name.text, name.span)
        if first is not name.span:
            message = f"two things are called `{name.text}` here"
            others = [Label(first, "the other one")]
            findings.error("duplicate-name", name.span, message, "again", others=others, help="give it another name")
        elif _taken(subject, name.text):
            message = f"`{name.text}` already means something in a rule about {article(subject.name)}"
            findings.error("name-taken-here", name.span, message, "taken", help="give it another name")
    return frozenset(tasks)


def _taken(subject: ObjectType, name: str) -> bool:
    return name == subject.name or name in subject.properties or name in subject.associations or name in _ROOTS
