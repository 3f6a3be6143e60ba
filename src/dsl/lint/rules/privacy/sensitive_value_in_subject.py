"""What is nobody else's business, in the line that everybody near a screen can read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...printed import REACHES, printed, text_of
from ...rule import Example, Found, Rule
from ...view import View

_SENSITIVE = re.compile(
    r"(?:^|_)(?:password|passcode|iban|passport|ssn|pesel|salary|income|debt|diagnosis|disease|disability|pregnan\w+"
    r"|religion|tax_id|card_number|account_number|date_of_birth|birth_date)(?:$|_)"
)


def _check(view: View, node: nodes.Template) -> Iterator[Found]:
    subject = text_of(view.settings.get("subject"))
    for field in printed(subject) if subject is not None else ():
        if field.is_contact(REACHES) or _SENSITIVE.search(field.path.rpartition(".")[2].casefold()):
            yield Found(
                field.span,
                f"`{field.path}` stands in a subject",
                "shown on locked screens",
                help="print it in the body, or behind a login",
            )


_PROGRAM = """\
workflow welcome of contact {
  when: lifecycle_stage becomes customer
  only: subscribed to newsletter
  send guide
}
template guide {
  topic: newsletter
  subject: "SUBJECT"
  body: \"""[The guide](https://example.com/guide)\"""
}
"""
_SCHEMA = """\
extends: standard
objects:
  contact:
    properties:
      iban: {type: text}
topics:
  newsletter: {label: Newsletter, kind: marketing}
"""

RULE = Rule(
    name="sensitive-value-in-subject",
    alias="SG645",
    category="privacy",
    severity=Severity.WARNING,
    title="A private value in the subject of a mail",
    why="Subjects are shown on locked screens and in lists that others see, and mail servers write them into their "
    "logs, also where the mail itself is encrypted. Looked for are the mail address and phone number of a contact "
    "and properties whose name speaks of passwords, accounts, identity papers, income, health or belief.",
    domain=("L16",),
    bad=(
        Example(_PROGRAM.replace("SUBJECT", "Your account {{ contact.iban | default: 'number' }}"), schema=_SCHEMA),
        Example(_PROGRAM.replace("SUBJECT", "News for {{ contact.email | default: 'you' }}")),
    ),
    good=(
        Example(_PROGRAM.replace("SUBJECT", "Your account"), schema=_SCHEMA),
        Example(_PROGRAM.replace("SUBJECT", "News for {{ contact.first_name | default: 'you' }}")),
    ),
    on=(nodes.Template,),
    check=_check,
)
