"""What a body gives names to: records it creates, tasks, and what became of the send just before."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics.articles import article
from ..diagnostics.suggest import perhaps
from ..program.conditions import CreatedValue, Outcome, TaskDone
from ..syntax.nodes import Name, Path
from .findings import listing
from .placed import Placed
from .scope import Resolved, Scope

OUTCOMES = ("sent", "refused")


def created_value(scope: Scope, words: Sequence[Name]) -> Resolved | None:
    """`followup.subject`: a property of a record this body created; None after a finding."""
    owner = scope.created[words[0].text]
    span = words[0].span.to(words[-1].span)
    found = owner.properties.get(words[1].text) if len(words) == 2 else None
    if found is None:
        hint = (
            perhaps(words[1].text, owner.properties)
            or f"the properties of {owner.name} are {listing(owner.properties)}"
        )
        message = (
            f"`{words[0].text}` is {article(owner.name)}, and has no property `{'.'.join(w.text for w in words[1:])}`"
        )
        scope.findings.error(
            "unknown-property", words[1].span.to(words[-1].span), message, "not in the schema", help=hint
        )
        return None
    scope.findings.refer("created", words[0].text, words[0].span)
    scope.findings.refer("property", f"{owner.name}.{found.name}", words[1].span)
    value = CreatedValue(words[0].text, owner.name, found.name, found.type)
    return Resolved(value, span, found.may_be_missing)


def is_body_name(scope: Scope, path: Path) -> bool:
    """Whether a bare path of a condition is `ring.done`, `sent` or `refused` here."""
    first = path.names[0].text
    if first in scope.tasks:
        return len(path.names) > 1
    if _asks_unknown_task(scope, path):
        return True
    known = first in scope.subject.properties or first in scope.schema.events
    return first in OUTCOMES and len(path.names) == 1 and not known and not scope.events


def body_condition(scope: Scope, path: Path) -> Placed | None:
    """The condition such a path is; None after a finding."""
    first = path.names[0]
    if first.text in scope.tasks:
        return _task_done(scope, path)
    if len(path.names) > 1:
        _no_task(scope, first)
        return None
    return _outcome(scope, path)


def _asks_unknown_task(scope: Scope, path: Path) -> bool:
    """`ring.done` where nothing is called `ring`: no property of the standard CRM is called `done`."""
    words = [word.text for word in path.names]
    others = (scope.subject.associations, scope.subject.properties, scope.created, ("answers", "trigger"))
    return len(words) == 2 and words[1] == "done" and not any(words[0] in known for known in others)


def _no_task(scope: Scope, name: Name) -> None:
    hint = perhaps(name.text, scope.tasks) or f'name it: `task call ".." as {name.text}`'
    scope.findings.error("unknown-record", name.span, f"no task is called `{name.text}` here", "not named", help=hint)


def _task_done(scope: Scope, path: Path) -> Placed | None:
    task, words = path.names[0], path.names[1:]
    if [word.text for word in words] == ["done"]:
        scope.findings.refer("task", task.text, task.span)
        return Placed(TaskDone(task.text), path.span)
    scope.findings.error(
        "unknown-property",
        words[0].span.to(words[-1].span),
        f"of the task `{task.text}` only `done` can be asked",
        "not known of a task",
        help=f"write `{task.text}.done`",
    )
    return None


def _outcome(scope: Scope, path: Path) -> Placed | None:
    word = path.text
    if not scope.sends:
        scope.findings.error(
            "outcome-of-no-send",
            path.span,
            f"`{word}` says what became of the `send` just before, and there is none",
            "of which mail?",
            help=f"write `if {word} {{ .. }}` right behind the `send`; behind an `if` of it, `else` is the other case",
        )
        return None
    if scope.sends == "sequence":
        _decided_in_a_sequence(scope, path)
        return None if word == "refused" else Placed(Outcome(word), path.span)
    return Placed(Outcome(word), path.span)


def _decided_in_a_sequence(scope: Scope, path: Path) -> None:
    note = "a refused mail ends a sequence, in a workflow it is a step like others (X24)"
    if path.text == "refused":
        message, under = "never true: a sequence ends where a mail is refused", "nobody gets here then"
        scope.findings.error(
            "never-true", path.span, message, under, help="write a workflow, or leave it out", note=note
        )
    else:
        message, under = "always true: a sequence ends where a mail is refused", "holds for everyone who gets here"
        scope.findings.warning("always-true", path.span, message, under, help="leave the `if` out", note=note)
