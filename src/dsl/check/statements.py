"""Statements to blocks. A body is compiled from its end, so each statement knows the block that follows it (X17)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..diagnostics.suggest import perhaps
from ..program.blocks import Block, EnrollIn, Exit, If, Notify, Send, Task, UnenrollFrom, Wait, WaitCondition, WaitEvent
from ..program.conditions import Duration, Unit
from ..source import Span
from ..syntax import nodes
from ..syntax.wording import missing_up_to
from .bodies import Effects
from .conditions import check_condition
from .later import not_yet
from .references import declared, same_object
from .scope import Scope
from .texts import merge_text
from .triggers import alternatives, is_event, plain_events
from .users import user_ref
from .whole import check_whole
from .writes import set_block

TASK_KINDS = ("call", "email", "linkedin", "meeting", "todo")
PRIORITIES = ("low", "medium", "high")


class BodyWriter:
    """Writes the blocks of one definition. `effects.whole` turns False at the first part that cannot be."""

    def __init__(self, scope: Scope, kind: str, task_names: frozenset[str]) -> None:
        self.scope = scope
        self.kind = kind
        self.task_names = task_names
        self.blocks: list[Block] = []
        self.effects = Effects()

    def add(self, block: Block) -> int:
        """The index of a new block."""
        self.blocks.append(block)
        return len(self.blocks) - 1

    def body(self, statements: Sequence[nodes.Statement], following: int) -> int:
        """The first block of the statements; the last of them goes on with `following`."""
        self._report_unreachable(statements)
        for statement in reversed(statements):
            following = self.statement(statement, following)
        return following

    def statement(self, node: nodes.Statement, following: int) -> int:
        """The first block of one statement; `following` itself where it cannot be compiled."""
        block: Block | int | None
        match node:
            case nodes.Send():
                block = self._send(node, following)
            case nodes.Wait(length):
                block = Wait(duration(length), following)
            case nodes.WaitUntil():
                block = self._wait_until(node, following)
            case nodes.If():
                block = self._if(node, following)
            case nodes.Set():
                block = set_block(self.scope, node, following, self.effects)
            case nodes.Task():
                block = self._task(node, following)
            case nodes.Notify():
                block = self._notify(node, following)
            case nodes.Enroll() | nodes.Unenroll():
                block = self._enroll(node, following)
            case nodes.Exit(reason):
                block = Exit(reason.value)
            case nodes.Unsupported():
                not_yet(self.scope.findings, node)
                block = None
            case nodes.Bad():
                block = None
        if block is None:
            self.effects.whole = False
            return following
        return block if isinstance(block, int) else self.add(block)

    def _send(self, node: nodes.Send, following: int) -> Send | None:
        found = declared(self.scope, "template", node.template)
        if self.scope.subject.name != "contact":
            self.scope.findings.error(
                "no-contact",
                node.span,
                f"a {self.scope.subject.name} cannot get mail",
                "who is meant?",
                help="send from a definition `of contact` (X20)",
            )
            return None
        if found is None:
            return None
        self.effects.sends.append((node.template.text, node.template.span))
        return Send(node.template.text, following, node.as_task)

    def _wait_until(self, node: nodes.WaitUntil, following: int) -> WaitEvent | WaitCondition | None:
        timeout = self.body(node.otherwise.statements, following) if node.otherwise else following
        what = node.what
        if isinstance(what, nodes.Path) and what.names[0].text in self.task_names:
            not_yet(self.scope.findings, nodes.Unsupported(f"waiting for `{what.text}`", what.span))
            return None
        parts = list(alternatives(what))
        if all(is_event(self.scope, part) for part in parts):
            events = [part for part in parts if isinstance(part, nodes.Event | nodes.Path)]
            matches = plain_events(self.scope, events, "`wait until`")
            limit = self._limit(node)
            return WaitEvent(matches, limit, following, timeout) if matches and limit else None
        if isinstance(what, nodes.Path) and node.up_to is None:
            not_yet(self.scope.findings, nodes.Unsupported("waiting for a date", what.span))
            return None
        placed = check_condition(self.scope, what)
        if placed is None or node.up_to is None:
            return None
        check_whole(self.scope, placed)
        return WaitCondition(placed.condition, duration(node.up_to), following, timeout)

    def _limit(self, node: nodes.WaitUntil) -> Duration | None:
        """Every wait has an end. The parser reports those without, except where it could be a date."""
        if node.up_to is not None:
            return duration(node.up_to)
        if isinstance(node.what, nodes.Path):
            start = Span(node.span.file, node.span.start, node.what.span.end)
            self.scope.findings.found.append(missing_up_to(start))
        return None

    def _if(self, node: nodes.If, following: int) -> int | None:
        otherwise = self.body(node.otherwise.statements, following) if node.otherwise else following
        checked = [(branch, check_condition(self.scope, branch.condition)) for branch in node.branches]
        for _, placed in checked:
            if placed is not None:
                check_whole(self.scope, placed)
        for branch, placed in reversed(checked):
            then = self.body(branch.block.statements, following)
            if placed is None:
                self.effects.whole = False
            else:
                otherwise = self.add(If(placed.condition, then, otherwise))
        return otherwise

    def _task(self, node: nodes.Task, following: int) -> Task | None:
        title = merge_text(self.scope, node.title)
        to = user_ref(self.scope, node.to) if node.to else None
        priority = self._priority(node.priority) if node.priority else None
        self._check_task_kind(node.kind)
        if title is None or (node.to and to is None) or (node.priority and priority is None):
            return None
        waits = self.kind == "sequence" and node.without_waiting is None  # X22
        due_in = duration(node.due_in) if node.due_in else None
        name = node.name.text if node.name else None
        return Task(node.kind.text, title, following, to, due_in, priority, waits, name)

    def _check_task_kind(self, kind: nodes.Name) -> None:
        hint = perhaps(kind.text, TASK_KINDS)
        if kind.text not in TASK_KINDS and hint:
            self.scope.findings.warning(
                "unknown-task-kind", kind.span, f"`{kind.text}` is no usual kind of task", "unusual", help=hint
            )

    def _priority(self, name: nodes.Name) -> str | None:
        if name.text in PRIORITIES:
            return name.text
        hint = perhaps(name.text, PRIORITIES) or "write `low`, `medium` or `high`"
        self.scope.findings.error(
            "unknown-option", name.span, f"there is no priority `{name.text}`", "no such priority", help=hint
        )
        return None

    def _notify(self, node: nodes.Notify, following: int) -> Notify | None:
        to, text = user_ref(self.scope, node.to), merge_text(self.scope, node.text)
        return Notify(to, text, following) if to and text else None

    def _enroll(self, node: nodes.Enroll | nodes.Unenroll, following: int) -> EnrollIn | UnenrollFrom | None:
        found = declared(self.scope, node.kind, node.name)
        if found is None or not same_object(self.scope, found, node.name.span, condition=False):
            return None
        if isinstance(node, nodes.Unenroll):
            return UnenrollFrom(node.kind, found.name, following)
        self.effects.enrolls.append((node.kind, found.name, node.span))
        return EnrollIn(node.kind, found.name, following)

    def _report_unreachable(self, statements: Sequence[nodes.Statement]) -> None:
        for statement, after in pairwise(statements):
            if always_exits(statement):
                last = statements[-1].span
                self.scope.findings.warning(
                    "unreachable-step",
                    after.span.to(last),
                    "these steps are never reached",
                    "nothing comes here",
                    help="take them out, or move the `exit` into an `if`",
                )
                return


def duration(node: nodes.Duration) -> Duration:
    """A length of time as written."""
    return Duration(node.n, Unit(node.unit))


def always_exits(node: nodes.Statement) -> bool:
    """Whether nothing can come after the statement."""
    match node:
        case nodes.Exit():
            return True
        case nodes.If(branches, otherwise) if otherwise is not None:
            blocks = [branch.block for branch in branches] + [otherwise]
            return all(any(always_exits(s) for s in block.statements) for block in blocks)
    return False
