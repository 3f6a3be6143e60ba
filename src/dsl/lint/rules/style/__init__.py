"""The rules of the category style, in the order of their aliases."""

from __future__ import annotations

from . import unused_segment, unused_template

RULES = (
    unused_template.RULE,
    unused_segment.RULE,
)
