"""A report that stands on no dashboard, in a project that has dashboards."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ...overview import Overview
from ...rule import Example, Found, Rule


def _whole(overview: Overview) -> Iterator[Found]:
    if not any(overview.of("dashboard")):
        return
    for report in overview.of("report"):
        if not any(by.kind == "dashboard" for by in overview.named_by(report)):
            yield Found(
                report.span,
                f"no dashboard shows the report `{report.name}`",
                "on no dashboard",
                help=f"add it to one: `reports: .., {report.name}`, or take it out",
                note="if somebody asks for it by name, say so: `# segue: ignore[unused-report] why`",
            )


_PROGRAM = """\
report tickets of ticket { measure: count  by: owner }
report deals of deal { measure: count  by: owner }
dashboard team { reports: SHOWN }
"""

RULE = Rule(
    name="unused-report",
    alias="SG682",
    category="style",
    severity=Severity.WARNING,
    title="A report that stands on no dashboard",
    why="In a project whose reports are looked at on dashboards, one that stands on none was forgotten when it was "
    "written, or when a dashboard was cleared up. Projects without dashboards are left alone.",
    domain=("P14",),
    bad=(Example(_PROGRAM.replace("SHOWN", "tickets")),),
    good=(Example(_PROGRAM.replace("SHOWN", "tickets, deals")), Example(_PROGRAM[: _PROGRAM.index("dashboard")])),
    whole=_whole,
    strict=True,
)
