"""Functions of values: `month(created_at)` in reports, `without_suffix(last_name, "-san")` in hygiene.

Conditions and steps have none: a rule compares what is stored. `Scope.functions` says which may be called.
"""

from __future__ import annotations

from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest
from ..program.conditions import Call, Const, Value
from ..schema.model import Kind, Type
from ..syntax import nodes
from ..values import dataclass
from .findings import listing, replace
from .paths import resolve_operand
from .patterns import is_sound_pattern
from .scope import Resolved, Scope
from .types import DATES, described

_TEXT = Type(Kind.TEXT)


@dataclass(frozen=True, slots=True)
class Signature:
    """`takes` are the kinds of the first argument; `texts` names the texts behind it; `gives` is the result."""

    takes: frozenset[Kind]
    texts: tuple[str, ...]
    gives: Type
    example: str


def _of_text(name: str, *texts: str) -> Signature:
    return Signature(
        frozenset({Kind.TEXT}), texts, _TEXT, ", ".join([f"{name}(last_name", *(f'"{t}"' for t in texts)]) + ")"
    )


# A period is known by its first day.
REPORTS = {
    name: Signature(DATES, (), Type(Kind.DATE), f"{name}(created_at)")
    for name in ("day", "week", "month", "quarter", "year")
}
HYGIENE = {
    "trim": _of_text("trim"),
    "lower": _of_text("lower"),
    "upper": _of_text("upper"),
    "without_prefix": _of_text("without_prefix", "text"),
    "without_suffix": _of_text("without_suffix", "text"),
    "replace": _of_text("replace", "pattern", "text"),
}
_EVERY = REPORTS | HYGIENE


def call(scope: Scope, node: nodes.Function) -> Resolved | None:
    """A function called on a property; None after a finding."""
    signature = _EVERY.get(node.name.text)
    if signature is None or node.name.text not in scope.functions:
        _not_here(scope, node, known=signature is not None)
        return None
    if len(node.arguments) != 1 + len(signature.texts):
        _arguments(scope, node, signature)
        return None
    first = _first(scope, node.arguments[0], signature)
    texts = [_text(scope, node, name, arg) for name, arg in zip(signature.texts, node.arguments[1:], strict=True)]
    known = [text for text in texts if text is not None]
    if first is None or len(known) < len(texts):
        return None
    arguments: tuple[Value, ...] = (first.value, *known)
    return Resolved(Call(node.name.text, arguments, signature.gives), node.span, first.missing)


def _first(scope: Scope, node: nodes.Operand, signature: Signature) -> Resolved | None:
    if isinstance(node, nodes.Bad):
        return None
    found = call(scope, node) if isinstance(node, nodes.Function) else None
    if isinstance(node, nodes.Path):
        found = resolve_operand(scope, node)
    elif not isinstance(node, nodes.Function):
        scope.findings.error(
            "bad-function",
            node.span,
            "a function works on a property",
            "a fixed value",
            help=f"write `{signature.example}`",
        )
    if found is None or found.value.type.kind in signature.takes:
        return found
    scope.findings.error(
        "bad-function",
        node.span,
        f"{scope.findings.text(node.span)} is {described(found.value.type)}",
        "not a date" if signature.takes == DATES else "not a text",
        help=f"write a function of such values, as in `{signature.example}`",
    )
    return None


def _text(scope: Scope, call: nodes.Function, name: str, node: nodes.Operand) -> Const | None:
    if not isinstance(node, nodes.Text):
        scope.findings.error(
            "bad-function",
            node.span,
            f"`{call.name.text}` takes a fixed text here",
            "not a text in quotes",
            help=f"write `{_EVERY[call.name.text].example}`",
        )
        return None
    if name == "pattern" and not is_sound_pattern(scope.findings, node):
        return None
    return Const(node.value, _TEXT)


def _arguments(scope: Scope, node: nodes.Function, signature: Signature) -> None:
    due = 1 + len(signature.texts)
    scope.findings.error(
        "bad-function",
        node.span,
        f"`{node.name.text}` takes {due} value{'s' if due > 1 else ''}, not {len(node.arguments)}",
        "wrong number of values",
        help=f"write `{signature.example}`",
    )


def _not_here(scope: Scope, node: nodes.Function, *, known: bool) -> None:
    meant = None if known else closest(node.name.text, scope.functions)
    if known:
        message = f"`{node.name.text}` belongs into a {'report' if node.name.text in REPORTS else 'hygiene rule'}"
    else:
        message = f"there is no function `{node.name.text}`"
    here = f"the functions here are {listing(sorted(scope.functions))}" if scope.functions else ""
    instead = here or "compare the property itself" + (
        ": `in this month`, `within 30 days`, `between .. and ..`" if node.name.text in REPORTS else ""
    )
    if "round_robin" in node.name.text:
        instead = "a step shares them out: `assign owner round_robin team sales`"
    scope.findings.error(
        "unknown-function",
        node.name.span,
        message,
        "not here" if known else "no such function",
        help=f"did you mean `{meant}`?" if meant else instead,
        fix=replace(node.name.span, meant, FixKind.UNSAFE) if meant else None,
    )
