"""docs/testing.md: its rules are sound, and its tests do what the page says they do."""

from __future__ import annotations

import re
from pathlib import Path

from .play import play_all

PAGE = Path(__file__).parents[3] / "docs/testing.md"
BLOCKS = re.findall(r"^```\w*\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_examples_do_what_the_page_says() -> None:
    rules, rows = (block for block in BLOCKS if '\ntest "' in f"\n{block}")
    (whole,) = play_all("", rules)
    assert (whole.title, whole.failures) == ("who pays gets no more mail", ())
    bare = rules.split("test ")[0]
    outcomes = play_all(rows, bare)
    assert [(o.test.row, o.passed) for o in outcomes] == [
        ("plan = trial, mail = intro", False),
        ("plan = paid, mail = story", True),
    ]


def test_the_page_names_every_kind_of_line() -> None:
    """Every rule of the grammar for items of a test has its words on the page."""
    page = PAGE.read_text("utf-8")
    words = (
        "clock ",
        "given contact",
        "linked to",
        "in segment",
        "subscribed to",
        "opted out of",
        "enrolls in",
        "after ",
    )
    words += ("on task", "set ann", "receives", "does not receive", "expect task", "expect no task", "notified")
    words += ("is missing", "finished", "unenrolled from", "errored", "refused", "expect nothing else", "for each")
    assert [word for word in words if word not in page] == []
