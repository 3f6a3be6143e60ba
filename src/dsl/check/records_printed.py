"""The record that a mail prints beside the contact: a template has one at most, and goes out only where that is the
record the rule is about (X36)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..diagnostics.articles import article
from ..diagnostics.diagnostic import Label
from ..schema.model import Schema
from ..source import Span
from ..syntax import nodes
from .scope import Declared, Prints, Scope

# What every mail has, whatever a schema calls its objects.
_EVERYWHERE = frozenset(("contact", "sender", "account", "links", "trigger"))
_FIELD = re.compile(r"\{\{-?\s*(?P<path>(?P<root>[^\W\d]\w*)(?:\.\w+)+)")
_TEXTS = ("subject", "body")


def printed_by(node: nodes.Template) -> tuple[Prints, ...]:
    """The first merge field of each root that not every mail has. Which of them are objects, the schema knows."""
    found: dict[str, Prints] = {}
    for text in _texts(node):
        for field in _FIELD.finditer(text.value) if "{{" in text.value else ():
            if field["root"] not in _EVERYWHERE and field["root"] not in found:
                found[field["root"]] = Prints(field["path"], text.place(*field.span("path")))
    return tuple(found.values())


def _texts(node: nodes.Template) -> Iterator[nodes.Text]:
    return (s.value for s in node.settings if s.name in _TEXTS and isinstance(s.value, nodes.Text))


def record_printed(schema: Schema, prints: Iterable[Prints]) -> Prints | None:
    """The merge field that makes a template one of a record; None where it prints the contact alone."""
    return next((one for one in prints if one.root in schema.objects), None)


def may_send(scope: Scope, template: Declared, at: Span) -> bool:
    """Whether a mail sent from here has the record that its template prints; reports if not."""
    one = record_printed(scope.schema, template.prints)
    if one is None or one.root == scope.subject.name:
        return True
    scope.findings.error(
        "no-such-record",
        at,
        f"`{template.name}` prints `{one.path}`, and this is about {article(scope.subject.name)}",
        f"of which {one.root}?",
        others=[Label(one.span, "printed here")],
        help=_where(scope, one),
    )
    return False


def _where(scope: Scope, one: Prints) -> str:
    contact = scope.schema.objects.get("contact")
    link = contact.associations.get(one.root) if contact is not None else None
    if link is not None and not link.many:
        return f"write `contact.{one.path}` in the template"
    return f"a workflow `of {one.root}` can send it: there it is the {one.root} that the workflow is about"
