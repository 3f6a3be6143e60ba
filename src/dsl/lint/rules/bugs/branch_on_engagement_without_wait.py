"""W12: a branch on whether a mail was opened or clicked, right after it was sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ....diagnostics.diagnostic import Label, Severity
from ....syntax import nodes
from ....values import dataclass, replace
from ...rule import Example, Found, Rule
from ...statements import blocks_of, every_statement, parts_of
from ...view import View

_ENGAGEMENT = frozenset(("opened_email", "clicked_email", "replied"))


@dataclass(frozen=True, slots=True)
class _Mails:
    """`fresh` were sent since the last wait, of the templates `older` some before it."""

    fresh: tuple[nodes.Send, ...] = ()
    older: frozenset[str] = frozenset()

    def aged(self, more: Iterable[nodes.Send] = ()) -> _Mails:
        return _Mails((), self.older.union(send.template.text for send in (*self.fresh, *more)))


def _check(view: View, node: nodes.Sequence | nodes.Workflow) -> Iterator[Found]:
    for part in parts_of(node.body) if view.mails else ():
        yield from _follow(view, part, _Mails())


def _follow(view: View, statements: Sequence[nodes.Statement], mails: _Mails) -> Iterator[Found]:
    for statement in statements:
        match statement:
            case nodes.Send(as_task=False):
                mails = replace(mails, fresh=(*mails.fresh, statement))
            case nodes.If(branches):
                for branch in branches:
                    yield from _branch(view, branch, mails)
            case nodes.Repeat(block=block):
                mails = mails.aged(_sends(block))  # those of the rounds before
            case _ if _takes_time(view, statement):
                mails = mails.aged()
        for block in blocks_of(statement):
            yield from _follow(view, block.statements, mails)
        if any(_acts(block) for block in blocks_of(statement)):
            # What was sent last depends on the way taken: no more is said.
            mails = mails.aged(send for block in blocks_of(statement) for send in _sends(block))


def _sends(block: nodes.Block) -> Iterator[nodes.Send]:
    return (inner for inner in every_statement(block.statements) if isinstance(inner, nodes.Send))


def _acts(block: nodes.Block) -> bool:
    return any(not isinstance(statement, nodes.Set | nodes.Exit) for statement in block.statements)


def _takes_time(view: View, statement: nodes.Statement) -> bool:
    """Whether people have time to react: any wait; in a sequence also what is done by hand (S20)."""
    match statement:
        case nodes.Wait() | nodes.WaitUntil() | nodes.WaitUntilDate() | nodes.WaitUntilTime():
            return True
        case nodes.Task(without_waiting=None) | nodes.Send(as_task=True):
            return view.kind == "sequence"
    return False


def _branch(view: View, branch: nodes.Branch, mails: _Mails) -> Iterator[Found]:
    for has in _all_has(branch.condition):
        sent = _meant(has.event, mails)
        if has.event.path.text in _ENGAGEMENT and sent is not None:
            yield Found(
                has.span,
                f"nobody has had time to react to `{sent.template.text}` yet",
                "asked at once",
                help="write `wait 1 day`, or `wait until .. up to 1 day`, before this `if`",
                note="a branch is decided at the moment it is reached, and opens and clicks come hours later",
                others=[Label(sent.span, "sent just before")],
            )


def _meant(event: nodes.Event, mails: _Mails) -> nodes.Send | None:
    """The mail just sent that the event can only be about; None where it may be about earlier ones."""
    if not mails.fresh or event.within is not None or event.since is not None:
        return None
    match event.filter:
        case nodes.Compare(left=nodes.Path() as left, op="=", right=nodes.Path() as right) if left.text == "template":
            sent = next((s for s in mails.fresh if s.template.text == right.text), None)
            return None if right.text in mails.older else sent
        case None:
            return None if mails.older or event.since_enrollment is None else mails.fresh[-1]
    return None


def _all_has(condition: nodes.Condition) -> Iterator[nodes.Has]:
    match condition:
        case nodes.Has():
            yield condition
        case nodes.And(parts=parts) | nodes.Or(parts=parts):
            for part in parts:
                yield from _all_has(part)
        case nodes.Not(part=part):
            yield from _all_has(part)


_PROGRAM = """\
workflow welcome of contact {
  when: lifecycle_stage becomes lead
  only: subscribed to newsletter
  send guide
  BRANCH
}
template guide { topic: newsletter  subject: "A guide"  body: \"""[The guide](https://example.com/guide)\""" }
"""

RULE = Rule(
    name="branch-on-engagement-without-wait",
    alias="SG601",
    category="bugs",
    severity=Severity.WARNING,
    title="A branch asks for opens or clicks of a mail that was sent this instant",
    why="An `if` is decided at the moment it is reached. Right after `send` nobody has opened or clicked anything, so "
    "everybody takes the same branch. Put a wait between the two; `wait until clicked_email up to 2 days` goes on "
    "as soon as it happens.",
    domain=("W12",),
    bad=(
        Example(_PROGRAM.replace("BRANCH", 'if has clicked_email(template = guide) { notify owner "Interested" }')),
        Example(
            _PROGRAM.replace("BRANCH", 'if has not opened_email since enrollment { notify owner "Not read" }'),
            "the first mail of the workflow is the only one that can be meant",
        ),
    ),
    good=(
        Example(
            _PROGRAM.replace(
                "BRANCH", 'wait 2 days\n  if has clicked_email(template = guide) { notify owner "Interested" }'
            )
        ),
        Example(
            _PROGRAM.replace("BRANCH", 'if has clicked_email within 90 days { notify owner "An active reader" }'),
            "about all mails of the last months, not about this one",
        ),
        Example(
            _PROGRAM.replace("  send guide\n  BRANCH", "  repeat up to 3 times every 7 days {\n    ROUND\n  }").replace(
                "ROUND", 'send guide\n    if has clicked_email(template = guide) { notify owner "Interested" }'
            ),
            "the mails of the rounds before may be meant",
        ),
    ),
    on=(nodes.Sequence, nodes.Workflow),
    check=_check,
)
