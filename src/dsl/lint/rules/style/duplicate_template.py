"""Two templates that send the same mail."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from ....diagnostics.diagnostic import Label, Severity
from ....syntax import nodes
from ...overview import Facts, Overview
from ...printed import text_of
from ...rule import Example, Found, Rule
from ...view import View

NAME = "duplicate-template"


def _note(view: View) -> str | None:
    """What a template sends, as a digest."""
    if not isinstance(view.node, nodes.Template):
        return None
    subject, body = text_of(view.settings.get("subject")), text_of(view.settings.get("body"))
    if subject is None or body is None:
        return None
    sent = "\0".join((view.names.topic_of(view.name) or "", subject.value, body.value.strip()))
    return blake2b(sent.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _whole(overview: Overview) -> Iterator[Found]:
    first: dict[object, Facts] = {}
    for facts, sent in overview.notes(NAME):
        other = first.setdefault(sent, facts)
        if other is not facts:
            yield Found(
                facts.span,
                f"`{facts.name}` is the same mail as `{other.name}`",
                "same topic, subject and body",
                help=f"send `{other.name}`, or write the text this one was copied for",
                others=[Label(other.span, "declared here")],
            )


_TEMPLATE = 'template NAME { topic: newsletter  subject: "News"  body: """[TEXT](https://example.com/news)""" }\n'
_WORKFLOW = """\
workflow welcome of contact {
  when: lifecycle_stage becomes customer
  only: subscribed to newsletter
  send news
  wait 3 days
  send more_news
}
"""
_FIRST = _WORKFLOW + _TEMPLATE.replace("NAME", "news").replace("TEXT", "Read on")
_SECOND = _TEMPLATE.replace("NAME", "more_news")

RULE = Rule(
    name=NAME,
    alias="SG680",
    category="style",
    severity=Severity.INFO,
    title="Two templates send the same mail",
    why="A template copied to be rewritten, and forgotten: whoever gets both gets the same mail twice. If it is "
    "meant, one template can be sent from two places, and a correction then reaches both.",
    domain=("S26", "M17"),
    bad=(Example(_FIRST + _SECOND.replace("TEXT", "Read on")),),
    good=(Example(_FIRST + _SECOND.replace("TEXT", "And there is more")),),
    note=_note,
    whole=_whole,
)
