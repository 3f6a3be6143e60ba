"""Statements to blocks. A body is compiled from its end, so each statement knows the block that follows it (X17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..program.blocks import Block, Exit, Wait
from ..source import Span
from ..syntax import nodes
from ..values import replace as changed
from . import creating, enrolling, flow, linking, mailing, telling, waiting, writes
from .bodies import Effects
from .durations import duration
from .reached import report_unreachable
from .scope import Scope


class BodyWriter:
    """Writes the blocks of one definition. `effects.whole` turns False at the first part that cannot be.

    `scope` is that of the statement being written. `splits` numbers each `split` among those with the same arms (X19).
    """

    def __init__(self, scope: Scope, kind: str, splits: Mapping[Span, int]) -> None:
        self.scope = scope
        self.kind = kind
        self.splits = splits
        self.blocks: list[Block] = []
        self.spans: dict[int, Span] = {}  # of each block what it was written as
        self.complete: set[Span] = set()  # each `match` that has a case for every option
        self.effects = Effects()

    def add(self, block: Block, span: Span | None = None) -> int:
        """The index of a new block; `span` where it is less than its whole statement."""
        self.blocks.append(block)
        if span is not None:
            self.spans[len(self.blocks) - 1] = span
        return len(self.blocks) - 1

    def body(self, statements: Sequence[nodes.Statement], following: int) -> int:
        """The first block of the statements; the last of them goes on with `following`."""
        outer = self.scope
        scopes = self._scopes(statements)
        for statement, self.scope in zip(reversed(statements), reversed(scopes), strict=True):
            following = self.statement(statement, following)
        self.scope = outer
        report_unreachable(statements, self.complete, outer.findings)
        return following

    def _scopes(self, statements: Sequence[nodes.Statement]) -> list[Scope]:
        """What each statement can name: records created before it in its block or around it, the send before it."""
        scopes, scope = [], self.scope
        for statement in statements:
            scopes.append(scope)
            scope = changed(scope, sends=self.kind if mailing.has_outcome(statement) else "")
            if isinstance(statement, nodes.Create):
                scope = creating.with_created(scope, statement)
        return scopes

    def statement(self, node: nodes.Statement, following: int) -> int:
        """The first block of one statement; `following` itself where it cannot be compiled."""
        before = len(self.blocks)
        block = self._decision(node, following)
        if block is None:
            block = self._step(node, following)
        if block is None:
            self.effects.whole = False
            return following
        first = block if isinstance(block, int) else self.add(block)
        for index in range(before, len(self.blocks)):
            self.spans.setdefault(index, node.span)
        return first

    def _decision(self, node: nodes.Statement, following: int) -> Block | int | None:
        """Statements that decide, or wait."""
        match node:
            case nodes.If():
                return flow.if_blocks(self, node, following)
            case nodes.Match():
                return flow.match_blocks(self, node, following)
            case nodes.Split():
                return flow.split_block(self, node, following)
            case nodes.Repeat():
                return flow.repeat_blocks(self, node, following)
            case nodes.Wait(length):
                return Wait(duration(length), following)
            case nodes.WaitUntil():
                return waiting.wait_until(self, node, following)
            case nodes.WaitUntilDate():
                return waiting.wait_until_date(self, node, following)
            case nodes.WaitUntilTime():
                return waiting.wait_until_time(self.scope, node, following)
            case nodes.Exit(reason):
                telling.says_something(self.scope, reason)
                return Exit(reason.value)
        return None

    def _step(self, node: nodes.Statement, following: int) -> Block | None:
        """Statements that do something."""
        scope, effects = self.scope, self.effects
        match node:
            case nodes.Send():
                return mailing.send(scope, node, following, effects)
            case nodes.SendTo():
                return mailing.send_to(scope, node, following, effects)
            case nodes.Subscribe():
                return mailing.subscribe(scope, node, following, effects)
            case nodes.Unsubscribe():
                return mailing.unsubscribe(scope, node, following, effects)
            case nodes.Set():
                return writes.set_block(scope, node, following, effects)
            case nodes.Clear():
                return writes.clear_block(scope, node, following, effects)
            case nodes.Add():
                return writes.add_block(scope, node, following)
            case nodes.Create():
                return creating.create(scope, node, following, effects, self.blocks)
            case nodes.Link():
                return linking.link(scope, node, following)
            case nodes.Assign():
                return linking.assign(scope, node, following)
            case nodes.Task():
                return telling.task(scope, self.kind, node, following)
            case nodes.Notify():
                return telling.notify(scope, node, following)
            case nodes.LogNote():
                return telling.log_note(scope, node, following)
            case nodes.Slack():
                return telling.slack(scope, node, following)
            case nodes.Webhook():
                return telling.webhook(scope, node, following)
            case nodes.Enroll() | nodes.Unenroll():
                return enrolling.enroll(scope, node, following, effects)
            case nodes.Segmented():
                return enrolling.segmented(scope, node, following, effects)
        return None
