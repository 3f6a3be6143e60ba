"""What is so at each statement, followed along every way through a body: the mails just sent, the time since them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from ..syntax import nodes
from ..values import dataclass
from .statements import Statements, blocks_of, may_pass_by

T = TypeVar("T")
State = frozenset[T]
Step = Callable[[nodes.Statement, State[T]], State[T]]
Into = Callable[[nodes.Statement, nodes.Block, State[T]], "State[T] | None"]

MINUTE, HOUR, DAY = 1, 60, 24 * 60
_MINUTES = {
    "minutes": MINUTE,
    "hours": HOUR,
    "days": DAY,
    "weeks": 7 * DAY,
    "months": 31 * DAY,
    "years": 366 * DAY,
}


def _in(statement: nodes.Statement, block: nodes.Block, state: State[T]) -> State[T] | None:
    return state


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """`sure`: so on every way that leads here. `maybe`: on some of them, and whoever came that way may be unable to
    take a certain turn later on: two conditions in a row may exclude each other."""

    sure: State[T]
    maybe: State[T] = frozenset()


def follow(statements: Statements, step: Step[T], into: Into[T] = _in) -> Known[T] | None:
    """What is so behind the statements; None: no way leads there. `step` says what is so behind a statement, or in
    front of its blocks; `into` changes that for one block. `step` is asked about what is sure and what may be so one
    after the other, and inside a block only about what is sure in front of it. What a `repeat` leaves behind comes
    before it once more."""
    return _follow(statements, Known(frozenset()), step, into)


def _follow(statements: Statements, known: Known[T], step: Step[T], into: Into[T]) -> Known[T] | None:
    for statement in statements:
        sure = step(statement, known.sure)
        known = Known(sure, step(statement, known.maybe) - sure)
        if isinstance(statement, nodes.Exit):
            return None
        blocks = blocks_of(statement)
        if blocks:
            ends = [_through(statement, block, known.sure, step, into) for block in blocks]
            if isinstance(statement, nodes.Repeat) and statement.times.value > 1 and ends[0] is not None:
                ends.append(_through(statement, statement.block, step(statement, ends[0].sure), step, into))
            if may_pass_by(statement):
                ends.append(Known(known.sure))
            left = [end for end in ends if end is not None]
            if not left:
                return None
            known = _meet(left, known.maybe)
    return known


def _meet(ends: Sequence[Known[T]], before: State[T]) -> Known[T]:
    sure = frozenset.intersection(*(end.sure for end in ends))
    anywhere = before.union(*(end.sure | end.maybe for end in ends))
    return Known(sure, anywhere - sure)


def _through(
    statement: nodes.Statement, block: nodes.Block, state: State[T], step: Step[T], into: Into[T]
) -> Known[T] | None:
    entered = into(statement, block, state)
    return None if entered is None else _follow(block.statements, Known(entered), step, into)


def not_after_refusal(statement: nodes.Statement, block: nodes.Block, state: State[T]) -> State[T] | None:
    """For `into`: behind `if refused` the mail before it was not sent at all, nor behind the `else` of `if sent`."""
    if isinstance(statement, nodes.If):
        asked = [_refusal(branch.condition) for branch in statement.branches]
        here = next((n for n, branch in enumerate(statement.branches) if branch.block is block), len(asked))
        if False in asked[:here] or asked[here : here + 1] == [True]:
            return frozenset()
    return state


def _refusal(condition: nodes.Condition) -> bool | None:
    """True: it asks whether the mail was refused, False: whether it was sent; None: for something else."""
    match condition:
        case nodes.Path(names=(name,)) if name.text in ("refused", "sent"):
            return name.text == "refused"
        case nodes.Not(part=part) if (asked := _refusal(part)) is not None:
            return not asked
    return None


def minutes_of(n: int, unit: str) -> int:
    """The most minutes that a length of time can last, holidays aside."""
    return (n + 2 * -(-n // 5)) * DAY if unit == "business_days" else n * _MINUTES[unit]


def passing(statement: nodes.Statement, kind: str) -> int | None:
    """The most minutes until what follows the statement; None: without limit. `kind`: in a sequence what is done by
    hand holds what follows (S20)."""
    match statement:
        case nodes.Wait(length=length) | nodes.Repeat(every=length):
            return minutes_of(length.n, length.unit)
        case nodes.WaitUntil(up_to=up_to):
            return minutes_of(up_to.n, up_to.unit) if up_to is not None else None
        case nodes.WaitUntilDate():
            return None
        case nodes.WaitUntilTime(weekday=weekday):
            return DAY if weekday is None else 7 * DAY
        case nodes.Task(without_waiting=None) | nodes.Send(as_task=True) if kind == "sequence":
            return None
    return 0
