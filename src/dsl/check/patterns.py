"""Patterns of `matches` and `replace`: the part of regular expressions that means the same everywhere (X31).

One store matches with Python's `re`, the other with PostgreSQL's advanced regular expressions. What only one of them
knows, or what they read differently, is refused here, with the place inside the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..syntax import nodes
from ..values import dataclass, replace
from .findings import Findings
from .pattern_help import in_one_way
from .pattern_ways import several_ways

MOST_REPEATS = 255  # PostgreSQL takes no more
DEEPEST = 20
_CLASSES = "dws"
_OPPOSITES = "DWS"
_BLANKS = "ntr"
_COUNT = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_NOT_SHARED = {
    "b": ("`\\b` is a word's edge in one database and not in the other", "write `(^|\\W)` or `(\\W|$)`"),
    "B": ("`\\B` does not mean the same in both databases", "leave it out"),
    "A": ("the start of a text is `^`", "write `^`"),
    "Z": ("the end of a text is `$`", "write `$`"),
}
_SEVERAL_WAYS = "what it repeats fits some texts in many ways, and takes time without a limit on them"
_GROUPS = {
    "=": "looking ahead",
    "!": "looking ahead",
    "<": "looking behind, or naming a group,",
    "P": "naming a group",
    ">": "a group that never gives back",
    "#": "a comment",
    "(": "asking whether a group matched",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with `pattern[start:end]`."""

    start: int
    end: int
    message: str
    help: str = ""


def is_sound_pattern(findings: Findings, node: nodes.Text) -> bool:
    """Whether the pattern means the same on every store; the first thing that does not is reported."""
    fault = pattern_fault(node.value)
    if fault is None:
        return True
    findings.error(
        "bad-pattern",
        node.place(fault.start, fault.end),
        f"the pattern {findings.text(node.span)} cannot be used: {fault.message}",
        "here",
        help=fault.help,
    )
    return False


def pattern_fault(pattern: str) -> Fault | None:
    """The first thing in a pattern that the stores do not share; None where they share all of it."""
    if not pattern:
        return Fault(0, 1, "it is empty, and matches every text", "write what the text must hold")
    for fault in _Reader(pattern).faults():
        return replace(fault, end=min(fault.end, len(pattern)))
    try:
        re.compile(pattern)
    except re.error as problem:  # what is left: ranges that run backwards, and the like
        at = min(problem.pos or 0, len(pattern) - 1)
        return Fault(at, at + 1, problem.msg)
    if place := several_ways(pattern):
        return Fault(*place, _SEVERAL_WAYS, in_one_way(pattern, *place))
    return None


