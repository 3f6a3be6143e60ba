"""The proposals at a place of a rule file, however much of it is still missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dsl.source import Source, Span
from dsl.syntax.machine import machine
from dsl.syntax.tokens import Token
from runtime.project.loading import table_file

from ..project import YAML, Project
from .frames import Around, around
from .grammar import accepted, spellings
from .items import Item, keyword
from .merge_fields import in_field, open_field
from .names import named

_WORD = re.compile(r"\w*\Z")


@dataclass(frozen=True, slots=True)
class Completion:
    """`word` is what is typed already and would be replaced."""

    items: tuple[Item, ...]
    word: Span


def complete(project: Project, source: Source, offset: int) -> Completion:
    """At `offset`; nothing in comments, inside texts but for merge fields, and in YAML."""
    typed = _WORD.search(source.text, 0, offset)
    start = typed.start() if typed else offset
    word = Span(source.name, start, offset)
    if source.name in YAML:
        return Completion((), word)
    read = machine(table_file()).lexer.read(source.name, source.text[:start])
    last = read.comments[-1].span.start if read.comments else start
    in_comment = last < start and "\n" not in source.text[last:start]
    if in_comment or source.text[start:offset].isdecimal():
        return Completion((), word)
    here = around(project.workspace.names, read.tokens)
    text = _open_text(read.tokens, source.text[:start])
    if text is not None:
        inside = open_field(text)
        found = list(in_field(here, inside)) if inside is not None else []
    else:
        found = list(_found(here, read.tokens))
    first = {item.label: item for item in reversed(found)}  # of two with one label the first
    return Completion(tuple(sorted(first.values(), key=lambda item: (item.rank, item.label))), word)


def _open_text(tokens: list[Token], before: str) -> str | None:
    """What is written of a text whose closing quotes are still to come."""
    last = tokens[-2] if len(tokens) > 1 else None
    if last is None or last.type != "TEXT":
        return None
    written = before[last.start :]
    quotes = '"""' if written.startswith('"""') else '"'
    closed = len(written.rstrip()) >= 2 * len(quotes) and written.rstrip().endswith(quotes)
    return None if closed or (quotes == '"' and "\n" in written) else written


def _found(here: Around, tokens: list[Token]) -> Iterator[Item]:
    terminals = accepted(tokens)
    before = tokens[-2].type if len(tokens) > 1 else ""
    if before != "DOT":
        yield from (keyword(word) for word in spellings(terminals))
    if "NAME" in terminals or not terminals:
        yield from named(here, terminals)
