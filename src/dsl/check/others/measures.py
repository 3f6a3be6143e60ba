"""What a report measures: a count, a figure of a property, or a metric by name (P14, M1-M18)."""

from __future__ import annotations

from ...diagnostics.suggest import perhaps
from ...program.conditions import Const
from ...program.others import Measure
from ...schema.model import Kind, Type
from ...source import Span
from ...syntax import nodes
from ...values import dataclass
from ..findings import listing
from ..paths import resolve_operand
from ..scope import Resolved, Scope
from ..types import DATES, described
from .report_subjects import METRICS, OF_DEALS, REVENUE

_ADDED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DURATION})
_KINDS = {"sum": _ADDED, "avg": _ADDED, "min": _ADDED | DATES, "max": _ADDED | DATES}
_NUMBER, _PERCENT = Type(Kind.NUMBER), Type(Kind.PERCENT)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure, what it is written as and of which type its figure is."""

    measure: Measure
    written: str
    type: Type


def measured(scope: Scope, of: str, node: nodes.SettingValue) -> Measured | None:
    """One measure; None after a finding."""
    written = scope.findings.raw(node.span)
    match node:
        case nodes.Path(names) if len(names) == 1 and names[0].text == "count":
            return Measured(Measure("count"), written, _NUMBER)
        case nodes.Path():
            return _metric(scope, of, node, written)
        case nodes.Aggregate(function, event, field) if function in _KINDS:
            if not _bare(scope, event):
                return None
            names = (*event.path.names, *field)
            return _of_property(scope, function, nodes.Path(names, names[0].span.to(names[-1].span)), written)
        case nodes.Count() | nodes.Aggregate(function="count"):
            message, help_ = "`count` counts what the report is of", "write `count`, and narrow it under `where:`"
            scope.findings.error("bad-measure", node.span, message, "counts something else", help=help_)
            return None
        case nodes.Bad():
            return None
    help_ = "write `count`, `sum(PROPERTY)`, `avg(PROPERTY)` or the name of a metric"
    scope.findings.error("bad-measure", node.span, f"`{written}` is nothing to measure", "no figure", help=help_)
    return None


def _bare(scope: Scope, event: nodes.Event) -> bool:
    """A measure has no filter of its own."""
    extra = event.within or event.filter or event.at_least
    if extra is None:
        return True
    message, help_ = "a measure has no condition of its own", "write it under `where:`"
    scope.findings.error("bad-measure", extra.span, message, "not here", help=help_)
    return False


def _of_property(scope: Scope, function: str, path: nodes.Path, written: str) -> Measured | None:
    found = resolve_operand(scope, path)
    if found is None:
        return None
    type_ = found.value.type
    if type_.kind not in _KINDS[function]:
        message = f"{scope.findings.text(path.span)} is {described(type_)}: `{function}` says nothing about it"
        scope.findings.error("bad-measure", path.span, message, "no number", help="write `count`, and group by it")
        return None
    return Measured(Measure(function, found.value), written, type_)


def _metric(scope: Scope, of: str, node: nodes.Path, written: str) -> Measured | None:
    known = METRICS.get(of, ())
    amount = _amount(scope)
    if amount is None:
        known = tuple(name for name in known if name not in OF_DEALS)
    if node.text in known:
        share = _PERCENT if node.text.endswith("_rate") else _NUMBER
        return Measured(Measure(node.text), written, amount if amount and node.text == REVENUE else share)
    elsewhere = [other for other, metrics in METRICS.items() if node.text in metrics]
    hint = perhaps(node.text, ("count", *known))
    if of in elsewhere:
        hint = "it is of deals with an `amount`, and the schema has none"
    elif elsewhere:
        hint = f"it is a figure of `{elsewhere[0]}`: write the report `of {elsewhere[0]}`"
    elif node.text in scope.subject.properties and not scope.events:
        hint = f"write `sum({node.text})` or `avg({node.text})`, or group by it"
    help_ = hint or f"write {listing(('count', *known), 30, 'or')}, or `sum(PROPERTY)`"
    scope.findings.error(
        "unknown-metric", node.span, f"there is no figure `{node.text}` of {of}", "not known", help=help_
    )
    return None


def _amount(scope: Scope) -> Type | None:
    """What deals are worth; None where the schema has none."""
    deal = scope.schema.objects.get("deal")
    amount = deal.properties.get("amount") if deal is not None else None
    return amount.type if amount is not None else None


def as_left_side(one: Measured, span: Span) -> Resolved:
    """The measure as what a literal is compared with, at `span`: for the type of a target."""
    return Resolved(Const(0, one.type), span, False)
