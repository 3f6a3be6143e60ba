"""One `test`: its clock, what it is of, and its items in order, once for each row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...diagnostics.diagnostic import Label
from ...program import tests as t
from ...schema.zones import zone_meant
from ...source import Span
from ...syntax import nodes
from ..findings import Findings
from ..scope import Names
from .cast import LIVE, Cast, Key, live_definitions
from .expectations import ExpectNode, check_expectation
from .happenings import ActNode, GivenNode, check_act, check_given
from .rows import Played, played


def check_test(names: Names, findings: Findings, node: nodes.Test) -> tuple[t.Test, ...]:
    """The test, one for each row; () where something was reported."""
    mark, told = findings.mark(), findings.mark()
    live = live_definitions(names, findings, {name.text: name for name in node.of})
    _check_clock(findings, node)
    _check_purpose(findings, node)
    found: list[t.Test] = []
    for way in played(node.items, findings):
        test = _way(names, findings, node, live, way)
        found += [test] if test else []
        told = _forget_doubles(findings, told)
    return () if findings.errors_since(mark) else tuple(found)


def _forget_doubles(findings: Findings, since: int) -> int:
    """What is wrong outside of the rows is wrong in each of them, and told once."""
    seen = dict.fromkeys(findings.found[since:])
    findings.found[since:] = list(seen)
    return since


def _way(names: Names, findings: Findings, node: nodes.Test, live: tuple[Key, ...], way: Played) -> t.Test | None:
    cast = Cast(names, findings, live, node.of)
    clock = next((item for item in way.items if isinstance(item, nodes.Clock)), None)
    zone = names.project.account.time_zone
    if clock is not None and clock.zone is not None:
        zone = _zone(findings, clock.zone) or zone
    cast.reported.update(_unread_words(findings, way.items))
    items = _items(cast, way.items)
    if clock is None:
        return None
    of = tuple(key for key in live if key[0] in LIVE)
    beside = tuple(key for key in live if key[0] not in LIVE)
    return t.Test(node.title.value, of, clock.at.value, zone, tuple(items), way.row, node.title.span, beside)


def _items(cast: Cast, nodes_: Sequence[nodes.TestItem]) -> list[t.Item]:
    found: list[t.Item] = []
    acted: Span | None = None
    late = False
    for node in nodes_:
        item: t.Item | None = None
        if isinstance(node, GivenNode):
            item = check_given(cast, node)
            if acted is not None and not late:
                _too_late(cast.findings, node, acted)
                late = True
        elif isinstance(node, ActNode):
            item, acted = check_act(cast, node), acted or node.span
        elif isinstance(node, ExpectNode):
            item, acted = check_expectation(cast, node), acted or node.span
        found += [item] if item is not None else []
    return found


def _unread_words(findings: Findings, items: Sequence[nodes.TestItem]) -> Iterator[str]:
    """The words of lines that could not be read: one of them may be the name of somebody given there."""
    for item in items:
        if isinstance(item, nodes.Bad):
            yield from re.findall(r"\w+", findings.raw(item.span))


def _too_late(findings: Findings, node: GivenNode, acted: Span) -> None:
    findings.error(
        "given-too-late",
        node.span,
        "what is given was there before anything happened",
        "comes too late",
        others=[Label(acted, "the test has begun here")],
        help="move it up, below the clock",
    )


# --- clock ------------------------------------------------------------------------------------


def _check_clock(findings: Findings, node: nodes.Test) -> None:
    clocks = [item for item in node.items if isinstance(item, nodes.Clock)]
    if not clocks and not any(isinstance(item, nodes.Bad) for item in node.items):
        findings.error(
            "test-without-clock",
            node.title.span,
            "this test does not say what time it is",
            "no clock",
            help="begin with `clock 2026-03-02 10:00`",
            note="what a rule does depends on the day and the hour",
        )
    for later in clocks[1:]:
        findings.error(
            "clock-not-first",
            later.span,
            "a test has one clock",
            "another one",
            others=[Label(clocks[0].span, "the clock is set here")],
            help="let time pass with `after 1 day`",
        )
    if clocks and node.items[0] is not clocks[0]:
        findings.error(
            "clock-not-first",
            clocks[0].span,
            "the clock stands first in a test",
            "after other lines",
            help="move it up to the first line",
        )


def _zone(findings: Findings, name: nodes.Name) -> str | None:
    known, meant = zone_meant(name.text)
    if known:
        return name.text
    findings.error(
        "unknown-time-zone",
        name.span,
        f"there is no time zone `{name.text}`",
        "not known",
        help=f"did you mean `{meant}`?" if meant else "write a name such as `Europe/Warsaw`",
    )
    return None


def _check_purpose(findings: Findings, node: nodes.Test) -> None:
    """A test that cannot fail is none."""
    if not any(_expects(item) for item in node.items):
        findings.warning(
            "test-expects-nothing",
            node.title.span,
            "this test expects nothing, so it cannot fail",
            "no `expect`",
            help="say what should have happened: `expect ann receives intro`",
        )


def _expects(item: nodes.TestItem) -> bool:
    if isinstance(item, nodes.Rows):
        return any(_expects(inner) for inner in item.items)
    refused = isinstance(item, nodes.ByHand) and item.refused is not None
    return refused or isinstance(item, ExpectNode | nodes.Bad)
