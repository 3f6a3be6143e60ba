"""A subject in capitals, or with a row of exclamation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....source import Span
from ....syntax import nodes
from ...letters import MERGE_FIELD, words
from ...rule import Example, Found, Rule
from ...view import View

_ROW = re.compile(r"[!?！？]{2,}|[$€£¥]{2,}")
_LEAST_LETTERS = 10


def _check(view: View, node: nodes.Template) -> Iterator[Found]:
    subject = words(node, "subject")
    if subject is None:
        return
    said = MERGE_FIELD.sub(lambda field: " " * len(field[0]), subject.value)
    row = next((row for row in _ROW.finditer(said) if _shouts(row[0])), None)
    if row is not None:
        yield _found(subject.place(*row.span()), f"this subject has `{row[0]}` in it", "one is enough")
    elif _all_capitals(said):
        yield _found(subject.span, "this subject is written in capitals", "reads as shouted")


def _found(span: Span, message: str, under: str) -> Found:
    return Found(
        span,
        message,
        under,
        help="write it as you would to a colleague",
        note="filters learn from what people report, and this is what they report",
    )


def _shouts(row: str) -> bool:
    """`?!` is a question asked in surprise."""
    return row[0] in "$€£¥" or sum(mark in "!！" for mark in row) > 1


def _all_capitals(said: str) -> bool:
    """Two words at least, in capitals alone: beside letters that have no case they are names and abbreviations."""
    letters = [letter for letter in said if letter.isalpha()]
    return len(letters) >= _LEAST_LETTERS and len(said.split()) > 1 and all(letter.isupper() for letter in letters)


def _template(subject: str) -> str:
    return (
        f'template hello {{ topic: newsletter  subject: "{subject}"  body: """[More](https://example.com/)""" }}\n'
        "broadcast spring { to: subscribed to newsletter  send: hello }\n"
    )


RULE = Rule(
    name="subject-shouts",
    alias="SG625",
    category="delivery",
    severity=Severity.WARNING,
    title="A subject in capitals, or with a row of exclamation marks",
    why="Capitals, rows of exclamation marks and of currency signs are what unwanted mail looks like. Filters weigh "
    "them, and people who see them take the mail for what it looks like. Single words in capitals, as names have them, "
    "are left alone.",
    domain=("L9",),
    bad=(Example(_template("LAST CHANCE THIS WEEK")), Example(_template("Only today!!!"))),
    good=(
        Example(_template("Last chance this week!")),
        Example(_template("What the NPS of ACME says")),
        Example(_template("【WEB SEMINAR】お申し込みはお済みですか！？"), "abbreviations in another script"),
    ),
    on=(nodes.Template,),
    check=_check,
)
