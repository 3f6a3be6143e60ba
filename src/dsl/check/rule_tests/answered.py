"""`(budget = 100 JPY, outcome = connected)`: what is answered to questions, and what stands in the columns of a row."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ...diagnostics.diagnostic import FixKind
from ...diagnostics.suggest import closest
from ...program.tests_by_hand import Answer, Answered
from ...syntax import nodes
from ..findings import Findings, listing, replace
from ..scope import Declared
from .cast import Cast
from .values import parts_of


def answers(cast: Cast, of: Declared, event: nodes.Event) -> Answered | None:
    """The answers by the names of their questions; None after a finding."""
    found: dict[str, Answer] = {}
    mark = cast.findings.mark()
    for part in parts_of(event.filter):
        pair = _pair(cast.findings, part, "answer = value")
        if pair is None:
            continue
        name, value = pair
        if name.text not in of.parts:
            _no_question(cast.findings, of, name)
        elif name.text in found:
            cast.findings.error("set-twice", name.span, f"`{name.text}` is answered twice", "again")
        else:
            found[name.text] = value
    return None if cast.findings.errors_since(mark) else tuple(found.items())


def _no_question(findings: Findings, of: Declared, name: nodes.Path) -> None:
    meant = closest(name.text, of.parts)
    hint = f"it asks for {listing(of.parts)}" if of.parts else "it asks nothing"
    findings.error(
        "unknown-answer",
        name.span,
        f"{of.kind} `{of.name}` has no question `{name.text}`",
        "nothing it asks",
        help=f"did you mean `{meant}`?" if meant else hint,
        fix=replace(name.span, meant, FixKind.UNSAFE) if meant else None,
    )


def cells(findings: Findings, written: Sequence[nodes.Condition]) -> tuple[tuple[str, Answer | None], ...] | None:
    """What stands in which column; None after a finding."""
    found: list[tuple[str, Answer | None]] = []
    for part in (one for whole in written for one in parts_of(whole)):
        if isinstance(part, nodes.Missing) and not part.negated:
            found.append((findings.raw(part.left.span), None))
            continue
        pair = _pair(findings, part, "column = value")
        if pair is None:
            return None
        found.append((findings.raw(pair[0].span), pair[1]))
    return tuple(found)


def _pair(findings: Findings, part: nodes.Condition, form: str) -> tuple[nodes.Path, Answer] | None:
    if isinstance(part, nodes.Bad):
        return None
    if isinstance(part, nodes.Compare) and part.op == "=":
        value = _value(part.right)
        if value is not None and (isinstance(part.left, nodes.Path) or form.startswith("column")):
            left = part.left if isinstance(part.left, nodes.Path) else nodes.Path((), part.left.span)
            return left, value
        if value is None:
            message = f"{findings.text(part.right.span)} is not known before the test runs"
            findings.error("not-a-plain-value", part.right.span, message, "not a plain value", help="write a value")
            return None
    help_ = f"write `{form}`, joined by commas"
    findings.error("not-said-plainly", part.span, "here each name has one value", f"no `{form}`", help=help_)
    return None


def _value(node: nodes.Operand) -> Answer | None:
    """As somebody would type it; None for what is no plain value."""
    match node:
        case nodes.Text(value=text):
            return text
        case nodes.Path((single,)):
            return single.text
        case nodes.Number(value=number) | nodes.Percent(value=number):
            return float(number) if isinstance(number, Decimal) else number
        case nodes.Money(amount=amount, currency=currency):
            return f"{amount} {currency}"
        case nodes.Boolean(value=truth):
            return truth
        case nodes.Date(value=day):
            return day
        case nodes.DateTime(value=moment):
            return moment.replace("T", " ")
        case nodes.ListOf(items=items):
            chosen = [_value(item) for item in items]
            return tuple(one for one in chosen if isinstance(one, str)) if all(map(_is_text, chosen)) else None
    return None


def _is_text(value: Answer | None) -> bool:
    return isinstance(value, str)
