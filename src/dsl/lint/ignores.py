"""Comments that hide findings: `# segue: ignore[unused-segment, SG601] why`, at the end of a line or before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from ..diagnostics.diagnostic import Diagnostic, Label, Severity
from ..diagnostics.suggest import closest
from ..schema.model import RuleName
from ..source import Source, Span
from ..syntax import nodes
from ..values import dataclass
from .walk import Walk

_OURS = re.compile(r"#+\s*segue\s*:\s*(?P<word>\w+)", re.IGNORECASE)
_IGNORE = re.compile(r"#+\s*segue\s*:\s*ignore\s*\[(?P<names>[^\]]*)\]\s*[:,-]?\s*(?P<reason>.*)", re.IGNORECASE)
_WORDS_FOR_IGNORE = ("ignore", "ignored", "disable", "suppress", "allow", "skip", "noqa", "nolint", "off")
_NAME = re.compile(r"[^\s,]+")


@dataclass(frozen=True, slots=True)
class Ignore:
    """It holds for findings that begin in `[start, end)` of its file. `comment` is the span of all of it."""

    names: tuple[RuleName, ...]
    reason: str
    start: int
    end: int
    comment: Span
    own_line: bool


@dataclass(frozen=True, slots=True)
class Ignores:
    """Those of one file, and what is wrong with the way they are written."""

    ignores: tuple[Ignore, ...] = ()
    found: tuple[Diagnostic, ...] = ()


def read_ignores(source: Source, tree: nodes.File, comments: Iterable[nodes.Comment]) -> Ignores:
    """The comments of a file that are for us; most files have none."""
    ours = [comment for comment in comments if _is_ours(comment.text)]
    if not ours:
        return Ignores()
    read = [(comment, _IGNORE.match(comment.text)) for comment in ours]
    good = [(comment, match) for comment, match in read if match is not None and match["names"].strip()]
    bad = [comment for comment, match in read if match is None or not match["names"].strip()]
    ends = _ends(tree) if any(comment.own_line for comment, _ in good) else {}
    ignores = tuple(_ignore(comment, match, source, ends) for comment, match in good)
    return Ignores(ignores, tuple(_unreadable(comment) for comment in bad))


def _is_ours(comment: str) -> bool:
    """`# segue: the tool we use` is a comment like any other."""
    match = _OURS.match(comment)
    return match is not None and closest(match["word"], _WORDS_FOR_IGNORE) is not None


def _ignore(comment: nodes.Comment, match: re.Match[str], source: Source, ends: dict[int, int]) -> Ignore:
    start = comment.span.start + match.start("names")
    names = tuple(
        RuleName(name[0], Span(source.name, start + name.start(), start + name.end()))
        for name in _NAME.finditer(match["names"])
    )
    line, _ = source.position(comment.span.start)
    holds = _what_follows(line, source, ends) if comment.own_line else _line(line, source)
    return Ignore(names, match["reason"].strip(), *holds, comment.span, comment.own_line)


def _line(number: int, source: Source) -> tuple[int, int]:
    start = source.offset(number, 1)
    return start, start + len(source.line(number)) + 1


def _what_follows(line: int, source: Source, ends: dict[int, int]) -> tuple[int, int]:
    """The next line with something on it, and the whole of what begins there."""
    last, _ = source.position(len(source.text))
    following = (number for number in range(line + 1, last + 1) if _is_code(source.line(number)))
    number = next(following, None)
    if number is None:
        return len(source.text), len(source.text)
    start, end = _line(number, source)
    text = source.line(number)
    return start, max(end, ends.get(start + len(text) - len(text.lstrip()), 0))


def _is_code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


_WHOLE = (
    *(cls for cls in (*get_args(nodes.Declaration), *get_args(nodes.Statement)) if cls is not nodes.Bad),
    *(nodes.Setting, nodes.ScoreRule, nodes.HygieneRule, nodes.Automated, nodes.RepLed, nodes.Say, nodes.Ask),
    *(nodes.When, nodes.On),
)


def _ends(tree: nodes.File) -> dict[int, int]:
    """Where the statement, setting or declaration ends that begins at a place."""
    found: dict[int, int] = {}
    for node, _ in Walk(_WHOLE).nodes(tree, dict.fromkeys(_WHOLE)):
        found[node.span.start] = max(node.span.end, found.get(node.span.start, 0))
    return found


def _unreadable(comment: nodes.Comment) -> Diagnostic:
    return Diagnostic(
        "unreadable-ignore",
        Severity.WARNING,
        "this comment is meant for Segue, and cannot be read",
        Label(comment.span, "has no effect"),
        help="write `# segue: ignore[name-of-the-rule] why`",
    )


def ignored_by(diagnostic: Diagnostic, ignores: Sequence[Ignore]) -> Iterator[Ignore]:
    """The comments that hold at the place of a finding."""
    place = diagnostic.label.span.start
    return (ignore for ignore in ignores if ignore.start <= place < ignore.end)
