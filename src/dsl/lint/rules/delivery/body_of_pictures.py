"""A mail with pictures and no words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...letters import IMAGE, words
from ...rule import Example, Found, Rule
from ...view import View

_LETTER = re.compile(r"\w")
_AROUND = re.compile(r"\[\s*\]\([^()]*\)(\{[^{}]*\})?")  # a link around a picture that was taken out


def _check(view: View, node: nodes.Template) -> Iterator[Found]:
    body = words(node, "body")
    if body is None or not IMAGE.search(body.value):
        return
    if not _LETTER.search(_AROUND.sub("", IMAGE.sub("", body.value))):
        yield Found(
            body.span,
            "this mail has pictures and no words",
            "nothing to read",
            help="say in words what the pictures show",
            note="many mail programs show no pictures until asked to, and filters cannot read them",
        )


def _template(body: str) -> str:
    return (
        f'template hello {{ topic: newsletter  subject: "Hello"  body: """{body}""" }}\n'
        "broadcast spring { to: subscribed to newsletter  send: hello }\n"
    )


RULE = Rule(
    name="body-of-pictures",
    alias="SG630",
    category="delivery",
    severity=Severity.WARNING,
    title="A mail of pictures without words",
    why="A mail that is one large picture is empty where pictures are not loaded, cannot be read aloud, and looks like "
    "the mails that hide their words from filters. The text part of it would be empty, too.",
    domain=("L9",),
    bad=(
        Example(_template("![Spring](https://example.com/spring.png)")),
        Example(
            _template("[![Spring](https://example.com/spring.png)](https://example.com/spring)"),
            "a picture that is a link",
        ),
    ),
    good=(Example(_template("![Spring](https://example.com/spring.png)\n[What is new](https://example.com/spring)")),),
    on=(nodes.Template,),
    check=_check,
)
