"""Dashboards: a named set of reports (P14)."""

from __future__ import annotations

from typing import cast

from ...program.others import Dashboard
from ...schema.model import ObjectType
from ...syntax import nodes
from ..findings import Findings
from ..scope import Names, Scope
from .checked import CheckedOther, label_of
from .settings import doubles, name_of, read_settings, values

_NOTHING = ObjectType("dashboard", "Dashboard", None, {}, {})  # a dashboard is about no object of its own


def check_dashboard(names: Names, findings: Findings, node: nodes.SettingsOnly) -> CheckedOther:
    """The compiled dashboard, or None in its place after a finding."""
    scope = Scope(names, findings, _NOTHING)
    read = read_settings(scope, "dashboard", node.name, node.settings, READERS, ("reports",), bool(node.unread))
    reports = cast("tuple[str, ...] | None", read.get("reports"))
    if not read.whole or reports is None:
        return CheckedOther(node, None)
    return CheckedOther(node, Dashboard(node.name.text, label_of(node), reports, node.name.span))


def _reports(scope: Scope, setting: nodes.Setting) -> tuple[str, ...] | None:
    items = values(setting)
    doubles(scope, items, "the report")
    found = [name_of(scope, setting, item, "report") for item in items]
    named = [report.name for report in found if report is not None]
    return tuple(dict.fromkeys(named)) if len(named) == len(items) else None


READERS = {"reports": _reports}
