"""`outcome: connected, voicemail, no_answer`: how a talk may end (P5)."""

from __future__ import annotations

from collections.abc import Sequence

from ...syntax import nodes
from ..scope import Scope
from ..values_of_settings import wrong
from .settings import doubles, values


def outcomes(scope: Scope, setting: nodes.Setting) -> tuple[str, ...] | None:
    """The words, in the order written."""
    items: Sequence[nodes.SettingValue] = values(setting)
    if isinstance(setting.value, nodes.ListOf):
        items = setting.value.items
    found = []
    for item in items:
        match item:
            case nodes.Path() if len(item.names) == 1:
                found.append(item.text)
            case nodes.Text() if item.value.strip():
                found.append(item.value)
    if len(found) < len(items) or not found:
        wrong(scope, setting, "a list of words", "connected, voicemail, no_answer")
        return None
    doubles(scope, items, "the outcome")
    return tuple(dict.fromkeys(found))
