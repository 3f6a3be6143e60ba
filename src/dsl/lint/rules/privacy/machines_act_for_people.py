"""M20, M22, X30: a rule acts on opens and clicks that machines have made."""

from __future__ import annotations

from collections.abc import Iterator

from ....check.findings import replace
from ....diagnostics.diagnostic import FixKind, Severity
from ....source import Span
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...view import View

_SETTINGS = ("when", "goal", "stop_on", "stop_company_on")


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    settings = view.settings
    acted_on = [settings[name].value for name in _SETTINGS if name in settings]
    acted_on += [part.engaged for part in node.body.rep_led]
    for value in acted_on:
        for event in _events(value):
            if event.machines is not None:
                words = Span(event.span.file, event.path.span.end, event.machines.end)
                yield Found(
                    event.machines,
                    f"`{event.path.text}` counts here whether a person or a machine did it",
                    "also scanners and previews",
                    help="leave it out, so that only what people did counts",
                    note="security scanners follow every link, and mail programs that protect privacy open every mail",
                    fix=replace(words, "", FixKind.UNSAFE) if event.filter is None else None,
                )


def _events(value: object) -> Iterator[nodes.Event]:
    """The events that something is done on; those inside an `and` or `not` may be there to sort machines out."""
    match value:
        case nodes.Event():
            yield value
        case nodes.Has(negation="", event=event):
            yield event
        case nodes.Or(parts=items) | nodes.Listing(items=items):
            for item in items:
                yield from _events(item)


_PROGRAM = """\
workflow interested of contact {
  when: EVENT
  notify owner "{{ contact.full_name }} is interested"
}
"""

RULE = Rule(
    name="machines-act-for-people",
    alias="SG647",
    category="privacy",
    severity=Severity.WARNING,
    title="Something happens because a machine has opened or clicked",
    why="With `including machines` the opens of mail programs that load images in advance count, and the clicks of "
    "scanners that follow every link. Nobody has shown an interest, and nobody has agreed to anything: people who "
    "protect their privacy best are the ones taken for the keenest readers. In a figure or a segment that sorts out "
    "machines it has its place; what starts, ends or hands over something should wait for a person.",
    domain=("M20", "M21", "M22", "X30"),
    bad=(
        Example(_PROGRAM.replace("EVENT", "clicked_email including machines")),
        Example(_PROGRAM.replace("EVENT", "replied or opened_email including machines"), "one of several events"),
    ),
    good=(
        Example(_PROGRAM.replace("EVENT", "clicked_email")),
        Example(
            "segment machines of contact { has clicked_email including machines and has never clicked_email }\n",
            "to find them",
        ),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
    repairs="unsafe",
)
