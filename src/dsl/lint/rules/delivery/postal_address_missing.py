"""L6: marketing mails are sent, and the account has no postal address to put under them."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....program.definitions import Template
from ....schema.model import TopicKind
from ...overview import Overview
from ...rule import Example, Found, Rule
from ...view import View

NAME = "postal-address-missing"


def _note(view: View) -> bool | None:
    """Whether it is a marketing mail."""
    template = view.compiled
    topic = view.schema.topics.get(template.topic) if isinstance(template, Template) else None
    return True if topic is not None and topic.kind is TopicKind.MARKETING else None


def _whole(overview: Overview) -> Iterator[Found]:
    first = next((facts for facts, _ in overview.notes(NAME) if overview.named_by(facts)), None)
    if first is None or overview.names.project.account.postal_address is not None or overview.settings is None:
        return
    yield Found(
        overview.in_settings("account"),
        "marketing mails are sent, and the account has no postal address",
        "no `postal_address`",
        help='write `postal_address: "Example Ltd, 1 Main Street, Springfield"` here',
        note="it is put under every marketing mail; the law asks for it in many places",
        others=[Label(first.span, f"`{first.name}` is marketing")],
    )


_PROGRAM = """\
workflow welcome of contact {
  when: lifecycle_stage becomes customer
ONLY  send hello
}
template hello { topic: TOPIC  subject: "Hello"  body: \"""[More](https://example.com/)\""" }
"""
_MARKETING = _PROGRAM.replace("TOPIC", "newsletter").replace("ONLY", "  only: subscribed to newsletter\n")
_ORDERS = _PROGRAM.replace("TOPIC", "orders").replace("ONLY", "")
_SETTINGS = """\
name: example
account: {time_zone: Europe/Berlin, currency: EUR}
"""

RULE = Rule(
    name=NAME,
    alias="SG631",
    category="delivery",
    severity=Severity.WARNING,
    title="Marketing mails are sent, and the account has no postal address",
    why="CAN-SPAM and the laws of other countries ask for the postal address of the sender in every marketing mail; "
    "filters look for it, too. `postal_address` of the account is put under each of them by itself.",
    domain=("L6", "L8"),
    bad=(Example(_MARKETING, settings=_SETTINGS),),
    good=(
        Example(_MARKETING),
        Example(_ORDERS, "transactional mails need none", settings=_SETTINGS),
    ),
    note=_note,
    whole=_whole,
)
