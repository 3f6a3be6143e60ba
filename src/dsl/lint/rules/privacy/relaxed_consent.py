"""X24, L4: marketing goes to people of whom nobody knows whether they want it."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....schema.model import TopicKind
from ...overview import Overview
from ...rule import Example, Found, Rule


def _whole(overview: Overview) -> Iterator[Found]:
    if overview.names.project.consent != "relaxed" or overview.settings is None:
        return
    for template in overview.of("template"):
        topic = overview.names.schema.topics.get(overview.names.topic_of(template.name) or "")
        if topic is not None and topic.kind is TopicKind.MARKETING:
            yield Found(
                overview.in_settings("consent"),
                "marketing goes to people who never opted in",
                "consent is not asked for",
                help='write `consent: strict`, and `subscribe to .. because ".."` where people opt in',
                others=[Label(template.span, f"such as this one, of `{topic.name}`")],
            )
            return


_TEMPLATE = 'template news { topic: TOPIC  subject: "News"  body: """[Read on](https://example.com/news)""" }\n'
_BROADCAST = """\
broadcast spring {
  to: not opted out of newsletter
  send: news
}
"""
_WORKFLOW = """\
workflow receipt of contact {
  when: purchased
  send news
}
"""
_SETTINGS = """\
name: example
account: {time_zone: Europe/Warsaw, currency: EUR, postal_address: "Prosta 1, Warszawa"}
consent: relaxed
"""

RULE = Rule(
    name="relaxed-consent",
    alias="SG643",
    category="privacy",
    severity=Severity.INFO,
    title="Marketing without an opt-in",
    why="With `consent: relaxed` marketing mail goes to everybody who has not opted out, also to people who were "
    "never asked. That is lawful in few countries: the European Union, Japan, Canada and others ask for an opt-in, "
    "with exceptions that have to be shown for each person. The rule speaks in the strict profile only, as a note "
    "for whoever reviews the project.",
    domain=("X24", "L4", "L7", "L8"),
    bad=(Example(_BROADCAST + _TEMPLATE.replace("TOPIC", "newsletter"), settings=_SETTINGS),),
    good=(
        Example(
            _BROADCAST.replace("not opted out of", "subscribed to") + _TEMPLATE.replace("TOPIC", "newsletter"),
            settings=_SETTINGS.replace("relaxed", "strict"),
        ),
        Example(_WORKFLOW + _TEMPLATE.replace("TOPIC", "orders"), "no marketing at all", settings=_SETTINGS),
    ),
    whole=_whole,
    strict=True,
)