class _Reader:
    """Goes through a pattern once. `repeatable`: whether what was read last can be repeated; `opened`: where the
    open groups began."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.repeatable = False
        self.opened: list[int] = []

    def faults(self) -> Iterator[Fault]:
        """Every fault, in order; reading on after one may tell nonsense, so take the first."""
        while self.at < len(self.pattern):
            yield from self._one()
        if self.opened:
            yield Fault(
                self.opened[-1], self.opened[-1] + 1, "a `(` is never closed", "write `\\(` for the sign itself"
            )
        if self.pattern.endswith("|") and not self.pattern.endswith("\\|"):
            yield self._empty_choice(len(self.pattern) - 1)

    def _one(self) -> Iterator[Fault]:
        at, sign = self.at, self.pattern[self.at]
        if sign == "\\":
            yield from self._escape()
        elif sign == "[":
            yield from self._set()
        elif sign == "(":
            yield from self._open()
        elif sign == ")":
            yield from self._close()
        elif sign in "*+?{":
            yield from self._repeat()
        else:
            if sign == "|" and self._at_start():
                yield self._empty_choice(at)
            self.at += 1
            self.repeatable = sign not in "^$|"

    def _at_start(self) -> bool:
        before = self.pattern[: self.at]
        return not before or (before[-1] in "(|" and not before.endswith(("\\(", "\\|"))) or before.endswith("(?:")

    def _empty_choice(self, at: int) -> Fault:
        return Fault(at, at + 1, "there is nothing on one side of `|`", "write `\\|` for the sign itself")

    def _escape(self) -> Iterator[Fault]:
        at, sign = self.at, self.pattern[self.at + 1 : self.at + 2]
        if not sign:
            yield Fault(at, at + 1, "it ends in `\\`", "write `\\\\` for the sign itself")
        elif sign in _NOT_SHARED:
            yield Fault(at, at + 2, *_NOT_SHARED[sign])
        elif sign.isdigit():
            yield Fault(
                at, at + 2, "it asks for the same text again", "only what stands in the pattern can be asked for"
            )
        elif sign.isalpha() and sign not in _CLASSES + _OPPOSITES + _BLANKS:
            yield Fault(at, at + 2, f"`\\{sign}` does not mean the same everywhere", "write the sign itself")
        self.at += 2
        self.repeatable = True

    def _set(self) -> Iterator[Fault]:
        start = self.at
        self.at += 2 if self.pattern.startswith("[^", start) else 1
        if self.pattern.startswith("]", self.at):
            yield Fault(start, self.at + 1, "there is nothing between `[` and `]`", "write `\\]` for the sign itself")
        while self.at < len(self.pattern) and self.pattern[self.at] != "]":
            yield from self._in_set()
        if self.at >= len(self.pattern):
            yield Fault(start, start + 1, "a `[` is never closed", "write `\\[` for the sign itself")
        self.at += 1
        self.repeatable = True

    def _in_set(self) -> Iterator[Fault]:
        at, sign = self.at, self.pattern[self.at]
        following = self.pattern[at + 1 : at + 2]
        if sign == "[":
            help_ = "write `\\[` for the sign itself; letters are `a-z`, digits `\\d`"
            yield Fault(at, at + 1, "a `[` inside `[..]` does not mean the same everywhere", help_)
        elif sign in "&|~-" and following == sign:
            yield Fault(at, at + 2, f"`{sign}{sign}` inside `[..]` does not mean the same everywhere", "write it once")
        elif sign == "\\" and following.isalnum() and following not in _CLASSES + _BLANKS:
            message = f"`\\{following}` inside `[..]` does not mean the same everywhere"
            yield Fault(at, at + 2, message, "write the signs themselves")
        width = 2 if sign == "\\" else 1
        if sign == "\\" and following and following in _CLASSES and self._makes_range(at, at + width):
            yield Fault(at, at + width, f"`\\{following}` is no end of a range", "write `\\-` for the sign itself")
        self.at += width

    def _makes_range(self, start: int, end: int) -> bool:
        after = self.pattern[end : end + 2]
        before = self.pattern[start - 1 : start] == "-" and self.pattern[start - 2 : start - 1] not in ("[", "^", "\\")
        return before or (len(after) == 2 and after[0] == "-" and after[1] != "]")

    def _open(self) -> Iterator[Fault]:
        at = self.at
        if self.pattern.startswith("(?", at) and not self.pattern.startswith("(?:", at):
            what = _GROUPS.get(self.pattern[at + 2 : at + 3], "an option inside the pattern")
            yield Fault(at, at + 3, f"{what} is not known to every database", "groups are `(..)` and `(?:..)`")
        self.opened.append(at)
        if len(self.opened) > DEEPEST:
            yield Fault(at, at + 1, f"it has more than {DEEPEST} groups in each other")
        self.at += 3 if self.pattern.startswith("(?:", at) else 1
        self.repeatable = False

    def _close(self) -> Iterator[Fault]:
        if not self.opened:
            yield Fault(self.at, self.at + 1, "a `)` closes nothing", "write `\\)` for the sign itself")
            self.opened.append(self.at)
        if self._at_start():
            yield Fault(self.opened[-1], self.at + 1, "a group holds nothing, or ends in `|`", "write what it may be")
        self.opened.pop()
        self.at += 1
        self.repeatable = True

    def _repeat(self) -> Iterator[Fault]:
        at, sign = self.at, self.pattern[self.at]
        count = _COUNT.match(self.pattern, at)
        if sign == "{" and count is None:
            yield Fault(at, at + 1, "a `{` begins a count such as `{2,5}`", "write `\\{` for the sign itself")
        end = count.end() if count else at + 1
        if not self.repeatable:
            yield self._nothing_to_repeat(at, end)
        if count:
            yield from self._bad_count(count)
        self.at = end
        self.repeatable = False

    def _nothing_to_repeat(self, at: int, end: int) -> Fault:
        sign, before = self.pattern[at], self.pattern[at - 1 : at]
        if before in ("*", "+", "?", "}") and sign == "?":
            return Fault(at, end, "`?` behind a repetition does not mean the same everywhere", "leave it out")
        if before in ("*", "+", "?", "}") and sign == "+":
            return Fault(at, end, "`+` behind a repetition is not known to every database", "leave it out")
        return Fault(at, end, f"`{sign}` has nothing before it to repeat", f"write `\\{sign}` for the sign itself")

    def _bad_count(self, count: re.Match[str]) -> Iterator[Fault]:
        low, high = count[1], count[3] or count[1]
        if max(len(low), len(high)) > 3 or max(int(low), int(high)) > MOST_REPEATS:
            yield Fault(count.start(), count.end(), f"it repeats more than {MOST_REPEATS} times")
        elif int(high) < int(low):
            yield Fault(count.start(), count.end(), "the smaller number stands first", f"write `{{{high},{low}}}`")
