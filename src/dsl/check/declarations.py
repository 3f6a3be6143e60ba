"""All declarations of a project by kind and name: one namespace per kind over all files."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics.diagnostic import Label
from ..syntax import nodes
from .findings import Findings
from .others.kinds import Node, answers_of, kind_of_other, name_of_other, object_of_other
from .records_printed import printed_by
from .scope import Declared, Key

Supported = nodes.Segment | nodes.Sequence | nodes.Workflow | nodes.Template
_KINDS = {nodes.Segment: "segment", nodes.Sequence: "sequence", nodes.Workflow: "workflow", nodes.Template: "template"}
_KEYWORDS = {"static": "segment"}


def kind_of(node: Supported) -> str:
    """segment, sequence, workflow or template."""
    return _KINDS[type(node)]


def declared_in(file: nodes.File) -> tuple[Declared, ...]:
    """What one file declares, doubles too, in its order."""
    found = []
    for declaration in file.declarations:
        match declaration:
            case nodes.Segment() | nodes.Sequence() | nodes.Workflow() | nodes.Template():
                found.append(_declared(declaration))
            case nodes.Score() | nodes.Snippet() | nodes.SettingsOnly() | nodes.Conversation() | nodes.Hygiene():
                found.append(_other(declaration))
            case nodes.Bad(kind=kind, name=nodes.Name(text=name, span=span)) if kind:
                found.append(Declared(_KEYWORDS.get(kind, kind), name, "", span, unread=True))
    return tuple(found)


def _declared(node: Supported) -> Declared:
    kind, static = kind_of(node), isinstance(node, nodes.Segment) and node.condition is None
    prints = printed_by(node) if isinstance(node, nodes.Template) else ()
    return Declared(kind, node.name.text, _object(node), node.name.span, static=static, prints=prints)


def _other(node: Node) -> Declared:
    kind, talk = kind_of_other(node), node if isinstance(node, nodes.Conversation) else None
    parts, unread = (answers_of(talk), _partly_read(talk.items)) if talk is not None else ((), False)
    return Declared(kind, name_of_other(node), object_of_other(node), node.name.span, parts=parts, unread=unread)


def _partly_read(items: Iterable[nodes.Item]) -> bool:
    return any(isinstance(item, nodes.Bad) or _partly_read(getattr(item, "items", ())) for item in items)


def _object(node: Supported) -> str:
    match node:
        case nodes.Segment(of=of):
            return of.text
        case nodes.Workflow(of=of) if of is not None:
            return of.text
    return "contact"


def by_name(files: Iterable[Iterable[Declared]], findings: Findings) -> dict[Key, Declared]:
    """The names there are: the first of a name is meant, all others are reported. The files come in their order."""
    named: dict[Key, Declared] = {}
    for file in files:
        for one in file:
            earlier = named.setdefault((one.kind, one.name), one)
            if earlier is not one:
                _double(one, earlier, findings)
    return named


def _double(one: Declared, earlier: Declared, findings: Findings) -> None:
    findings.error(
        "duplicate-name",
        one.span,
        f"there are two {one.kind}s named `{one.name}`",
        "the same name again",
        others=[Label(earlier.span, "first declared here")],
        help="give one of them another name",
    )
