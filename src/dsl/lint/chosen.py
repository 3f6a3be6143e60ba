"""Which findings segue.yaml wants to see of a file, and how severe they are there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ..diagnostics.diagnostic import Diagnostic, Severity
from ..schema.model import Lint, LintChoice, RuleName
from ..values import replace
from .names import codes_named, is_category, rules_by_name


class Chosen:
    """The settings of the linter, ready to be asked. INVARIANT: errors of the checker are always shown as they are."""

    def __init__(self, lint: Lint) -> None:
        self._lint = lint
        self._known: dict[tuple[str, str], tuple[bool, Severity | None]] = {}

    def rules(self) -> frozenset[str]:
        """The rules of the linter that are on in some file."""
        choices = [self._lint.choice, *(choice for _, choice in self._lint.per_folder)]
        selected = {code for choice in choices for name in choice.select for code in codes_named(name.text)}
        return frozenset(name for name in rules_by_name() if name in selected or self._by_profile(name))

    def judged(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """What is to be shown, at the level it has where it was found."""
        judged = (self._judge(diagnostic) for diagnostic in diagnostics)
        return [diagnostic for diagnostic in judged if diagnostic is not None]

    def _judge(self, diagnostic: Diagnostic) -> Diagnostic | None:
        if diagnostic.severity is Severity.ERROR and diagnostic.code not in rules_by_name():
            return diagnostic
        shown, level = self._decision(diagnostic.code, diagnostic.label.span.file)
        if not shown:
            return None
        return diagnostic if level is None else replace(diagnostic, severity=level)

    def shows(self, code: str, file: str) -> bool:
        """Whether findings of that code are shown in that file."""
        return self._decision(code, file)[0]

    def _decision(self, code: str, file: str) -> tuple[bool, Severity | None]:
        if (code, file) not in self._known:
            self._known[code, file] = self._decide(code, file)
        return self._known[code, file]

    def _decide(self, code: str, file: str) -> tuple[bool, Severity | None]:
        shown, level = self._by_profile(code), None
        for choice in self._choices(file):
            shown = _switched(choice, code, shown)
            level = _level(choice.levels, code) or level
        return shown, level

    def _by_profile(self, code: str) -> bool:
        rule = rules_by_name().get(code)
        if rule is None or self._lint.profile == "strict":
            return True
        return self._lint.profile == "default" and not rule.strict

    def _choices(self, file: str) -> list[LintChoice]:
        """From the widest to the narrowest."""
        return [self._lint.choice, *(choice for pattern, choice in self._lint.per_folder if _matches(pattern, file))]


def _switched(choice: LintChoice, code: str, before: bool) -> bool:
    """A single rule named goes before its category, and at the same width `ignore` before `select`."""
    wide, narrow = _naming(choice, code, category=True), _naming(choice, code, category=False)
    for selected, ignored in (narrow, wide):
        if selected or ignored:
            return not ignored
    return before


def _naming(choice: LintChoice, code: str, *, category: bool) -> tuple[bool, bool]:
    return _names(choice.select, code, category), _names(choice.ignore, code, category)


def _names(names: Sequence[RuleName], code: str, category: bool) -> bool:
    return any(code in codes_named(name.text) for name in names if is_category(name.text) is category)


def _level(levels: Iterable[tuple[RuleName, str]], code: str) -> Severity | None:
    found = [(is_category(name.text), level) for name, level in levels if code in codes_named(name.text)]
    return Severity(min(found)[1]) if found else None


@lru_cache
def _pattern(written: str) -> re.Pattern[str]:
    """`**` stands for any folders, `*` for a part of one name; a folder alone means all that is in it."""
    pieces = re.split(r"(\*\*/?|\*|\?)", written.removeprefix("./").rstrip("/"))
    words = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(words.get(piece, re.escape(piece)) for piece in pieces) + "(?:/.*)?")


def _matches(pattern: str, file: str) -> bool:
    return _pattern(pattern).fullmatch(file) is not None
