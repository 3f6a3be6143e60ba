"""The two stages of the linter: declaration by declaration, then the project as a whole.

Both find what every rule says. What is shown of it, and how severe it is, `judge.py` decides afterwards: so what is
kept of a file between runs does not depend on the settings of the linter."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable
from functools import partial

from ..check.scope import Names
from ..check.sound import Sound
from ..diagnostics.diagnostic import Diagnostic, Severity
from ..source import Source
from .overview import Facts, Overview
from .rule import Check, Rule
from .rules import RULES
from .view import View
from .walk import Walk, conditions

Note = Callable[[View], object]
Lint = Callable[[Sound, Names, Source], tuple[list[Diagnostic], Facts]]

# Names inside objects and events: most of all references, kept with every file, and no rule asks for them.
_SMALL = frozenset(
    ("property", "field", "option", "association", "object", "event", "stage", "task", "created", "answer")
)


class _Desk:
    """The rules by what they asked for."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.handlers: dict[type, list[tuple[Rule, Check]]] = {}
        self.noting = [(rule.name, rule.note) for rule in rules if rule.note is not None]
        for rule in rules:
            if rule.check is not None:
                for cls in rule.on:
                    self.handlers.setdefault(cls, []).append((rule, rule.check))
        self.walk = Walk(self.handlers)


_DESK = _Desk(RULES)


def linter_of(file: Iterable[Diagnostic]) -> Lint:
    """The linter for a file in which the parser found these: of a declaration that could not be read in full nobody
    knows what is missing in it."""
    unread = sorted(d.label.span.start for d in file if d.severity is Severity.ERROR)
    return partial(_lint_read, unread) if unread else lint_declaration


def _lint_read(unread: list[int], sound: Sound, names: Names, source: Source) -> tuple[list[Diagnostic], Facts]:
    found, facts = lint_declaration(sound, names, source)
    span = sound.node.span
    first = bisect_left(unread, span.start)
    return ([] if first < len(unread) and unread[first] <= span.end else found), facts


def lint_declaration(sound: Sound, names: Names, source: Source) -> tuple[list[Diagnostic], Facts]:
    """What the rules find in one declaration, and what is to be known of it for the project as a whole."""
    view = View(sound, names, source)
    found: list[Diagnostic] = []
    for node, handlers in _DESK.walk.nodes(sound.node, _DESK.handlers):
        for rule, check in handlers:
            found += map(rule.diagnostic, check(view, node))
    for placed, handlers in conditions(sound.conditions, _DESK.handlers):
        for rule, check in handlers:
            found += map(rule.diagnostic, check(view, placed))
    return found, _facts(view, _DESK.noting)


def _facts(view: View, noting: Iterable[tuple[str, Note]]) -> Facts:
    taken = ((name, note(view)) for name, note in noting)
    notes = {name: value for name, value in taken if value is not None}
    references = tuple(r for r in view.declaration.references if r.kind not in _SMALL)
    return Facts(view.kind, view.name, view.declaration.span, references, notes)


def lint_project(overview: Overview, chosen: Collection[str], rules: Iterable[Rule] = RULES) -> list[Diagnostic]:
    """What the rules about a whole project find, of those `chosen` by name."""
    found: list[Diagnostic] = []
    for rule in rules:
        if rule.whole is not None and rule.name in chosen:
            found += map(rule.diagnostic, rule.whole(overview))
    return found
