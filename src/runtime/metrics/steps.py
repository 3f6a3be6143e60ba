"""The steps of a version's graph, in the order a person meets them, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dsl.english.literals import duration
from dsl.english.phrases import shifted
from dsl.english.phrases import value as written
from dsl.program import blocks
from dsl.program.blocks import Block, Graph, Merge, Text, following
from dsl.program.conditions import Const, EventMatch, Field
from dsl.program.definitions import Pinned

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Step:
    """`kind` is send | task | wait | set | segment | consent | notify | enroll | unenroll | exit | finish. `nr` tells
    the first `send intro` of a graph from its second, so that a step is known again in another version."""

    block: int
    kind: str
    label: str
    nr: int
    rep_led: bool

    @property
    def key(self) -> tuple[str, int]:
        return self.label, self.nr


def steps(pinned: Pinned) -> tuple[Step, ...]:
    """Every block but branches: what comes first, first; the rep-led part last (D1)."""
    graph = pinned.graph
    found: list[Step] = []
    counts: dict[str, int] = {}
    for i, rep_led in in_order(graph):
        named = name_of(graph.blocks[i])
        if named:
            kind, label = named
            counts[label] = counts.get(label, 0) + 1
            found.append(Step(i, kind, label, counts[label], rep_led))
    return tuple(sorted(found, key=lambda step: step.kind == "finish"))


def in_order(graph: Graph) -> Iterator[tuple[int, bool]]:
    """The blocks that somebody can come to, each with whether it is of the rep-led part."""
    seen: set[int] = set()
    yield from ((i, False) for i in _walk(graph, graph.entry, seen))
    if graph.rep_led is not None:
        yield from ((i, True) for i in _walk(graph, graph.rep_led, seen))


def next_step(pinned: Pinned, block: int) -> str:
    """What someone who stands at `block` will be given next; "" where nothing is left or a branch decides."""
    at: int | None = block
    while at is not None:
        named = name_of(pinned.graph.blocks[at])
        if named and named[0] not in ("wait", "finish"):
            return named[1]
        ways = following(pinned.graph.blocks[at])
        at = ways[0] if len(set(ways)) == 1 else None
    return ""


def name_of(block: Block) -> tuple[str, str] | None:
    """(kind, words) of a block, as its author wrote it; None for a branch, which is no step of its own."""
    match block:
        case blocks.Send(template, _, as_task):
            return ("task", f"task email {template}") if as_task else ("send", f"send {template}")
        case blocks.Task():
            return "task", f"task {block.kind} {_words(block.title)}".rstrip()
        case blocks.Wait(length):
            return "wait", f"wait {duration(length)}"
        case blocks.WaitEvent(events, up_to):
            return "wait", f"wait until {_events(events)} up to {duration(up_to)}"
        case blocks.WaitCondition(_, up_to):
            return "wait", f"wait for a condition up to {duration(up_to)}"
        case blocks.Set():
            return "set", f"set {'.'.join((*block.path, block.property))}"
        case blocks.Clear():
            return "set", f"clear {'.'.join((*block.path, block.property))}"
        case blocks.Add():
            return "set", f"add to {'.'.join((*block.path, block.property))}"
        case blocks.JoinSegment(segment):
            return "segment", f"add to segment {segment}"
        case blocks.LeaveSegment(segment):
            return "segment", f"remove from segment {segment}"
        case blocks.Subscribe(topic):
            return "consent", f"subscribe to {topic}"
        case blocks.Unsubscribe(topic):
            return "consent", f"unsubscribe from {topic or 'all'}"
        case blocks.WaitClock(at, _, weekday):
            day = f"{DAYS[weekday]} " if weekday is not None else ""
            return "wait", f"wait until {day}{at // 60:02}:{at % 60:02}"
        case blocks.WaitDate(value, at=at, moved=moved):
            clock = f" at {at // 60:02}:{at % 60:02}" if at is not None else ""
            return "wait", f"wait until {written(value)}{f' {shifted(moved)}' if moved else ''}{clock}"
        case blocks.Notify(to):
            return "notify", f"notify {to.value.value if isinstance(to.value, Const) else to.value.property}"
        case blocks.EnrollIn(kind, name):
            return "enroll", f"enroll in {kind} {name}"
        case blocks.UnenrollFrom(kind, name):
            return "unenroll", f"unenroll from {kind} {name}"
        case blocks.Exit(reason):
            return "exit", f"exit {reason}"
        case blocks.Finish():
            return "finish", "finish"
    return None


def _walk(graph: Graph, block: int, seen: set[int]) -> Iterator[int]:
    """In writing order, each block before those it leads to: where two ways meet again, both stand before what follows.
    A loop is walked once."""
    found: list[int] = []
    ahead = [(block, False)]
    while ahead:
        at, done = ahead.pop()
        if done:
            found.append(at)
        elif at not in seen:
            seen.add(at)
            ahead += [(at, True), *((way, False) for way in following(graph.blocks[at]))]
    return reversed(found)


def _words(text: Text) -> str:
    return "".join(part if isinstance(part, str) else _named(part) for part in text.parts)


def _events(events: tuple[EventMatch, ...]) -> str:
    return " or ".join(event.event for event in events)


def _named(merge: Merge) -> str:
    """A merge field as the funnel shows it, by the property it prints."""
    return f"‹{merge.value.property if isinstance(merge.value, Field) else merge.builtin or merge.root}›"
