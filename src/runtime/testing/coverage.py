"""What the tests of a run have seen of the definitions, and what none of them has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dsl.program.blocks import If, Split, WaitCondition, WaitDate, WaitEvent
from dsl.program.definitions import Definition, Place, Program, Segment
from dsl.source import Span

from .outcome import Outcome, Seen
from .ways import Way, other_ways

_ENDS = {"goal": ("goal",), "suppress": ("suppressed",), "stop_when": ("stop_when",), "stop_company_on": ("company",)}


@dataclass(frozen=True, slots=True)
class Coverage:
    ways: int
    covered: int
    missing: tuple[Way, ...]

    @property
    def percent(self) -> float:
        """100 where there is nothing to cover."""
        return 100.0 if not self.ways else 100.0 * self.covered / self.ways


def coverage(program: Program, outcomes: Iterable[Outcome]) -> Coverage:
    """Of every declaration of the program that decides or shows something, those without a test too."""
    seen = frozenset(one for outcome in outcomes for one in outcome.seen)
    ways = [way for segment in program.segments.values() for way in _sides(segment)]
    ways += [way for d in program.definitions.values() for way in ways_of(d)]
    ways += other_ways(program)
    missing = tuple(way for way in ways if not way.seen_as & seen)
    return Coverage(len(ways), len(ways) - len(missing), missing)


def ways_of(d: Definition) -> tuple[Way, ...]:
    """Each way once, in the order written: blocks that one line became (the runs of a `repeat`) count as one."""
    key = (d.kind, d.name)
    found: dict[tuple[Span, str], set[Seen]] = {(d.span, "nobody enters"): {(*key, None, "entered")}}
    for place in d.places:
        for words, seen in _place(d, place):
            found.setdefault((place.span, words), set()).add((*key, place.block, seen))
    ordered = sorted(found.items(), key=lambda way: (way[0][0].file, way[0][0].start))
    return tuple(Way(key, words, span, frozenset(seen)) for (span, words), seen in ordered)


def _sides(segment: Segment) -> Iterator[Way]:
    """A condition that nobody meets, or everybody, says nothing; who is in a static segment is no rule's doing."""
    if segment.condition is None:
        return
    key = ("segment", segment.name)
    yield Way(key, "nobody is in it", segment.span, frozenset([(*key, None, "inside")]))
    yield Way(key, "nobody is outside", segment.span, frozenset([(*key, None, "outside")]))


def _place(d: Definition, place: Place) -> Iterator[tuple[str, str]]:
    """(what to say when it was not seen, how it is seen) of each way there."""
    if place.block is None:
        yield from _guard(d, place.name)
        return
    match d.pinned.graph.blocks[place.block]:
        case If():
            yield "is never true", "then"
            yield "is never false", "else"
        case WaitEvent() | WaitCondition() | WaitDate() as block if block.next != block.timeout:
            yield "never comes true", "happened"
            yield "never runs into its limit", "timeout"
        case Split(arms):
            for arm in arms:
                yield f"nobody goes to `{arm.name}`", arm.name


def _guard(d: Definition, name: str) -> Iterator[tuple[str, str]]:
    if name == "rep_led":
        yield "nobody is handed to the rep", "switch"
    elif name == "stop_on":
        for reason in dict.fromkeys(reason for _, reason in d.guards.stop_on):
            if reason not in _ALWAYS:
                words = f"nobody is stopped by `{reason}`"
                yield words, f"ended {reason}"
                if reason == "bounced":  # a hard one ends every sequence, and is told as that
                    yield words, "ended bounce"
    else:
        for reason in _ENDS.get(name, ()):
            yield f"nobody is ended by `{name}`", f"ended {reason}"


_ALWAYS = frozenset(("reply", "meeting", "unsubscribed", "bounce", "spam"))  # nobody wrote these down
