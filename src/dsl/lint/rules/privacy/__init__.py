"""The rules of the category privacy, in the order of their aliases."""

from __future__ import annotations

from ...rule import Rule

RULES: tuple[Rule, ...] = ()
