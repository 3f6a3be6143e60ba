"""Reports: of what, which of it, what is measured, by what it is grouped, how it is shown (P14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from ...diagnostics.diagnostic import Label
from ...diagnostics.suggest import perhaps
from ...program.conditions import Call, Const
from ...program.others import Report
from ...syntax import nodes
from ...values import dataclass
from ...values import replace as changed
from ..constants import constant
from ..findings import Findings, choices, listing
from ..functions import REPORTS, call
from ..paths import resolve_operand
from ..placed import Placed
from ..scope import Names, Resolved, Scope
from ..values_of_settings import Reader, condition, whole_number, word_of, wrong
from .checked import CheckedOther, label_of
from .measures import Measured, as_left_side, measured
from .report_subjects import report_scope
from .settings import Read, doubles, read_settings, values

SHOWN = ("table", "bars", "line", "number")
PERIODS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Group:
    """One thing a report is grouped by, and what it is written as."""

    value: Resolved
    written: str


def check_report(names: Names, findings: Findings, node: nodes.SettingsOnly) -> CheckedOther:
    """The compiled report, or None in its place after a finding."""
    if node.of is None:
        message, help_ = f"the report `{node.name.text}` does not say what it is of", "write `of deal`"
        findings.error("missing-object", node.name.span, message, "of what?", help=help_)
        return CheckedOther(node, None)
    scope = report_scope(names, findings, node.of, _measured(node))
    if scope is None:
        return CheckedOther(node, None)
    read = read_settings(
        scope, "report", node.name, node.settings, readers(node.of.text), ("measure",), bool(node.unread)
    )
    measures = cast("tuple[Measured, ...]", read.get("measure") or ())
    groups = cast("tuple[Group, ...]", read.get("by") or ())
    target = _target(scope, read, measures)
    sort = _sort(scope, read, measures, groups)
    fine = _shown(scope, read, groups) and _topmost(scope, read)
    if not read.whole or not fine or len([one for one in (target, sort) if one is not None]) < _asked(read):
        return CheckedOther(node, None)
    where = cast("Placed | None", read.get("where"))
    report = Report(
        node.name.text,
        label_of(node),
        node.of.text,
        tuple(one.measure for one in measures),
        tuple(group.value.value for group in groups),
        where.condition if where else None,
        cast("str", read.get("show") or "table"),
        target,
        sort,
        cast("int | None", read.get("top")),
        node.name.span,
    )
    return CheckedOther(node, report)


def _measured(node: nodes.SettingsOnly) -> set[str]:
    """The names behind `measure:`, as they are written."""
    written = [value for setting in node.settings if setting.name == "measure" for value in values(setting)]
    return {value.text for value in written if isinstance(value, nodes.Path)}


def _asked(read: Read) -> int:
    return sum(name in read.written for name in ("target", "sort"))


def readers(of: str) -> dict[str, Reader]:
    return {
        "where": condition,
        "measure": lambda scope, setting: _measures(scope, of, setting),
        "by": _groups,
        "show": word_of(*SHOWN),
        "target": _per,
        "sort": lambda _, setting: setting,  # read when measures and groups are known
        "top": whole_number,
    }


def _measures(scope: Scope, of: str, setting: nodes.Setting) -> tuple[Measured, ...] | None:
    items = values(setting)
    doubles(scope, items, "the measure")
    found = [measured(scope, of, item) for item in items]
    sound = tuple(one for one in found if one is not None)
    return sound if len(sound) == len(found) else None


def _groups(scope: Scope, setting: nodes.Setting) -> tuple[Group, ...] | None:
    items = values(setting)
    doubles(scope, items, "the group")
    found = [_group(scope, item) for item in items]
    sound = tuple(one for one in found if one is not None)
    return sound if len(sound) == len(found) else None


def _group(scope: Scope, node: nodes.SettingValue) -> Group | None:
    """A property, or a period of a date: `month(created_at)`."""
    match node:
        case nodes.Path():
            found = resolve_operand(scope, node)
        case nodes.Function():
            found = call(changed(scope, functions=frozenset(REPORTS)), node)
        case nodes.Bad():
            return None
        case nodes.Event(path) if path.text not in scope.schema.events:
            _unknown_function(scope, path)
            return None
        case _:
            written = scope.findings.text(node.span)
            help_ = "write a property, or a period such as `month(created_at)`"
            scope.findings.error("bad-setting", node.span, f"{written} is nothing to group by", "no value", help=help_)
            return None
    return Group(found, scope.findings.raw(node.span)) if found else None


def _unknown_function(scope: Scope, path: nodes.Path) -> None:
    help_ = perhaps(path.text, REPORTS) or f"the functions here are {listing(sorted(REPORTS))}"
    message = f"there is no function `{path.text}`"
    scope.findings.error("unknown-function", path.span, message, "no such function", help=help_)


def _per(scope: Scope, setting: nodes.Setting) -> nodes.Per | None:
    value = setting.value
    if not isinstance(value, nodes.Per):
        amount = scope.findings.raw(value.span) if isinstance(value, nodes.Number | nodes.Money) else "120"
        wrong(scope, setting, "so much in a period", f"{amount} per month")
        return None
    if value.period.text in PERIODS:
        return value
    help_ = perhaps(value.period.text, PERIODS) or f"write {choices(PERIODS)}"
    message = f"a target is not set per `{value.period.text}`"
    scope.findings.error("bad-period", value.period.span, message, "no period", help=help_)
    return None


def _target(scope: Scope, read: Read, measures: Sequence[Measured]) -> tuple[Const, str] | None:
    """The amount in the type of what is measured first."""
    per = cast("nodes.Per | None", read.get("target"))
    if per is None or not measures:
        return None
    amount = per.amount
    if not isinstance(amount, nodes.Number | nodes.Money | nodes.Percent):
        if not isinstance(amount, nodes.Bad):
            message = f"{scope.findings.text(amount.span)} is no fixed number"
            scope.findings.error("bad-setting", amount.span, message, "not a number")
        return None
    measure = read.written["measure"].value.span
    found = constant(scope, as_left_side(measures[0], measure), amount)
    return (found, per.period.text) if found else None


def _sort(scope: Scope, read: Read, measures: Sequence[Measured], groups: Sequence[Group]) -> tuple[str, bool] | None:
    """Where no direction is written, measures come from the greatest down, groups from the first up."""
    setting = read.written.get("sort")
    if setting is None or isinstance(setting.value, nodes.Bad):
        return None
    value = setting.value
    by = value.by if isinstance(value, nodes.Ordered) else value
    written = scope.findings.raw(by.span)
    names, grouped = [one.written for one in measures], [group.written for group in groups]
    if written in (*names, *grouped):
        return written, value.descending if isinstance(value, nodes.Ordered) else written in names
    if "measure" in read.values and ("by" in read.values) == ("by" in read.written):
        help_ = f"write {listing([*names, *grouped], 12, 'or')}"
        message = f"`{written}` is neither measured nor grouped by"
        scope.findings.error("bad-setting", by.span, message, "not a column of this report", help=help_)
    return None


def _shown(scope: Scope, read: Read, groups: Sequence[Group]) -> bool:
    """A number is one figure; a line needs a time to go along."""
    show, setting, by = read.get("show"), read.written.get("show"), read.written.get("by")
    if setting is None:
        return True
    if show == "number" and by is not None:
        message, others = "a number is one figure, and this report has one for each group", [Label(by.span, "groups")]
        scope.findings.error("bad-view", setting.value.span, message, "one figure", others=others, help="write `table`")
        return False
    dated = any(isinstance(g.value.value, Call) or g.value.value.type.kind.value.startswith("date") for g in groups)
    if show == "line" and not dated and (by is None or groups):
        message, help_ = (
            "a line goes along a time, and this report is not grouped by one",
            "add `by: month(created_at)`",
        )
        scope.findings.error("bad-view", setting.value.span, message, "along what?", help=help_)
        return False
    return True


def _topmost(scope: Scope, read: Read) -> bool:
    setting, top = read.written.get("top"), cast("int | None", read.get("top"))
    if setting is None or top is None:
        return True
    if top < 1:
        scope.findings.error("bad-setting", setting.value.span, "`top` is 1 or more", "shows nothing")
        return False
    if "by" not in read.written:
        message, help_ = "`top` shows the first groups, and this report has none", "add `by:`, or leave it out"
        scope.findings.error("bad-view", setting.span, message, "of what?", help=help_)
        return False
    return True
