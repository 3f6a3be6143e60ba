"""The rules of the category bugs, in the order of their aliases."""

from __future__ import annotations

from . import branch_on_engagement_without_wait, opens_as_only_switch

RULES = (
    opens_as_only_switch.RULE,
    branch_on_engagement_without_wait.RULE,
)
