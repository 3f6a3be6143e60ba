"""`if`, `match`, `split`, `repeat`: which way a body goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Label
from ..program.blocks import Finish, If, Split, SplitArm, Wait, WaitCondition
from ..program.conditions import Compare, Condition, Const, OneOf
from ..schema.model import Kind
from ..source import Span
from ..syntax import nodes
from .conditions import check_condition
from .durations import duration
from .findings import listing
from .graphs import relinked
from .literals import value_for
from .operands import left_side
from .scope import Resolved, Scope
from .types import described
from .watched import watch
from .whole import check_whole

if TYPE_CHECKING:
    from .statements import BodyWriter

MOST_RUNS = 100
MOST_STEPS = 1000  # of all runs of one `repeat`


def if_blocks(writer: BodyWriter, node: nodes.If, following: int) -> int:
    """A chain of branches, tried in order."""
    otherwise = writer.body(node.otherwise.statements, following) if node.otherwise else following
    checked = [(branch, _condition(writer.scope, branch.condition)) for branch in node.branches]
    for branch, condition in reversed(checked):
        then = writer.body(branch.block.statements, following)
        if condition is None:
            writer.effects.whole = False
        else:
            otherwise = writer.add(If(condition, then, otherwise), branch.condition.span)
    return otherwise


def _condition(scope: Scope, node: nodes.Condition) -> Condition | None:
    placed = check_condition(scope, node)
    if placed is None:
        return None
    check_whole(scope, placed)
    return placed.condition


# --- match ---


def match_blocks(writer: BodyWriter, node: nodes.Match, following: int) -> int | None:
    """`match` is the chain of ifs it abbreviates: one `in [..]` a case. A missing value is in none of them."""
    left = _matched(writer.scope, node)
    otherwise = writer.body(node.otherwise.statements, following) if node.otherwise else following
    tests = [(case, _case(writer.scope, left, case) if left else None) for case in node.cases]
    if left is not None:
        _check_options(writer, left, node, [(case, test) for case, test in tests if test])
    for case, test in reversed(tests):
        then = writer.body(case.block.statements, following)
        if test is None:
            writer.effects.whole = False
        elif left is not None:
            otherwise = writer.add(If(_is_one_of(left, test), then, otherwise), case.options[0].span)
    return otherwise if left is not None and node.whole else None


def _matched(scope: Scope, node: nodes.Match) -> Resolved | None:
    left = left_side(scope, node.value, node.value.span)
    if left is not None and left.value.type.kind is Kind.MULTI_CHOICE:
        scope.findings.error(
            "wrong-operator",
            node.value.span,
            f"{scope.findings.text(left.span)} is {described(left.value.type)}, so several cases could hold",
            "more than one value",
            help="write `if .. contains any [..] { } else if .. { }`",
        )
        return None
    return left


def _case(scope: Scope, left: Resolved, case: nodes.Case) -> tuple[Const, ...] | None:
    """The options of a case; None after a finding."""
    values = [value_for(scope, left, option) for option in case.options]
    for value, option in zip(values, case.options, strict=True):
        if value is not None and not isinstance(value, Const):
            message = f"{scope.findings.text(option.span)} is read from a record; a case is a fixed value"
            scope.findings.error("type-mismatch", option.span, message, "not fixed", help="write `if .. = .. { }`")
    options = tuple(value for value in values if isinstance(value, Const))
    return options if len(options) == len(values) else None


def _is_one_of(left: Resolved, options: tuple[Const, ...]) -> Condition:
    if left.value.type.kind is Kind.BOOL and len(options) == 1:
        return Compare(left.value, "=", options[0])
    return OneOf(left.value, options)


def _check_options(
    writer: BodyWriter, left: Resolved, node: nodes.Match, cases: Sequence[tuple[nodes.Case, tuple[Const, ...]]]
) -> None:
    """No option twice; what is left out is told, and so is an `else` that nobody reaches."""
    scope, seen = writer.scope, dict[object, Span]()
    for case, constants in cases:
        for option, constant in zip(case.options, constants, strict=True):
            value = constant.value
            key = value.casefold() if left.value.type.kind is Kind.TEXT and isinstance(value, str) else value  # X31
            first = seen.setdefault(key, option.span)
            if first is not option.span:
                message = f"{scope.findings.text(option.span)} stands twice in this `match`"
                others = [Label(first, "this one takes them all")]
                scope.findings.error("option-matched-twice", option.span, message, "never reached", others=others)
    if node.whole and len(cases) == len(node.cases):
        _check_rest(writer, left, node, seen)


def _check_rest(writer: BodyWriter, left: Resolved, node: nodes.Match, seen: Mapping[object, Span]) -> None:
    scope = writer.scope
    options: tuple[object, ...] = left.value.type.options
    if left.value.type.kind is Kind.BOOL:
        options = (True, False)
    rest = [option for option in options if option not in seen]
    if node.otherwise is None and rest and left.value.type.kind is Kind.CHOICE:
        message = f"nothing is said of {listing(str(option) for option in rest)}"
        help_ = "add a case for them, or `else { }` if that is meant"
        scope.findings.info("not-every-option", node.value.span, message, "others go on below", help=help_)
    if not options or rest or left.missing:
        return
    writer.complete.add(node.span)
    if node.otherwise is not None:
        message = "this `else` is never reached: every option has a case of its own"
        scope.findings.warning(
            "unreachable-step", node.otherwise.span, message, "nothing comes here", help="leave it out"
        )


# --- split ---


def split_block(writer: BodyWriter, node: nodes.Split, following: int) -> Split | None:
    """The arms of a `split`, each with its share in basis points (X19)."""
    shares = [_share(writer.scope, arm) for arm in node.arms]
    sound = _check_arms(writer.scope, node) and None not in shares and node.whole
    ways = [writer.body(arm.block.statements, following) for arm in reversed(node.arms)][::-1]
    if not sound:
        return None
    arms = [SplitArm(a.name.text, share or 0, way) for a, share, way in zip(node.arms, shares, ways, strict=True)]
    return Split(tuple(arms), writer.splits.get(node.span, 0))


def _share(scope: Scope, arm: nodes.Arm) -> int | None:
    points = arm.share.value * 100
    if points == int(points):
        return int(points)
    message = "a share has at most two digits behind the point"
    scope.findings.error("too-precise", arm.share.span, message, "too precise", help="write `33.33%`")
    return None


def _check_arms(scope: Scope, node: nodes.Split) -> bool:
    """Shares make 100%, names differ."""
    mark = scope.findings.mark()
    total = sum(arm.share.value for arm in node.arms)
    if node.whole and total != 100:
        message = f"the shares of this `split` make {total}%"
        others = [Label(arm.share.span) for arm in node.arms[1:]]
        help_ = "everybody takes exactly one way: make them 100%"
        span = node.arms[0].share.span if node.arms else node.span
        scope.findings.error("shares-not-whole", span, message, "not 100% together", others=others, help=help_)
    seen: dict[str, Span] = {}
    for arm in node.arms:
        first = seen.setdefault(arm.name.text, arm.name.span)
        if first is not arm.name.span:
            message = f"two ways of this `split` are called `{arm.name.text}`"
            others = [Label(first, "the other one")]
            help_ = "reports tell them apart by name: give one of them another"
            scope.findings.error("duplicate-name", arm.name.span, message, "again", others=others, help=help_)
    return not scope.findings.errors_since(mark)


def split_numbers(statements: Iterator[nodes.Statement]) -> dict[Span, int]:
    """How many splits with the same arm names stand before each, by where it stands (X19)."""
    numbers: dict[Span, int] = {}
    counted: dict[tuple[str, ...], int] = {}
    for statement in statements:
        if isinstance(statement, nodes.Split):
            names = tuple(arm.name.text for arm in statement.arms)
            numbers[statement.span] = counted.get(names, 0)
            counted[names] = numbers[statement.span] + 1
    return numbers


# --- repeat ---


def repeat_blocks(writer: BodyWriter, node: nodes.Repeat, following: int) -> int | None:
    """`repeat` is written out: before each run a wait that C ends, then the steps; nothing after the last (X18).

    The steps are compiled once, and each run is a copy of their blocks: one mistake is told once.
    """
    runs = _runs(writer.scope, node.times)
    condition = _condition(writer.scope, node.until) if node.until is not None else None
    if not node.block.statements:
        message, help_ = "this repeats nothing", "put steps between the braces, or write `wait until .. up to ..`"
        writer.scope.findings.warning("empty-block", node.block.span, message, "no steps", help=help_)
    end = writer.add(Finish())  # stands for the end of a run
    entry = writer.body(node.block.statements, end)
    if condition is not None:
        watch(writer.blocks, end + 1, condition, following)
    steps = len(writer.blocks) - end - 1
    if runs is None or (node.until is not None and condition is None) or not _fits(writer.scope, node, runs, steps):
        return None
    start = following
    for _ in range(runs):
        run = _copied(writer, range(end + 1, end + 1 + steps), entry, {end: start, following: following})
        if condition is None:
            start = writer.add(Wait(duration(node.every), run))
        else:
            start = writer.add(WaitCondition(condition, duration(node.every), following, run))
    return start


def _runs(scope: Scope, times: nodes.Number) -> int | None:
    if isinstance(times.value, int) and 1 <= times.value <= MOST_RUNS:
        return times.value
    message = f"`repeat` has 1 to {MOST_RUNS} runs, a whole number"
    scope.findings.error("bad-count", times.span, message, "not that many")
    return None


def _fits(scope: Scope, node: nodes.Repeat, runs: int, steps: int) -> bool:
    if runs * steps <= MOST_STEPS:
        return True
    message = f"{runs} runs of these steps are too many: written out, one `repeat` has at most {MOST_STEPS:,}"
    help_ = "repeat fewer times, or enroll in another definition in each run"
    scope.findings.error("too-many-steps", node.times.span, message, "too many", help=help_)
    return False


def _copied(writer: BodyWriter, blocks: range, entry: int, elsewhere: Mapping[int, int]) -> int:
    """Copies blocks with where they are written; the new entry. `elsewhere`: where links out of them lead."""
    moved = len(writer.blocks) - blocks.start

    def place(link: int) -> int:
        return elsewhere[link] if link in elsewhere else link + moved

    for index in blocks:
        writer.add(relinked(writer.blocks[index], place), writer.spans.get(index))
    return place(entry)
