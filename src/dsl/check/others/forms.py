"""Forms: who sent one is found by the e-mail address it asks for (P13, X27)."""

from __future__ import annotations

from ...diagnostics.diagnostic import Label
from ...syntax import nodes
from ..findings import Findings
from .questions import Questions


def check_form(findings: Findings, node: nodes.Conversation, questions: Questions) -> bool:
    """Whether every answer will find its contact; reports if not."""
    addresses = [
        (ask, always) for field, ask, always in questions.targets if not field.path and field.property == "email"
    ]
    if not addresses:
        asked = next((ask for ask in questions.asks if "mail" in ask.name.text.casefold()), None)
        _no_address(findings, node, asked)
        return False
    sure = [ask for ask, always in addresses if always and ask.required is not None]
    if not sure:
        ask, always = addresses[0]
        findings.error(
            "form-without-email",
            ask.name.span,
            f"the form `{node.name.text}` may be sent without an e-mail address",
            "is not required" if always else "is asked only sometimes",
            help="write `required` behind it" if always else "ask it outside of `when`, and write `required` behind it",
            note="the contact is found by the address, or made with it (X27)",
        )
    return bool(sure)


def _no_address(findings: Findings, node: nodes.Conversation, asked: nodes.Ask | None) -> None:
    findings.error(
        "form-without-email",
        node.name.span,
        f"the form `{node.name.text}` asks for no e-mail address",
        "whose answers are these?",
        others=[Label(asked.name.span, "this answer is not written to `contact.email`")] if asked else [],
        help='write `ask email "E-mail": text -> contact.email required`',
        note="the contact is found by the address, or made with it (X27)",
    )
