"""What kind of answer a question takes, and whether it fits the property it is written to (P3)."""

from __future__ import annotations

from ...diagnostics.diagnostic import FixKind, Label
from ...diagnostics.suggest import closest
from ...schema.model import Kind, Type
from ...syntax import nodes
from ...values import replace as changed
from ..findings import listing, replace
from ..scope import Scope
from ..types import described
from .targets import Target

TYPES = {
    "text": Kind.TEXT,
    "long_text": Kind.TEXT,
    "number": Kind.NUMBER,
    "money": Kind.MONEY,
    "date": Kind.DATE,
    "bool": Kind.BOOL,
    "choice": Kind.CHOICE,
    "multi_choice": Kind.MULTI_CHOICE,
    "user": Kind.USER,
}
_WITH_OPTIONS = (Kind.CHOICE, Kind.MULTI_CHOICE)


def answer_type(scope: Scope, node: nodes.Ask, target: Target | None) -> Type | None:
    """The type of the answers to a question; None after a finding."""
    if node.type is None:
        return _of_property(scope, node, target)
    kind = TYPES.get(node.type.name.text)
    if kind is None:
        _unknown(scope, node.type.name)
        return None
    if kind not in _WITH_OPTIONS and node.type.options is not None:
        message = f"a {node.type.name.text} has no options"
        scope.findings.error("bad-options", node.type.options.span, message, "not a choice", help="write `choice [..]`")
        return None
    options = _options(scope, node.type, target) if kind in _WITH_OPTIONS else ()
    if options is None or (target is not None and not _fits(scope, node.type, kind, target)):
        return None
    return Type(kind, options, _currency(scope, target) if kind is Kind.MONEY else None)


def _of_property(scope: Scope, node: nodes.Ask, target: Target | None) -> Type | None:
    if target is not None:
        return target.field.type
    if node.target is None:
        message = f"the question `{node.name.text}` does not say what is answered"
        help_ = "write a type behind it: `text`, `number`, `date`, `choice [..]`"
        scope.findings.error("unknown-answer-type", node.question.span, message, "no type", help=help_)
    return None


def _unknown(scope: Scope, name: nodes.Name) -> None:
    meant = _OTHER_NAMES.get(name.text.casefold()) or closest(name.text, TYPES)
    scope.findings.error(
        "unknown-answer-type",
        name.span,
        f"there is no type of answer `{name.text}`",
        "not a type",
        help=f"did you mean `{meant}`?" if meant else f"the types are {listing(TYPES)}",
        fix=replace(name.span, meant, FixKind.UNSAFE) if meant else None,
    )


_OTHER_NAMES = {
    "boolean": "bool",
    "yes_no": "bool",
    "checkbox": "bool",
    "string": "text",
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "currency": "money",
    "amount": "money",
    "select": "choice",
    "picklist": "choice",
    "textarea": "long_text",
}


def _options(scope: Scope, type_: nodes.AnswerType, target: Target | None) -> tuple[str, ...] | None:
    """The options written, else all of the property; None after a finding."""
    offered = target.field.type.options if target is not None else ()
    if type_.options is None:
        if not offered:
            message, help_ = f"a {type_.name.text} needs its options", f"write `{type_.name.text} [first, second]`"
            scope.findings.error("bad-options", type_.name.span, message, "which ones?", help=help_)
        return offered or None
    found = [_option(scope, item) for item in type_.options.items]
    words = [word for word in found if word is not None]
    if not words and len(found) == len(words):
        scope.findings.error("empty-list", type_.options.span, "nothing can be chosen", "no options")
        return None
    fine = _once_each(scope, type_.options, words) and len(words) == len(found)
    if target is not None and offered:
        fine = _all_offered(scope, type_.options, target) and fine
    return tuple(words) if fine else None


def _option(scope: Scope, item: nodes.Operand) -> str | None:
    match item:
        case nodes.Path():
            return item.text
        case nodes.Text():
            return item.value
        case nodes.Bad():
            return None
    scope.findings.error(
        "bad-options",
        item.span,
        "an option is a word, or a text in quotes",
        "neither",
        help=f'write `"{scope.findings.raw(item.span)}"`',
    )
    return None


def _once_each(scope: Scope, options: nodes.ListOf, words: list[str]) -> bool:
    seen: set[str] = set()
    for item, word in zip(options.items, words, strict=False):
        if word in seen:
            scope.findings.error(
                "named-twice", item.span, f"the option `{word}` is named twice", "again here", help="keep one"
            )
            return False
        seen.add(word)
    return True


def _all_offered(scope: Scope, options: nodes.ListOf, target: Target) -> bool:
    """P3: what can be answered can be written."""
    fine = True
    offered, name = target.field.type.options, f"{target.field.object}.{target.field.property}"
    for item in options.items:
        word = item.text if isinstance(item, nodes.Path) else item.value if isinstance(item, nodes.Text) else None
        if word is None or word in offered:
            if word is not None:
                scope.findings.refer("option", f"{name}={word}", item.span)
            continue
        meant = closest(word, offered)
        scope.findings.error(
            "unknown-option",
            item.span,
            f"`{name}` has no option `{word}`, so this answer could not be written",
            "no such option",
            others=[Label(target.span, "written here")],
            help=(f"did you mean `{meant}`? " if meant else "") + f"the options are {listing(offered)}",
            fix=replace(item.span, meant, FixKind.UNSAFE) if meant else None,
        )
        fine = False
    return fine


def _fits(scope: Scope, type_: nodes.AnswerType, kind: Kind, target: Target) -> bool:
    """Whether such an answer is a value of the property."""
    wanted = target.field.type.kind
    if kind is wanted or (wanted is Kind.TEXT and kind is Kind.CHOICE):
        return True
    answer = described(changed(target.field.type, kind=kind, currency=None))
    right = next((name for name, k in TYPES.items() if k is wanted), "")
    scope.findings.error(
        "answer-type",
        type_.name.span,
        f"the answer is {answer}, and `{target.field.property}` is {described(target.field.type)}",
        f"not {described(target.field.type)}",
        others=[Label(target.span, "written here")],
        help=f"write `{right}`, or leave the type out: it is that of the property" if right else "leave the type out",
    )
    return False


def _currency(scope: Scope, target: Target | None) -> str:
    """That of the property, else the account's (X32)."""
    own = target.field.type.currency if target is not None else None
    return own or scope.names.project.account.currency
