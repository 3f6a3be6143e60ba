"""What is chosen when a selection grows: the word, the test, the condition, the statement, the declaration, all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from dsl.source import Source, Span

from .hovering import token_at
from .project import YAML, Project


def around(project: Project, source: Source, offset: int) -> list[Span]:
    """From the narrowest to the whole file, each within the next."""
    whole = Span(source.name, 0, len(source.text))
    if source.name in YAML:
        return [whole]
    token = token_at(source, offset)
    found = [token.span] if token is not None else []
    found += _holding(project.workspace.parsed(source.name).tree, offset)
    chain: list[Span] = []
    for span in sorted([*found, whole], key=lambda span: span.end - span.start):
        if not chain or (span != chain[-1] and span.start <= chain[-1].start and chain[-1].end <= span.end):
            chain.append(span)
    return chain


def _holding(root: object, offset: int) -> Iterator[Span]:
    """The spans of the nodes that hold the place."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node)
        elif is_dataclass(node) and not isinstance(node, Span | type):
            span = getattr(node, "span", None)
            if isinstance(span, Span):
                if not span.start <= offset <= span.end:
                    continue
                yield span
            waiting.extend(getattr(node, field.name) for field in fields(node))
