"""What is wrong with `lint:` of segue.yaml: names that mean nothing, errors that cannot be switched off."""

from __future__ import annotations

from collections.abc import Iterator

from ..check.findings import listing
from ..diagnostics.diagnostic import Diagnostic, Edit, Fix, FixKind, Label, Severity
from ..diagnostics.suggest import closest, perhaps
from ..schema.model import Lint, LintChoice, RuleName
from .names import codes_named, may_be_ignored, names_to_suggest
from .rule import CATEGORIES


def check_settings(lint: Lint) -> list[Diagnostic]:
    """Each name that cannot be meant, once."""
    choices = [lint.choice, *(choice for _, choice in lint.per_folder)]
    return [found for choice in choices for name in _named(choice) for found in _check(name)]


def _named(choice: LintChoice) -> Iterator[RuleName]:
    yield from (*choice.select, *choice.ignore, *(name for name, _ in choice.levels))


def _check(name: RuleName) -> Iterator[Diagnostic]:
    codes = codes_named(name.text)
    if not codes:
        yield unknown_rule(name)
    elif not any(may_be_ignored(code) for code in codes):
        yield errors_stay(name)


def unknown_rule(name: RuleName) -> Diagnostic:
    """There is no such rule; perhaps another one was meant."""
    known = list(names_to_suggest())
    meant = closest(name.text, known)
    help_ = perhaps(name.text, known) or f"name a rule, its code, or one of the categories {listing(CATEGORIES)}"
    fix = Fix(FixKind.UNSAFE, (Edit(name.span, meant),)) if meant else None
    label = Label(name.span, "not known")
    return Diagnostic("unknown-rule", Severity.WARNING, f"there is no rule `{name.text}`", label, (), help_, "", fix)


def errors_stay(name: RuleName) -> Diagnostic:
    """The name of an error of the checker, where only what is no error can be named."""
    message = f"`{name.text}` is an error, and errors can be neither ignored nor lowered"
    label, note = Label(name.span, "has no effect"), "it would be wrong at run time"
    return Diagnostic("errors-stay", Severity.WARNING, message, label, (), "repair what it tells of", note)
