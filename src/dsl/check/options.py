"""Options of choices, users of segue.yaml, and texts that must name something of the project."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest, perhaps
from ..program.conditions import Aggregate, Const, EventValue, Field, TriggerValue, Value
from ..schema.model import Kind, Type
from ..source import Span
from .findings import listing, replace
from .scope import Resolved, Scope

PROJECT_NAMES = ("template", "topic", "form", "survey")


def option_named(scope: Scope, left: Resolved, word: str, span: Span, place: Span | None = None) -> Const | None:
    """The option, user or text that `word` is for the left side; None after a finding. `place`: the word alone,
    where `span` has quotes around it."""
    wanted = left.value.type
    if wanted.kind is Kind.USER:
        return user_named(scope, word, span, place)
    if wanted.kind is Kind.TEXT:
        return Const(word, Type(Kind.TEXT)) if _is_named(scope, left, word, span, place or span) else None
    if word in wanted.options:
        _refer_option(scope, left.value, word, place or span)
        return Const(word, Type(wanted.kind, wanted.options))
    meant = closest(word, wanted.options)
    options = f"the options are {listing(wanted.options)}"
    scope.findings.error(
        "unknown-option",
        span,
        f"{scope.findings.text(left.span)} has no option `{word}`",
        "no such option",
        help=f"did you mean `{meant}`? {options}" if meant else options,
        fix=replace(span, as_written(meant), FixKind.UNSAFE) if meant else None,
    )
    return None


def _refer_option(scope: Scope, value: Value, word: str, span: Span) -> None:
    """Pipelines and stages are options of a property, and have names of their own; so have the definitions and
    templates that a report speaks of."""
    match value:
        case Field(_, "enrollment", "definition"):
            _refer_declared(scope, ("sequence", "workflow"), word, span)
        case Field(_, "email", "template"):
            _refer_declared(scope, ("template",), word, span)
        case Field(_, object_, "pipeline") if (object_, word) in scope.schema.pipelines:
            scope.findings.refer("pipeline", f"{object_}.{word}", span)
        case Field(_, object_, "stage"):
            for pipeline in scope.schema.pipelines_of(object_):
                if any(stage.name == word for stage in pipeline.stages):
                    scope.findings.refer("stage", f"{object_}.{pipeline.name}.{word}", span)
        case Field(_, object_, property_):
            scope.findings.refer("option", f"{object_}.{property_}={word}", span)
        case EventValue(field):
            for kind in scope.events:
                scope.findings.refer("option", f"{kind.name}.{field}={word}", span)
        case TriggerValue(events, field):
            for event in events:
                scope.findings.refer("option", f"{event}.{field}={word}", span)
        case Aggregate(_, match_, field):
            scope.findings.refer("option", f"{match_.event}.{field}={word}", span)


def _refer_declared(scope: Scope, kinds: Iterable[str], word: str, span: Span) -> None:
    for kind in kinds:
        if word in scope.names.of(kind):
            scope.findings.refer(kind, word, span)


def _is_named(scope: Scope, left: Resolved, word: str, span: Span, place: Span) -> bool:
    """Whether a text that must name a template, topic, .. does. Forms and surveys may live outside the project."""
    kind = left.names
    if kind not in PROJECT_NAMES:
        return True
    known = list(scope.schema.topics) if kind == "topic" else scope.names.of(kind)
    if word in known:
        scope.findings.refer(kind, word, place)
        return True
    if not known and kind in ("form", "survey"):
        return True
    scope.findings.error(
        f"unknown-{kind}", span, f"there is no {kind} `{word}`", "not declared", help=perhaps(word, known)
    )
    return False


def user_named(scope: Scope, word: str, span: Span, place: Span | None = None) -> Const | None:
    """A user of segue.yaml. Where none is declared they are imported, and any name may be right."""
    users = scope.names.project.users
    if word in users:
        scope.findings.refer("user", word, place or span)
    if not users or word in users:
        return Const(word, Type(Kind.USER))
    by_address = next((u.name for u in users.values() if u.email and u.email.casefold() == word.casefold()), None)
    by_label = next((u.name for u in users.values() if u.label.casefold() == word.casefold()), None)
    meant = by_address or by_label or closest(word, users)
    help_ = f"did you mean `{meant}`?" if meant else f"the users are {listing(users)}"
    fix = replace(span, as_written(meant), FixKind.UNSAFE) if meant else None
    scope.findings.error("unknown-user", span, f"there is no user `{word}`", "not in segue.yaml", help=help_, fix=fix)
    return None


def as_written(option: str) -> str:
    """An option or name as a rule writes it: bare, or in quotes where it is no single word."""
    return option if option.isidentifier() and option != "not" else '"' + option.replace('"', '\\"') + '"'
