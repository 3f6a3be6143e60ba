"""S5: two automated mails of a sequence within one day."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...statements import parts_of
from ...view import View
from ...ways import DAY, follow, not_after_refusal, passing

# A mail that was sent, and the most minutes since then.
_Sent = frozenset[tuple[nodes.Send, int]]


def _check(view: View, node: nodes.Sequence) -> Iterator[Found]:
    found: dict[nodes.Send, nodes.Send] = {}
    least = _apart(view)

    def step(statement: nodes.Statement, sent: _Sent) -> _Sent:
        minutes = passing(statement, view.kind)
        if minutes is None:
            return frozenset()
        sent = frozenset((send, since + minutes) for send, since in sent if since + minutes < least)
        if not isinstance(statement, nodes.Send) or statement.as_task:
            return sent
        for send, since in sorted(sent, key=lambda one: one[0].span.start):
            if since > 0:  # without any wait it is `mails-without-wait`
                found.setdefault(statement, send)
        return frozenset(((statement, 0),))

    for part in parts_of(node.body) if len(view.mails) > 1 else ():
        follow(part, step, not_after_refusal)
    for second, first in found.items():
        yield Found(
            second.span,
            f"`{second.template.text}` follows `{first.template.text}` on the same day",
            "less than a day later",
            help="wait a business day at least; two or three are usual",
            note="who has not answered within hours has mostly not read it yet",
            others=[Label(first.span, "the mail before")],
        )


def _apart(view: View) -> int:
    """How long a wait leads to another day: where a window is shorter than a day, past its end."""
    window = view.definition.pinned.window if view.definition else None
    return DAY if window is None else (window.end - window.start) % DAY or DAY


_PROGRAM = """\
sequence outreach {
  send hello
  wait LENGTH
  send more
}
template hello { topic: sales  subject: "Hello"  body: \"""[Our story](https://example.com/story)\""" }
template more { topic: sales  subject: "Three more things"  body: \"""[Read them](https://example.com/3)\""" }
"""

RULE = Rule(
    name="mails-close-together",
    alias="SG623",
    category="delivery",
    severity=Severity.WARNING,
    title="Two automated mails of a sequence within one day",
    why="The mails of a sequence come from the mailbox of a person. Nobody writes to a stranger twice a day, and who "
    "is written to twice a day says so to the spam filter. Waits between mails are counted in business days. "
    "Workflows, which may remind somebody of a cart after hours, are left alone.",
    domain=("S5", "S16"),
    bad=(Example(_PROGRAM.replace("LENGTH", "4 hours")),),
    good=(
        Example(_PROGRAM.replace("LENGTH", "3 business days")),
        Example(_PROGRAM.replace("LENGTH", "1 day")),
        Example(
            _PROGRAM.replace("LENGTH", "12 hours").replace("  send hello", "  window: 09:00-17:00\n  send hello"),
            "the window is closed by then, so the second one comes a day later",
        ),
    ),
    on=(nodes.Sequence,),
    check=_check,
)
