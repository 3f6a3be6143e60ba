"""Every rule of the linter, by category; the list of a category stands in its folder's `__init__.py`."""

from __future__ import annotations

from ...diagnostics.catalogue import join
from . import bugs, delivery, performance, privacy, style, testing

RULES = (*bugs.RULES, *delivery.RULES, *privacy.RULES, *performance.RULES, *style.RULES, *testing.RULES)

join(rule.code() for rule in RULES)
