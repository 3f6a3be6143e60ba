"""L16: what a person can be recognised by, written into the address of a link."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...printed import NAMES, REACHES, printed, text_of
from ...rule import Example, Found, Rule
from ...view import View

_ADDRESS = re.compile(r"https?://(?:\{\{.*?\}\}|[^\s(){}<>\"])+")


def _check(view: View, node: nodes.Template) -> Iterator[Found]:
    body = text_of(view.settings.get("body"))
    if body is None or "{{" not in body.value:
        return
    addresses = [found.span() for found in _ADDRESS.finditer(body.value)]
    for field in printed(body):
        within = any(start <= field.start < end for start, end in addresses)
        if within and field.is_contact(REACHES | NAMES):
            yield Found(
                field.span,
                f"`{field.path}` stands in the address of a link",
                "read by everyone on the way",
                help="leave it out: who clicked is known without it",
                note="addresses are kept by browsers, proxies and statistics, and passed on with the mail",
            )


_PROGRAM = """\
workflow welcome of contact {
  when: lifecycle_stage becomes customer
  only: subscribed to newsletter
  send guide
}
template guide {
  topic: newsletter
  subject: "A guide"
  body: \"""TEXT\"""
}
"""

RULE = Rule(
    name="personal-value-in-link",
    alias="SG644",
    category="privacy",
    severity=Severity.WARNING,
    title="A name, mail address or number in the address of a link",
    why="The address of a link is read and kept by more people than the mail itself: by the browser's history, by "
    "proxies, by the statistics of the site and of everybody whose script runs there. It is also passed on with a "
    "forwarded mail, and then opens somebody else's page. Clicks are known by person without it.",
    domain=("L16", "L1"),
    bad=(
        Example(
            _PROGRAM.replace(
                "TEXT", "[The guide](https://example.com/guide?who={{ contact.email | default: 'nobody' }})"
            )
        ),
    ),
    good=(
        Example(_PROGRAM.replace("TEXT", "[The guide](https://example.com/guide)")),
        Example(
            _PROGRAM.replace("TEXT", "[The guide](https://example.com/guide) for {{ contact.full_name }}"),
            "in the mail itself",
        ),
    ),
    on=(nodes.Template,),
    check=_check,
)
