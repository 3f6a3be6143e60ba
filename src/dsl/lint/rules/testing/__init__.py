"""The rules of the category testing, in the order of their aliases."""

from __future__ import annotations

from . import definition_without_test

RULES = (definition_without_test.RULE,)
