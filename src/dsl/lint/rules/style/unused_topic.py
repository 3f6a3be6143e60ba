"""A subscription topic that nothing is sent to."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ...overview import Overview
from ...rule import Example, Found, Rule


def _whole(overview: Overview) -> Iterator[Found]:
    if not any(overview.of("template")):
        return  # mail is not what this project is for, or not yet
    for topic in overview.names.schema.topics.values():
        if not any(by.kind == "template" for by, _ in overview.referred.get(("topic", topic.name), ())):
            yield Found(
                topic.span,
                f"no template is of the topic `{topic.name}`",
                "nothing is sent to it",
                help=f"write `topic: {topic.name}` in a template, or take it out of schema.yaml",
                note="people can subscribe to it, and would never hear anything",
            )


_PROGRAM = """\
workflow welcome of contact {
  when: lifecycle_stage becomes customer
  only: subscribed to newsletter
  send news
}
template news { topic: newsletter  subject: "News"  body: \"""[Read on](https://example.com/news)\""" }
"""
_SCHEMA = """\
extends: standard
topics:
  newsletter: {label: Newsletter, kind: marketing}
"""

RULE = Rule(
    name="unused-topic",
    alias="SG683",
    category="style",
    severity=Severity.WARNING,
    title="A topic that no template is of",
    why="People choose topics when they subscribe, and see them when they leave. One that nothing is sent to is a "
    "promise that is not kept, or a misspelt twin of the topic that was meant.",
    domain=("L3", "L4"),
    bad=(Example(_PROGRAM, schema=_SCHEMA + "  events: {label: Events, kind: marketing}\n"),),
    good=(Example(_PROGRAM, schema=_SCHEMA),),
    whole=_whole,
    strict=True,
)
