"""The rules of the category bugs, in the order of their aliases."""

from __future__ import annotations

from . import (
    branch_decides_nothing,
    branch_never_taken,
    branch_on_engagement_without_wait,
    branch_on_what_ends_it,
    decided_at_entry,
    goes_on_after_reply,
    guard_looks_back,
    holiday_calendar_missing,
    mail_starts_itself,
    nobody_enters,
    opens_as_only_switch,
    opens_decide,
    score_out_of_reach,
    set_changes_nothing,
    setting_without_effect,
    stops_at_entry,
    task_asked_at_once,
    time_outside_window,
    wait_without_sequel,
    window_never_opens,
)

RULES = (
    opens_as_only_switch.RULE,
    branch_on_engagement_without_wait.RULE,
    holiday_calendar_missing.RULE,
    window_never_opens.RULE,
    time_outside_window.RULE,
    score_out_of_reach.RULE,
    branch_decides_nothing.RULE,
    branch_never_taken.RULE,
    decided_at_entry.RULE,
    task_asked_at_once.RULE,
    branch_on_what_ends_it.RULE,
    mail_starts_itself.RULE,
    guard_looks_back.RULE,
    goes_on_after_reply.RULE,
    setting_without_effect.RULE,
    stops_at_entry.RULE,
    set_changes_nothing.RULE,
    wait_without_sequel.RULE,
    opens_decide.RULE,
    nobody_enters.RULE,
)
