"""Circles: segments that contain each other, definitions that start each other. One finding per circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..diagnostics.diagnostic import Label
from ..source import Span
from ..values import dataclass
from .findings import Findings, listing


@dataclass(frozen=True, slots=True)
class Arrow:
    """`source` refers to `target` at `span`."""

    source: str
    target: str
    span: Span


def segment_circles(arrows: Sequence[Arrow], findings: Findings) -> set[str]:
    """Reports segments that contain each other; the names of all of them."""
    found = circles(arrows)
    for circle in found:
        names = [arrow.source for arrow in circle]
        message = (
            f"the segment `{names[0]}` contains itself"
            if len(names) == 1
            else f"the segments {listing(names)} contain each other"
        )
        findings.error(
            "segments-in-a-circle",
            circle[0].span,
            message,
            f"`{circle[0].source}` is made of `{circle[0].target}`",
            others=[Label(a.span, f"`{a.source}` is made of `{a.target}`") for a in circle[1:]],
            help="take one of them out of the other",
        )
    return {arrow.source for circle in found for arrow in circle}


def definition_circles(arrows: Sequence[Arrow], findings: Findings) -> None:
    """Reports sequences and workflows that start each other, or themselves, for ever."""
    for circle in circles(arrows):
        names = [arrow.source.split(" ", 1)[1] for arrow in circle]
        message = f"`{names[0]}` starts itself" if len(names) == 1 else f"{listing(names)} start each other in a circle"
        findings.error(
            "starts-in-a-circle",
            circle[0].span,
            message,
            f"this starts `{circle[0].target.split(' ', 1)[1]}`",
            others=[Label(a.span, f"this starts `{a.target.split(' ', 1)[1]}`") for a in circle[1:]],
            help="take one of these steps out, or let the condition of one exclude those who come from the other",
            note="each run of the one causes a run of the other, until `again:` or the limit an hour ends it (X28)",
        )


def circles(arrows: Sequence[Arrow]) -> list[list[Arrow]]:
    """One shortest circle of every group of names that reach each other, as arrows in the order followed."""
    leaving: dict[str, list[Arrow]] = {}
    for arrow in arrows:
        leaving.setdefault(arrow.source, []).append(arrow)
    found: list[list[Arrow]] = []
    done: set[str] = set()
    for start in leaving:
        circle = None if start in done else _shortest(start, leaving)
        if circle:
            found.append(circle)
            done.update(arrow.source for arrow in circle)
    return found


def _shortest(start: str, leaving: Mapping[str, Sequence[Arrow]]) -> list[Arrow] | None:
    """The shortest way from `start` back to it."""
    came: dict[str, Arrow] = {}
    row = [start]
    while row:
        following = []
        for name in row:
            for arrow in leaving.get(name, ()):
                if arrow.target == start:
                    return [*_back(name, start, came), arrow]
                if arrow.target not in came:
                    came[arrow.target] = arrow
                    following.append(arrow.target)
        row = following
    return None


def _back(name: str, start: str, came: Mapping[str, Arrow]) -> list[Arrow]:
    way: list[Arrow] = []
    while name != start:
        way.append(came[name])
        name = came[name].source
    return way[::-1]
