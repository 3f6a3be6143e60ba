"""Steps that tell people or other systems something: tasks, notes, Slack, webhooks."""

from __future__ import annotations

from ..diagnostics.articles import article
from ..diagnostics.diagnostic import Label
from ..diagnostics.suggest import perhaps
from ..program.blocks import LogNote, Notify, Slack, Task, Text, Webhook
from ..program.conditions import Value
from ..source import Span
from ..syntax import nodes
from .durations import duration
from .findings import listing
from .free_values import free_value
from .scope import Scope
from .texts import merge_text
from .users import user_ref

TASK_KINDS = ("call", "email", "linkedin", "meeting", "todo")
PRIORITIES = ("low", "medium", "high")
# What segue.yaml says of a channel, to show where there is none.
_DECLARED = {"slack": 'slack: {{"{}": {{env: SLACK_URL}}}}', "webhook": "webhook: {{{}: {{env: WEBHOOK_URL}}}}"}


def says_something(scope: Scope, node: nodes.Text) -> None:
    """An empty text reaches somebody who can do nothing with it; reports it."""
    if not node.value.strip():
        scope.findings.error("empty-text", node.span, "this text is empty", "says nothing")


def _said(scope: Scope, node: nodes.Text) -> Text | None:
    says_something(scope, node)
    return merge_text(scope, node)


def task(scope: Scope, kind: str, node: nodes.Task, following: int) -> Task | None:
    """Something for a person to do; `kind` of the definition decides whether it holds the body (X22)."""
    title = _said(scope, node.title)
    to = user_ref(scope, node.to) if node.to else None
    priority = task_priority(scope, node.priority) if node.priority else None
    _check_task_kind(scope, node.kind)
    if title is None or (node.to and to is None) or (node.priority and priority is None):
        return None
    waits = kind == "sequence" and node.without_waiting is None  # X22
    due_in = duration(node.due_in) if node.due_in else None
    name = node.name.text if node.name else None
    return Task(node.kind.text, title, following, to, due_in, priority, waits, name)


def _check_task_kind(scope: Scope, kind: nodes.Name) -> None:
    hint = perhaps(kind.text, TASK_KINDS)
    if kind.text not in TASK_KINDS and hint:
        scope.findings.warning(
            "unknown-task-kind", kind.span, f"`{kind.text}` is no usual kind of task", "unusual", help=hint
        )


def task_priority(scope: Scope, name: nodes.Name) -> str | None:
    if name.text in PRIORITIES:
        return name.text
    hint = perhaps(name.text, PRIORITIES) or "write `low`, `medium` or `high`"
    scope.findings.error(
        "unknown-option", name.span, f"there is no priority `{name.text}`", "no such priority", help=hint
    )
    return None


def notify(scope: Scope, node: nodes.Notify, following: int) -> Notify | None:
    """A word to one user."""
    to, text = user_ref(scope, node.to), _said(scope, node.text)
    return Notify(to, text, following) if to and text else None


def log_note(scope: Scope, node: nodes.LogNote, following: int) -> LogNote | None:
    """A note on the record's timeline, where its object can have notes."""
    text = _said(scope, node.text)
    if not any(link.target == "note" for link in scope.subject.associations.values()):
        name = scope.subject.name
        message = f"{article(name)} has no notes"
        help_ = f"declare an association of {name} to `note` in schema.yaml"
        scope.findings.error("not-linked", node.span, message, "nothing to write on", help=help_)
        return None
    return LogNote(text, following) if text else None


def slack(scope: Scope, node: nodes.Slack, following: int) -> Slack | None:
    """A message to a Slack channel of segue.yaml."""
    channel, text = channel_named(scope, "slack", node.channel), _said(scope, node.text)
    return Slack(channel, text, following) if channel and text else None


def webhook(scope: Scope, node: nodes.Webhook, following: int) -> Webhook | None:
    """A call of a webhook of segue.yaml, with what it is told."""
    channel = channel_named(scope, "webhook", node.channel)
    seen: dict[str, Span] = {}
    told: list[tuple[str, Value | Text]] = []
    for field in node.fields:
        value = free_value(scope, field.value)
        if told_twice(scope, field, seen) or value is None:
            channel = None
        else:
            told.append((field.path.text, value))
    return Webhook(channel, tuple(told), following) if channel else None


def told_twice(scope: Scope, field: nodes.Assigned, seen: dict[str, Span]) -> bool:
    """Whether this name was given a value before; reports it."""
    first = seen.setdefault(field.path.text, field.path.span)
    if first is field.path.span:
        return False
    message = f"`{field.path.text}` is given two values"
    scope.findings.error("set-twice", field.path.span, message, "again", others=[Label(first, "first here")])
    return True


def channel_named(scope: Scope, kind: str, written: nodes.Text) -> str | None:
    """A channel of segue.yaml; `kind` is slack or webhook. None after a finding."""
    known = list(scope.names.project.channels.get(kind, {}))
    if written.value in known:
        scope.findings.refer("channel", f"{kind} {written.value}", written.span)
        return written.value
    hint = perhaps(written.value, known) or (f"the channels are {listing(known)}" if known else "")
    add = f"declare it under `channels:` of segue.yaml: `{_DECLARED[kind].format(written.value or 'name')}`"
    what = "Slack channel" if kind == "slack" else "webhook"
    message = f"there is no {what} `{written.value}`"
    scope.findings.error("unknown-channel", written.span, message, "not in segue.yaml", help=hint or add)
    return None
