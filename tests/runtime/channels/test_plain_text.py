"""The text half of a mail reads well."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from runtime.channels.plain_text import as_text

CASES = [
    ("# Hello *there*\n\nOne\ntwo **three** `four`.", "Hello there\n\nOne\ntwo three four.\n"),
    ("Before\n\n* one\n* two\n  * deep\n* three\n\nafter", "Before\n\n- one\n- two\n  - deep\n- three\n\nafter\n"),
    ("3. one\n4. two\n   more", "3. one\n4. two\n   more\n"),
    ("* one\n\n  para\n\n* two", "- one\n\n  para\n\n- two\n"),
    ("a\n\n> quoted\n> more\n>\n> again\n\nb", "a\n\n> quoted\n> more\n>\n> again\n\nb\n"),
    ("[Pricing](https://x.example/p) and <https://y.example>", "Pricing (https://x.example/p) and https://y.example\n"),
    ("<mailto:ann@x.example> ![a cat](cat.png)", "mailto:ann@x.example a cat\n"),
    ("```\ncode\n  more\n```\n\nx\n\n---\n\ny", "    code\n      more\n\nx\n\n--------------------\n\ny\n"),
    ("| a | b |\n|---|---|\n| 1 | 2 |\n\nend", "a | b\n1 | 2\n\nend\n"),
    ("<b>raw</b> &amp; &lt;", "<b>raw</b> & <\n"),
    ("", "\n"),
]


@pytest.mark.parametrize(("markdown", "text"), CASES)
def test_markdown_as_text(markdown: str, text: str) -> None:
    assert as_text(MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown)) == text
