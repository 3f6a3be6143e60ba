"""The rules of the category performance, in the order of their aliases."""

from __future__ import annotations

from . import (
    condition_repeated,
    duplicate_segment,
    events_behind_links,
    frequent_schedule,
    segments_nested_deeply,
    text_search_alone,
    whole_history_asked,
)

RULES = (
    whole_history_asked.RULE,
    text_search_alone.RULE,
    segments_nested_deeply.RULE,
    condition_repeated.RULE,
    frequent_schedule.RULE,
    events_behind_links.RULE,
    duplicate_segment.RULE,
)
