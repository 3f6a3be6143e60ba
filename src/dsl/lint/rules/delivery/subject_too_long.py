"""A subject of which readers see the beginning only."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...letters import MERGE_FIELD, words
from ...rule import Example, Found, Rule
from ...view import View

MOST = 70


def _check(view: View, node: nodes.Template) -> Iterator[Found]:
    subject = words(node, "subject")
    width = _width(MERGE_FIELD.sub("", subject.value)) if subject is not None else 0
    if subject is not None and width > MOST:
        yield Found(
            subject.span,
            f"this subject is {width} characters wide, merge fields aside",
            f"about {MOST} are shown",
            help="say the one thing first, and leave the rest to the mail",
            note="phones show less than half of that; wide letters such as 漢字 take the room of two",
        )


def _width(text: str) -> int:
    """In columns: wide letters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _template(subject: str) -> str:
    return (
        f'template hello {{ topic: newsletter  subject: "{subject}"  body: """[More](https://example.com/)""" }}\n'
        "broadcast spring { to: subscribed to newsletter  send: hello }\n"
    )


RULE = Rule(
    name="subject-too-long",
    alias="SG624",
    category="delivery",
    severity=Severity.INFO,
    title="A subject longer than mail programs show",
    why="Mail programs on a desk show about 70 characters of a subject, phones about 35, and cut the rest. What "
    "matters stands in the first words. Wide letters, as Japanese has them, count as two; merge fields are not "
    "counted.",
    domain=("S24",),
    bad=(
        Example(_template("The new things of this spring, what they can do for you, and how to begin with them")),
        Example(_template("春の新商品のご案内と、お得なキャンペーン、そして店舗イベントの詳しいスケジュールについて")),
    ),
    good=(
        Example(_template("What is new this spring")),
        Example(
            _template("{{ contact.first_name | default: 'By the way' }}: what is new this spring, and what it does")
        ),
    ),
    on=(nodes.Template,),
    check=_check,
)
