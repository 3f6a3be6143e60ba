"""L6: a subject that says it answers something, and answers nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...letters import words
from ...rule import Example, Found, Rule
from ...view import View

# What mail programs of many languages write before a subject; `TR:` may as well be a country.
_ANSWERS = re.compile(r"\s*(?P<mark>re|aw|sv|odp|fwd?|wg|ynt|返信|転送)\s*[:：]", re.IGNORECASE)


def _check(view: View, node: nodes.Template) -> Iterator[Found]:
    subject = words(node, "subject")
    found = _ANSWERS.match(subject.value) if subject is not None else None
    if subject is not None and found is not None:
        yield Found(
            subject.place(*found.span()),
            f"`{found[0].strip()}` says that this mail answers another one",
            "it does not",
            help="take it out; with `threading: true` the mails of a sequence are answers in earnest",
            note="a subject that misleads is against the law in many places, and the first thing people report",
        )


def _template(subject: str) -> str:
    return (
        f'template hello {{ topic: newsletter  subject: "{subject}"  body: """[More](https://example.com/)""" }}\n'
        "broadcast spring { to: subscribed to newsletter  send: hello }\n"
    )


RULE = Rule(
    name="subject-pretends-reply",
    alias="SG626",
    category="delivery",
    severity=Severity.WARNING,
    title="A subject pretends to be an answer",
    why="`Re:` and `Fwd:` before the subject of a first mail make people open it, and then report it. Laws such as "
    "CAN-SPAM ask for truthful subjects. In a sequence with `threading: true` follow-ups are answers in the thread of "
    "the first mail, and get their one `Re:` from the engine.",
    domain=("L6", "S25"),
    bad=(Example(_template("Re: our talk")), Example(_template("返信: お打ち合わせについて"))),
    good=(Example(_template("Our talk")), Example(_template("Regarding our talk: a summary"))),
    on=(nodes.Template,),
    check=_check,
)
