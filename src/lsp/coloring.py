"""What each word of a file is: by the lexer, and by what the checker found it to name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dsl.source import Source
from dsl.syntax.machine import machine
from dsl.syntax.tokens import Token
from runtime.project.loading import table_file

from .names import DECLARED, Use, uses_in
from .project import YAML, Project
from .words import SETTINGS

TYPES = (
    *("keyword", "comment", "string", "number", "operator", "decorator", "type", "property", "enumMember", "enum"),
    *("event", "parameter", "class", "function", "macro", "namespace", "variable"),
)
MODIFIERS = ("declaration",)
_KINDS = {
    **dict.fromkeys(DECLARED, "class"),
    **dict.fromkeys(("sequence", "workflow"), "function"),
    **dict.fromkeys(("template", "snippet"), "macro"),
    **dict.fromkeys(("property", "association"), "property"),
    **dict.fromkeys(("option", "stage"), "enumMember"),
    **dict.fromkeys(("answer", "created", "task", "user", "team", "calendar", "channel"), "variable"),
    "object": "type",
    "event": "event",
    "field": "parameter",
    "pipeline": "enum",
    "topic": "namespace",
}
_NUMBERS = frozenset(["NUMBER", "PERCENT", "MONEY", "DATE", "DATETIME", "CLOCK", "CLOCK_RANGE", "DURATION"])
_SIGNS = frozenset(["EQ", "EQEQ", "NE", "LT", "LE", "GT", "GE", "PLUS", "MINUS", "ARROW", "DOTS"])


@dataclass(frozen=True, slots=True)
class Colored:
    """Characters `[start, end)` of one line; `type` is one of TYPES."""

    start: int
    end: int
    type: str
    declares: bool = False


def colored(project: Project, source: Source, start: int = 0, end: int | None = None) -> list[Colored]:
    """All of a part of a rule file, in the order written, none over the end of a line."""
    if source.name in YAML:
        return []
    read = machine(table_file()).lexer.read(source.name, source.text)
    named = sorted({(u.span.start, u.span.end): u for u in uses_in(project, source.name)}.items())
    uses = [use for _, use in named]
    found = [Colored(c.span.start, c.span.end, "comment") for c in read.comments]
    found += _words(source, read.tokens, uses)
    last = len(source.text) if end is None else end
    chosen = (part for whole in found for part in _lines(source, whole) if part.end > start and part.start < last)
    return sorted(chosen, key=lambda part: part.start)


def _words(source: Source, tokens: list[Token], uses: list[Use]) -> Iterator[Colored]:
    keywords = machine(table_file()).keywords
    at, before = 0, ""
    for token in tokens:
        while at < len(uses) and uses[at].span.end <= token.start:
            at += 1
        inside = _inside(token, uses, at)
        if inside and token.type == "TEXT":
            yield from _around(token, inside)
        elif inside:
            yield Colored(token.start, token.end, _KINDS.get(inside[0].thing.kind, "variable"), inside[0].declares)
        else:
            type_ = _type(source, token, before, keywords)
            if type_:
                yield Colored(token.start, token.end, type_)
        before = token.type


def _inside(token: Token, uses: list[Use], at: int) -> list[Use]:
    """The uses that touch the token; of those that share characters the first."""
    found: list[Use] = []
    while at < len(uses) and uses[at].span.start < token.end:
        use = uses[at]
        if use.span.end > token.start and (not found or use.span.start >= found[-1].span.end):
            found.append(use)
        at += 1
    return found


def _type(source: Source, token: Token, before: str, keywords: frozenset[str]) -> str:
    if token.type == "TEXT":
        return "string"
    if token.type in _NUMBERS:
        return "number"
    if token.type in _SIGNS:
        return "operator"
    if source.text[token.end : token.end + 1] == ":" and token.text in SETTINGS:
        return "decorator"
    return "keyword" if before != "DOT" and (token.type in keywords or token.type in ("AT_LEAST", "AT_MOST")) else ""


def _around(token: Token, uses: list[Use]) -> Iterator[Colored]:
    """A text with names in it."""
    at = token.start
    for use in uses:
        start, end = max(use.span.start, at), min(use.span.end, token.end)
        if start > at:
            yield Colored(at, start, "string")
        if end > start:
            yield Colored(start, end, _KINDS.get(use.thing.kind, "variable"), use.declares)
        at = max(at, end)
    if at < token.end:
        yield Colored(at, token.end, "string")


def _lines(source: Source, part: Colored) -> Iterable[Colored]:
    if "\n" not in source.text[part.start : part.end] and "\r" not in source.text[part.start : part.end]:
        return [part]
    found, at = [], part.start
    for line in source.text[part.start : part.end].splitlines(keepends=True):
        words = line.rstrip("\r\n")
        if words.strip():
            found.append(Colored(at, at + len(words), part.type, part.declares))
        at += len(line)
    return found
