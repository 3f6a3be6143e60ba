"""The declarations beside segments, templates, sequences and workflows; one file a kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...syntax import nodes
from ..findings import Findings
from ..scope import Names
from .broadcasts import check_broadcast
from .checked import CheckedOther, Mailing
from .conversations import check_conversation
from .dashboards import check_dashboard
from .hygiene import check_hygiene
from .kinds import Node
from .reports import check_report
from .score_segments import check_scored
from .scores import check_score
from .snippets import check_snippet

__all__ = ["CheckedOther", "Mailing", "check_other", "check_scored"]

_SETTINGS_ONLY = {"broadcast": check_broadcast, "report": check_report, "dashboard": check_dashboard}
_CHECKS: dict[type, Callable[[Names, Findings, Any], CheckedOther]] = {
    nodes.Score: check_score,
    nodes.Snippet: check_snippet,
    nodes.Conversation: check_conversation,
    nodes.Hygiene: check_hygiene,
}


def check_other(names: Names, findings: Findings, node: Node) -> CheckedOther:
    """One of them checked; what is wrong is in `findings`."""
    if isinstance(node, nodes.SettingsOnly):
        return _SETTINGS_ONLY[node.kind](names, findings, node)
    return _CHECKS[type(node)](names, findings, node)
