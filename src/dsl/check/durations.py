"""Lengths of time as statements take them: business days too."""

from __future__ import annotations

from ..program.conditions import Duration, Unit
from ..syntax import nodes


def duration(node: nodes.Duration) -> Duration:
    """A length of time as written."""
    return Duration(node.n, Unit(node.unit))
