"""The `defaults:` of segue.yaml: each read as if it were written in a definition."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..source import NOWHERE, Source, Span
from ..syntax import nodes, parse

FILE = "segue.yaml (defaults)"


def default_settings(defaults: Mapping[str, object]) -> tuple[dict[str, nodes.Setting], list[str]]:
    """The settings by name, and the names whose value is no setting's value at all."""
    found: dict[str, nodes.Setting] = {}
    unread = []
    for name, value in defaults.items():
        setting = _setting(name, _written(value))
        if setting is None:
            unread.append(name)
        else:
            found[name] = setting
    return found, unread


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(_written(item) for item in value)
    return str(value)


def _setting(name: str, text: str) -> nodes.Setting | None:
    parsed = parse(Source(FILE, f"sequence defaults {{\n{name}: {text}\n}}\n"))
    for declaration in parsed.tree.declarations:
        if isinstance(declaration, nodes.Sequence) and not parsed.diagnostics and declaration.body.settings:
            return declaration.body.settings[0]
    return None


def places_in(project: Source | None) -> Callable[[str], Span]:
    """Where a default's name stands in segue.yaml."""

    def place(name: str) -> Span:
        found = project and re.search(rf"^\s+({re.escape(name)})\s*:", project.text, re.MULTILINE)
        if not project or not found:
            return NOWHERE
        return Span(project.name, found.start(1), found.end(1))

    return place
