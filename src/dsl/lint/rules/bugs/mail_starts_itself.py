"""W19: a definition that starts when its own mails are opened or clicked, and mails again."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....program.definitions import OnEvents
from ....syntax import nodes
from ...entry import asks_for_no_mail
from ...rule import Example, Found, Rule
from ...view import View

_ABOUT_MAIL = ("received_email", "opened_email", "clicked_email")


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    definition, when = view.definition, view.settings.get("when")
    if definition is None or when is None or definition.again.policy == "never":
        return
    trigger = definition.trigger
    if not isinstance(trigger, OnEvents) or asks_for_no_mail(definition.only):
        return
    started = next((m for m in trigger.events if m.event in _ABOUT_MAIL and m.filter is None), None)
    first = next(iter(view.mails), None)
    if started is not None and first is not None:
        yield Found(
            when.value.span,
            f"the mails of `{view.name}` start `{view.name}` again",
            "any mail, its own too",
            help=f"name the mail that is meant: `{started.event}(template = ..)`",
            note="each mail that people react to brings the next one, without end",
            others=[Label(first.span, "this one starts it again")],
        )


_PROGRAM = """\
workflow reader of contact {
  when: WHEN
  only: subscribed to newsletter
  again: after 7 days
  send more
}
template more { topic: newsletter  subject: "More of it"  body: \"""[Read on](https://example.com/more)\""" }
template guide { topic: newsletter  subject: "A guide"  body: \"""[The guide](https://example.com/guide)\""" }
broadcast spring { to: subscribed to newsletter  send: guide }
"""

RULE = Rule(
    name="mail-starts-itself",
    alias="SG611",
    category="bugs",
    severity=Severity.WARNING,
    title="Opening its own mail starts a definition again",
    why="A definition that starts by `opened_email`, `clicked_email` or `received_email` of any mail is started by its "
    "own mails as well. With `again:` people who read what they get are mailed without end. Name the mail that is "
    "meant, or leave `again:` out.",
    domain=("W19", "W20"),
    bad=(Example(_PROGRAM.replace("WHEN", "clicked_email")),),
    good=(
        Example(_PROGRAM.replace("WHEN", "clicked_email(template = guide)")),
        Example(_PROGRAM.replace("WHEN", "clicked_email").replace("  again: after 7 days\n", ""), "once per person"),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
