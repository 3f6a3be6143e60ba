"""The `defaults:` of segue.yaml: each read as if it were written in a definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from ..source import NOWHERE, Source, Span
from ..syntax import nodes, parse

if TYPE_CHECKING:
    from ..schema.yaml_positions import Document

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
    """Where a default's value stands in segue.yaml."""

    @cache
    def document() -> Document | None:  # only where there is something to say: reading YAML takes its time
        from ..schema.problems import Problems
        from ..schema.yaml_positions import read_yaml

        return read_yaml(project, Problems()) if project else None

    def place(name: str) -> Span:
        read = document()
        return read.at(("defaults", name)) if read else NOWHERE

    return place
