"""A template that no definition sends."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ...overview import Overview
from ...rule import Example, Found, Rule


def _whole(overview: Overview) -> Iterator[Found]:
    for template in overview.of("template"):
        if all(by.kind == "test" for by in overview.named_by(template)):
            yield Found(
                template.span,
                f"nobody sends the template `{template.name}`",
                "never sent",
                help=f"send it somewhere, or take it out: `send {template.name}`",
            )


_SENT = 'template news { topic: newsletter  subject: "News"  body: """[Read on](https://example.com/news)""" }\n'
_WORKFLOW = """\
workflow welcome of contact {
  when: lifecycle_stage becomes customer
  only: subscribed to newsletter
  send news
}
"""

RULE = Rule(
    name="unused-template",
    alias="SG670",
    category="style",
    severity=Severity.WARNING,
    title="A template that nobody sends",
    why="No sequence, workflow or broadcast sends it, so nobody notices when it is out of date. Often a step was "
    "taken out and its text forgotten; sometimes a step was meant to be there.",
    domain=("S26",),
    bad=(Example(_SENT),),
    good=(Example(_WORKFLOW + _SENT),),
    whole=_whole,
    strict=True,
)
