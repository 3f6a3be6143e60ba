"""X22: a branch on whether a task was done, at the instant it was made."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.diagnostic import Label, Severity
from ....program.conditions import TaskDone
from ....syntax import nodes
from ...entry import placed_at
from ...rule import Example, Found, Rule
from ...statements import parts_of
from ...view import View
from ...ways import follow, passing

_Tasks = frozenset[nodes.Task]


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    found: dict[object, Found] = {}

    def step(statement: nodes.Statement, fresh: _Tasks) -> _Tasks:
        if passing(statement, view.kind) != 0:
            return frozenset()
        match statement:
            case nodes.Task(name=nodes.Name()):
                return fresh | {statement}
            case nodes.If(branches=branches) if fresh:
                found.update((f.span, f) for branch in branches for f in _asked(view, branch, fresh))
        return fresh

    if any(isinstance(statement, nodes.Task) and statement.name for statement in view.statements):
        for part in parts_of(node.body):
            follow(part, step)
    yield from found.values()


def _asked(view: View, branch: nodes.Branch, fresh: _Tasks) -> Iterator[Found]:
    made = {task.name.text: task for task in fresh if task.name is not None}
    placed = placed_at(view, branch.condition.span)
    for leaf in placed.leaves() if placed is not None else ():
        if isinstance(leaf.condition, TaskDone) and leaf.condition.task in made:
            name = leaf.condition.task
            yield Found(
                leaf.span,
                f"nobody has had time to do `{name}` yet",
                "asked at once",
                help=f"write `wait until {name}.done up to 3 business days` before this `if`",
                note="nothing waits for this task, and a branch is decided at the moment it is reached",
                others=[Label(made[name].span, "made just before")],
            )


_PROGRAM = """\
workflow unhappy of contact {
  when: submitted_survey(score <= 6)
  task call "Ask what went wrong" as ring
  WAITif not ring.done { notify owner "Nobody called" }
}
"""

RULE = Rule(
    name="task-asked-at-once",
    alias="SG609",
    category="bugs",
    severity=Severity.WARNING,
    title="A branch asks whether a task was done that was made this instant",
    why="In a workflow no task holds what follows, nor does one `without waiting` in a sequence. An `if` right behind "
    "it is decided before anybody has seen the task, so it is never done. `wait until TASK.done up to D` gives people "
    "time and goes on as soon as they are through.",
    domain=("S20", "W12"),
    bad=(Example(_PROGRAM.replace("WAIT", "")),),
    good=(
        Example(_PROGRAM.replace("WAIT", "wait until ring.done up to 3 business days\n  ")),
        Example(_PROGRAM.replace("WAIT", "wait 2 business days\n  ")),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
