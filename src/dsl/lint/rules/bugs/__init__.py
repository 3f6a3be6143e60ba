"""The rules of the category bugs, in the order of their aliases."""

from __future__ import annotations

from . import branch_on_engagement_without_wait, holiday_calendar_missing, opens_as_only_switch

RULES = (
    opens_as_only_switch.RULE,
    branch_on_engagement_without_wait.RULE,
    holiday_calendar_missing.RULE,
)
