"""X8: the fix of `absence-counts-newcomers` helps wherever the absence stands, and joins nothing it should not."""

from __future__ import annotations

import pytest

from .test_cases import check

SEGMENTS = """
segment active of contact { has acted within 60 days }
segment quiet of contact { vip or has not acted within 60 days }
segment loud of contact { not in segment quiet }
template hello { topic: news  subject: "Hi"  body: \"\"\"Hi\"\"\" }
"""


@pytest.mark.parametrize(
    "condition",
    [
        "has not acted within 60 days",
        "not has acted within 60 days",
        "count(acted within 60 days) < 3",
        "vip or has not acted within 60 days",
        "vip and (tier = gold or has not acted within 60 days)",
        "not (has acted within 60 days or tier = gold)",
        "tier = gold or not (has acted within 60 days or vip)",
        "not in segment active",
        "vip or not in segment active",
        "in segment quiet",
        "not in segment loud",
        "vip or not in segment loud",
    ],
)
def test_x8_the_fix_bounds_the_age(condition: str) -> None:
    _fixed(f"{SEGMENTS}broadcast b {{ send: hello  to: subscribed to news and ({condition}) }}\n")


def test_x8_absence_among_those_that_a_step_mails_is_bounded_too() -> None:
    """`send T to every contact (..)` decides who is mailed, though the deal is what started it."""
    for condition in ("has not acted within 60 days", "in segment quiet", "not in segment active"):
        chosen = f"subscribed to news and ({condition})"
        _fixed(f"{SEGMENTS}workflow w of deal {{ when: won  send hello to every contact ({chosen}) }}\n")


def _fixed(text: str) -> None:
    (found,) = [d for d in check(text).diagnostics if d.code == "absence-counts-newcomers"]
    assert found.fix is not None
    for edit in found.fix.edits:
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    left = {d.code for d in check(text).diagnostics}
    assert not left & {"absence-counts-newcomers", "mixed-and-or", "syntax"}
