"""A setting that changes nothing, because what it is about is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ....diagnostics.diagnostic import Severity
from ....program.definitions import Definition, OnCondition
from ....syntax import nodes
from ...rule import Example, Found, Rule
from ...statements import every_statement, most, parts_of
from ...view import View


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    definition = view.definition
    if definition is None:
        return
    for name, setting in view.settings.items():
        missing = _MISSING[name](view, definition, node.body) if name in _MISSING else ""
        if missing:
            yield Found(
                setting.span,
                f"`{name}:` has no effect here: {missing}",
                "changes nothing",
                help="take it out, or write what is missing",
            )


def _priority(view: View, definition: Definition, body: nodes.Body) -> str:
    return "" if definition.exclusive else f"the {view.kind} is not exclusive, so nobody waits for it"


def _existing(view: View, definition: Definition, body: nodes.Body) -> str:
    return (
        ""
        if isinstance(definition.trigger, OnCondition) or not definition.existing
        else "it is no condition that starts people"
    )


def _automated(view: View, definition: Definition, body: nodes.Body) -> str:
    return "" if body.automated else "there is no `automated` part"


def _threading(view: View, definition: Definition, body: nodes.Body) -> str:
    mails = sum(most(part, lambda statement: isinstance(statement, nodes.Send)) for part in parts_of(body))
    return "" if mails > 1 or not definition.pinned.threading else "there is no second mail"


def _tasks(view: View, definition: Definition, body: nodes.Body) -> str:
    return "" if any(map(_is_task, _statements(body))) else "there is no task"


def _window(view: View, definition: Definition, body: nodes.Body) -> str:
    held = (nodes.Send, nodes.SendTo, nodes.Task, nodes.Notify, nodes.Slack)
    return "" if any(isinstance(s, held) for s in _statements(body)) else "there is nothing that it could hold"


def _calendar(view: View, definition: Definition, body: nodes.Body) -> str:
    window = definition.pinned.window
    counted = (window is not None and not window.every_day) or "business day" in view.text(body.span) or body.automated
    return "" if counted else "there is no window, and no business days are counted"


_MISSING: Mapping[str, Callable[[View, Definition, nodes.Body], str]] = {
    "priority": _priority,
    "existing": _existing,
    "grace": _automated,
    "late_engagement": _automated,
    "threading": _threading,
    "tasks_at": _tasks,
    "remind_at": _tasks,
    "window": _window,
    "calendar": _calendar,
}


def _statements(body: nodes.Body) -> Iterator[nodes.Statement]:
    return (statement for part in parts_of(body) for statement in every_statement(part))


def _is_task(statement: nodes.Statement) -> bool:
    return isinstance(statement, nodes.Task) or (isinstance(statement, nodes.Send) and statement.as_task)


_PROGRAM = """\
workflow welcome of contact {
  when: WHEN
  existing: enroll
  notify owner "A new customer"
}
"""
_SEQUENCE = """\
sequence outreach {
  SETTING
  send hello
  wait 3 days
  task call "Call them"
}
template hello { topic: sales  subject: "Hello"  body: \"""[Our story](https://example.com/story)\""" }
"""

RULE = Rule(
    name="setting-without-effect",
    alias="SG614",
    category="bugs",
    severity=Severity.WARNING,
    title="A setting that changes nothing",
    why="Some settings mean something only beside others: `existing:` where a condition starts people, `priority:` "
    "between exclusive sequences, `grace:` behind an automated part, `tasks_at:` where there are tasks. Where the "
    "other half is missing the setting reads as if it did something, and does not.",
    domain=("S14", "S29", "D6", "W3"),
    bad=(
        Example(_PROGRAM.replace("WHEN", "lifecycle_stage becomes customer"), "a change takes in nobody of before"),
        Example(_SEQUENCE.replace("SETTING", "grace: 3 days")),
        Example(_SEQUENCE.replace("SETTING", "threading: true"), "one mail is no thread"),
    ),
    good=(
        Example(_PROGRAM.replace("WHEN", "lifecycle_stage = customer")),
        Example(_SEQUENCE.replace("SETTING", "tasks_at: 08:00")),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
