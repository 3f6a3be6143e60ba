"""What a file declares, as a tree, and what of a project fits a search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dsl.source import Source, Span
from dsl.syntax import nodes

from .names import Thing, Use, uses_in
from .project import YAML, Project


@dataclass(frozen=True, slots=True)
class Symbol:
    """`kind` as of `Reference`, or a part: automated, rep_led, question. `name_span` lies in `span`."""

    kind: str
    name: str
    detail: str
    span: Span
    name_span: Span
    parts: tuple[Symbol, ...] = ()


def outline(project: Project, source: Source) -> list[Symbol]:
    """Of one file, in the order written."""
    if source.name in YAML:
        return list(_of_yaml(project, source))
    tree = project.workspace.parsed(source.name).tree
    return [symbol for node in tree.declarations for symbol in _declaration(node)]


def _declaration(node: nodes.Declaration) -> Iterator[Symbol]:
    match node:
        case nodes.Bad():
            if node.name is not None:
                span = node.name.span
                yield Symbol(node.kind, node.name.text, "", _around(node.span, span), span)
        case nodes.Test():
            detail = ", ".join(name.text for name in node.of)
            yield Symbol("test", node.title.value, f"of {detail}", node.span, node.title.span)
        case _:
            label = node.label.value if node.label is not None else ""
            kind = getattr(node, "kind", type(node).__name__.lower())
            yield Symbol(kind, node.name.text, label, node.span, node.name.span, tuple(_parts(node)))


def _parts(node: nodes.Declaration) -> Iterator[Symbol]:
    match node:
        case nodes.Sequence(body=body) | nodes.Workflow(body=body):
            parts = [Symbol("automated", "automated", "", part.span, part.keyword) for part in body.automated]
            parts += [Symbol("rep_led", "rep_led", "", part.span, part.keyword) for part in body.rep_led]
            yield from sorted(parts, key=lambda part: part.span.start)
        case nodes.Conversation(items=items):
            yield from _questions(items)


def _questions(items: Iterable[nodes.Item]) -> Iterator[Symbol]:
    for item in items:
        if isinstance(item, nodes.Ask):
            yield Symbol("question", item.name.text, item.question.value, item.span, item.name.span)
        elif isinstance(item, nodes.When):
            yield from _questions(item.items)


def _around(span: Span, name: Span) -> Span:
    return Span(span.file, min(span.start, name.start), max(span.end, name.end))


def _of_yaml(project: Project, source: Source) -> Iterator[Symbol]:
    """Objects with their properties, events with their fields, and the rest side by side."""
    below: dict[str, list[Use]] = {}
    top: list[Use] = []
    for use in uses_in(project, source.name):
        if use.declares and use.thing.kind in ("property", "association", "field"):
            below.setdefault(use.thing.name.partition(".")[0], []).append(use)
        elif use.declares and use.thing.kind not in ("option", "stage"):
            top.append(use)
    for use in top:
        own = [part for part in below.get(use.thing.name, ()) if _owns(use.thing, part.thing)]
        parts = tuple(Symbol(part.thing.kind, _last(part.thing), "", part.span, part.span) for part in own)
        end = max((part.span.end for part in own), default=use.span.end)
        span = Span(source.name, min(use.span.start, *(p.span.start for p in parts), use.span.start), end)
        yield Symbol(use.thing.kind, _last(use.thing), "", span, use.span, parts)


def _owns(owner: Thing, part: Thing) -> bool:
    return (owner.kind == "event") == (part.kind == "field") and owner.kind in ("event", "object")


def _last(thing: Thing) -> str:
    return thing.name.rpartition(".")[2] if thing.kind != "channel" else thing.name


def matching(project: Project, query: str, most: int = 200) -> list[Use]:
    """Everything the project declares whose name has the letters of the query in their order; exact parts first."""
    wanted = query.casefold()
    found = []
    for file in project.files:
        for use in uses_in(project, file):
            name = use.thing.name.casefold()
            if use.declares and use.thing.kind not in ("option", "stage") and _has_letters(name, wanted):
                found.append((wanted not in name, len(name), use))
    found.sort(key=lambda item: item[:2])
    return [use for _, _, use in found[:most]]


def _has_letters(name: str, wanted: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in wanted)
