"""All declarations of a project by kind and name: one namespace per kind over all files."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics.diagnostic import Label
from ..syntax import nodes
from .findings import Findings
from .scope import Declared

Supported = nodes.Segment | nodes.Sequence | nodes.Workflow | nodes.Template
_KINDS = {nodes.Segment: "segment", nodes.Sequence: "sequence", nodes.Workflow: "workflow", nodes.Template: "template"}


def kind_of(node: Supported) -> str:
    """segment, sequence, workflow or template."""
    return _KINDS[type(node)]


def collect(files: Iterable[nodes.File], findings: Findings) -> tuple[dict[tuple[str, str], Declared], list[Supported]]:
    """The names there are, and the declarations to check: doubles too, so that one run tells all."""
    named: dict[tuple[str, str], Declared] = {}
    kept: list[Supported] = []
    for declaration in (d for file in files for d in file.declarations):
        match declaration:
            case nodes.Unsupported(what, span, kind, name):
                findings.info(
                    "not-yet", name.span if name else span, f"{what} is not supported by this version yet", "left out"
                )
                if name is not None and kind:
                    named.setdefault((kind, name.text), Declared(kind, name.text, "", name.span, supported=False))
            case nodes.Bad():
                pass
            case nodes.Segment() | nodes.Sequence() | nodes.Workflow() | nodes.Template():
                _name(named, declaration, findings)
                kept.append(declaration)
    return named, kept


def _name(named: dict[tuple[str, str], Declared], node: Supported, findings: Findings) -> None:
    kind, name = kind_of(node), node.name.text
    earlier = named.get((kind, name))
    if earlier is None:
        static = isinstance(node, nodes.Segment) and node.condition is None
        named[kind, name] = Declared(kind, name, _object(node), node.name.span, static=static)
        return
    findings.error(
        "duplicate-name",
        node.name.span,
        f"there are two {kind}s named `{name}`",
        "the same name again",
        others=[Label(earlier.span, "first declared here")],
        help="give one of them another name",
    )


def _object(node: Supported) -> str:
    match node:
        case nodes.Segment(of=of):
            return of.text
        case nodes.Workflow(of=of) if of is not None:
            return of.text
    return "contact"
