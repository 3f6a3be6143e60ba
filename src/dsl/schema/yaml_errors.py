"""What ruamel.yaml says about broken YAML, in the reader's words."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError

from ..source import Source, Span
from .problems import Problems

_SECOND_COLON = "a second `:` in one line"
_SECOND_DOCUMENT = "`---` begins a second document"
_INDENTED = "this line fits none above it by its indentation", "align it with its neighbours"

# What the scanner or parser says, what we say, and what to do.
_SAID = (
    (r"found character '\\t'|found a tab", "a tab stands where YAML takes only spaces", "indent with two spaces"),
    (r"mapping values are not allowed", _SECOND_COLON, "put a text that holds `: ` in quotes"),
    (r"sequence entries are not allowed", "a list item cannot stand here", "put each `- item` on a line of its own"),
    (r"flow node.*<stream end>", "a `{` or `[` is never closed", "close it at the end"),
    (r"could not find expected ':'", "this line has no `:`", "write `key: value`, or `- item` in a list"),
    (r"expected ',' or '}'", "this `{` is never closed", "close it with `}`, entries are separated by `,`"),
    (r"expected ',' or '\]'", "this `[` is never closed", "close it with `]`, items are separated by `,`"),
    (r"expected the node content|expected <block end>, but found '[,}\]]'", "this belongs to no list or mapping", ""),
    (r"unexpected end of stream|end of stream while", "this quote is never closed", "close it with the same quote"),
    (r"expected <block end>", *_INDENTED),
    (r"expected a single document|<document start>", _SECOND_DOCUMENT, "one file is one document"),
    (r"undefined alias", "`*` aliases are not read here", "put a text that begins with `*` in quotes"),
    (r"unknown escape character", "this `\\` escape is none", "write `\\\\` for a backslash, or use single quotes"),
    (r"found character '@'|found character '`'", "a value cannot begin with this character", "put it in quotes"),
    (r"found character '%'", "a value cannot begin with `%`", "put it in quotes"),
)


def tell_syntax_error(error: Exception, source: Source, problems: Problems) -> None:
    """One `yaml-syntax` diagnostic at the place of the error, or of what it left open."""
    if not isinstance(error, MarkedYAMLError):
        _tell_character(error, source, problems)
        return
    problem = _mark(error.problem_mark, source)
    raw = " ".join(str(part) for part in (error.context, error.problem) if part)
    message, help = _in_our_words(raw, source, problem)
    context = _mark(error.context_mark, source)
    if context and "never closed" in message:
        problems.error("yaml-syntax", message, context, "opened here", help=help)
        return
    problems.error("yaml-syntax", message, problem or context or Span(source.name, 0, 0), help=help)


def _in_our_words(raw: str, source: Source, at: Span | None) -> tuple[str, str]:
    """Message and help. Two of ruamel's messages have a second cause that only the text can tell."""
    said = next(((m, h) for pattern, m, h in _SAID if re.search(pattern, raw)), (f"this is no YAML: {raw}", ""))
    if at is None:
        return said
    line, column = source.position(at.start)
    before = source.line(line)[: column - 1]
    if said[0] == _SECOND_COLON and ": " not in before:
        return "this line does not go on from the one above", "does the line above lack its `:`, or some spaces?"
    if said[0] == _SECOND_DOCUMENT and not source.line(line).startswith("---"):
        return _INDENTED
    return said


def _mark(mark: object, source: Source) -> Span | None:
    """The character at a mark of ruamel's; one behind the last line is moved back into the text."""
    index = getattr(mark, "index", None)
    if index is None:
        return None
    start = min(int(index), max(len(source.text.rstrip()) - 1, 0))
    return Span(source.name, start, start + 1)


def _tell_character(error: Exception, source: Source, problems: Problems) -> None:
    """ReaderError: a character YAML does not allow at all, such as NUL."""
    position = getattr(error, "position", 0)
    start = position if isinstance(position, int) else 0
    span = Span(source.name, start, min(start + 1, len(source.text)))
    problems.error("yaml-syntax", "a character that no text file should hold", span, help="delete it")
