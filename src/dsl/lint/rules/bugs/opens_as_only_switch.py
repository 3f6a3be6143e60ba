"""D5: mail programs open mails by themselves, so opens alone must not hand a contact to a rep."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.findings import insert_after
from ....diagnostics.diagnostic import Severity
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View


def _check(view: View, node: nodes.RepLed) -> Iterator[Found]:
    engage = view.definition.pinned.engage if view.definition else ()
    if engage and all(match.event == "opened_email" for match in engage):
        yield Found(
            node.engaged.span,
            "a rep takes over after opens alone",
            "opens are weak evidence",
            help=f"add a click: `{view.text(node.engaged.span)} or clicked_email`",
            note="some mail programs open mails by themselves, and not all of them are found out",
            fix=insert_after(node.engaged.span, " or clicked_email"),
        )


_PROGRAM = """\
sequence outreach {
  automated {
    send intro
    wait 3 business days
    send reminder
  }
  rep_led when SWITCH {
    task call "Call {{ contact.full_name | default: 'them' }}"
  }
}
template intro { topic: sales  subject: "Hello"  body: \"""[Our story](https://example.com/story)\""" }
template reminder { topic: sales  subject: "Still there?"  body: \"""[Our story](https://example.com/story)\""" }
"""

RULE = Rule(
    name="opens-as-only-switch",
    alias="SG600",
    category="bugs",
    severity=Severity.WARNING,
    title="A rep takes over after opens alone",
    why="Mail programs load images in advance and security scanners open every mail, so an open is weak evidence that "
    "a person has read it. Machines that are known are left out, the others are not. If opens alone switch a dynamic "
    "sequence, reps call people who have seen nothing. A click names what somebody was interested in: let it switch "
    "too, or ask for several opens and a click.",
    domain=("D5", "M20", "G15"),
    bad=(
        Example(_PROGRAM.replace("SWITCH", "opened_email")),
        Example(_PROGRAM.replace("SWITCH", "opened_email at least 3 times"), "more opens are no better evidence"),
    ),
    good=(
        Example(_PROGRAM.replace("SWITCH", "clicked_email or opened_email at least 2 times")),
        Example(_PROGRAM.replace("SWITCH", "clicked_email")),
    ),
    on=(nodes.RepLed,),
    check=_check,
    repairs="unsafe",
)
