"""The body of a definition as an outline, put together again from its graph of blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field

from ..diagnostics.articles import article
from ..program import blocks as b
from ..program.conditions import Condition, Const, Duration
from ..values import dataclass
from .lines import Line
from .literals import constant, duration
from .meetings import END, meetings, ways_of
from .phrases import event
from .schedules import DAYS, clock
from .sentences import named, said, words

Decide = Callable[[Condition], bool | None]


def outline(graph: b.Graph, decide: Decide = lambda _: None) -> tuple[Line, ...]:
    """What happens, in order; of a dynamic sequence the automated part, then the rep-led one. `decide`: whether a
    condition holds, for whom that is known; then there is no `if`, only its way."""
    drawn = _Outline(graph.blocks, meetings(graph.blocks), decide)
    told = tuple(drawn.lines(graph.entry, END))
    if graph.rep_led is None:
        return told
    rest = tuple(drawn.lines(graph.rep_led, END))
    return Line("by itself:", told), Line("when they engage, by the rep:", rest)


@dataclass(frozen=True, slots=True)
class _Outline:
    """`told`: the blocks that stand in the outline. Ways that meet only behind some of their exits would be told
    again in each of them."""

    blocks: Sequence[b.Block]
    meets: Mapping[int, int]
    decide: Decide
    told: set[int] = field(default_factory=set)

    def lines(self, at: int, stop: int) -> Iterator[Line]:
        """The steps from block `at` until `stop`, where the ways of a branch meet again."""
        while at not in (stop, END):
            block = self.blocks[at]
            if at in self.told and not isinstance(block, b.Exit):
                yield Line("go on as above")
                return
            self.told.add(at)
            if isinstance(block, b.If) and (holds := self.decide(block.condition)) is not None:
                at = block.then if holds else block.otherwise
                continue
            ways = ways_of(block)
            if len(ways) > 1:
                joins = self.meets[at]
                yield from self._branch(block, joins)
                at = joins
            else:
                text = step(block)
                if text:
                    yield Line(text)
                at = ways[0] if ways else END

    def _branch(self, block: b.Block, joins: int) -> Iterator[Line]:
        match block:
            case b.If(condition, then, otherwise):
                yield from self._if(condition, then, otherwise, joins)
            case b.WaitEvent(events, up_to, next_, timeout):
                text = f"wait until {' or '.join(event(e) for e in events)}, for {duration(up_to)} at most"
                yield Line(text, (*self._way("if it came", next_, joins), *self._way("if not", timeout, joins)))
            case b.WaitCondition(condition, up_to, next_, timeout):
                held = said(condition)
                limit = f", for {duration(up_to)} at most"
                text = f"wait{limit}, until {held.text}" if held.parts else f"wait until {held.text}{limit}"
                ways = (*self._way("if it came", next_, joins), *self._way("if not", timeout, joins))
                yield Line(text, (*held.parts, *ways))
            case b.WaitDate(value, next_, timeout, at, moved):
                text = f"wait until {_moved(moved)}{named(value)}{f' at {clock(at)}' if at is not None else ''}"
                yield Line(text, (*self._way("then", next_, joins), *self._way("if it is past", timeout, joins)))
            case b.Split(arms):
                ways = tuple(
                    line for arm in arms for line in self._way(f"{arm.share / 100:g}% {arm.name}", arm.next, joins)
                )
                yield Line("split by chance; the same record always goes the same way", ways)

    def _if(self, condition: Condition, then: int, otherwise: int, joins: int) -> Iterator[Line]:
        held, steps = said(condition), tuple(self.lines(then, joins))
        if held.parts:
            yield Line(f"if {held.text}", held.parts)
            yield Line("then:" if steps else "then go on", steps)
        else:
            yield Line(f"if {held.text}{':' if steps else ', go on'}", steps)
        yield from self._way("else", otherwise, joins)

    def _way(self, name: str, at: int, joins: int) -> tuple[Line, ...]:
        steps = tuple(self.lines(at, joins))
        return (Line(f"{name}:", steps),) if steps else ()


def _moved(length: Duration | None) -> str:
    """`3 days before `"""
    if length is None:
        return ""
    way = "before" if length.n < 0 else "after"
    return f"{duration(Duration(abs(length.n), length.unit))} {way} "


def step(block: b.Block) -> str:
    """One block that goes one way; empty for the end."""
    match block:
        case b.Send(template, _, as_task):
            return f"a task to write the mail {template}" if as_task else f"send the mail {template}"
        case b.SendTo(template, path, _, every):
            return f"send the mail {template} to {'every ' if every else 'the '}{words('.'.join(path) or 'contact')}"
        case b.Wait(length):
            return f"wait {duration(length)}"
        case b.WaitClock(at, _, weekday):
            return f"wait until {DAYS[weekday] + ' ' if weekday is not None else ''}{clock(at)}"
        case b.Task():
            return _task(block)
        case b.Notify(to, text):
            return f"tell {who(to)}: {text_of(text)}"
        case b.Exit(reason):
            return f"stop: {reason}"
        case b.EnrollIn(kind, name):
            return f"enroll in the {kind} {name}"
        case b.UnenrollFrom(kind, name):
            return f"take out of the {kind} {name}"
        case b.Finish():
            return ""
    return _writing(block)


def _writing(block: b.Block) -> str:
    match block:
        case b.Set(path, _, property_, value):
            return f"set {'.'.join((*path, property_))} to {_given(value)}"
        case b.Clear(path, _, property_):
            return f"empty {'.'.join((*path, property_))}"
        case b.Add(path, _, property_, amount):
            return f"add {named(amount)} to {'.'.join((*path, property_))}"
        case b.JoinSegment(segment):
            return f"put into the segment {segment}"
        case b.LeaveSegment(segment):
            return f"take out of the segment {segment}"
        case b.Create(object_, fields, _, name):
            said_ = ", ".join(f"{field} {_given(value)}" for field, value in fields)
            return f"create {article(object_)}{f' ({name})' if name else ''}: {said_}"
        case b.Link(left, right, way, _, linked):
            what, to = ("link", "to") if linked else ("unlink", "from")
            return f"{what} {_record(left)} {to} {_record(right)}" + (f" as {way}" if way != right.object else "")
        case b.Assign(record, property_, team, _, replace):
            kept = "" if replace else ", if nobody has it"
            return f"give {_record(record)} ({property_}) to the next of the team {team}{kept}"
    return _telling(block)


def _telling(block: b.Block) -> str:
    match block:
        case b.Subscribe(topic, because):
            return f"record consent to {topic}{f': {text_of(because)}' if because else ''}"
        case b.Unsubscribe(topic):
            return f"unsubscribe from {topic or 'everything'}"
        case b.LogNote(text):
            return f"note: {text_of(text)}"
        case b.Slack(channel, text):
            return f"tell Slack {channel}: {text_of(text)}"
        case b.Webhook(channel):
            return f"call the webhook {channel}"
    raise AssertionError(type(block))  # `step` and `_writing` have taken all others


def _task(block: b.Task) -> str:
    whom = f" for {who(block.to)}" if block.to else ""
    due = f", due in {duration(block.due_in)}" if block.due_in else ""
    waits = "; go on when it is done or skipped" if block.waits else ""
    return f"a task ({block.kind}){whom}: {text_of(block.title)}{due}{waits}"


def who(user: b.UserRef) -> str:
    """`mia`, or `the owner of the contact`."""
    if isinstance(user.value, Const):
        return constant(user.value)
    return f"the {named(user.value)}{'' if user.value.path else f' of the {user.value.object}'}"


def text_of(text: b.Text) -> str:
    """A text with its merge fields as written."""
    parts = (p if isinstance(p, str) else p.source for p in text.parts)
    return " ".join("".join(parts).split())


def _given(value: object) -> str:
    match value:
        case b.Text():
            return text_of(value)
        case Const():
            return constant(value)
    return named(value)  # type: ignore[arg-type]  # what is no text is a value


def _record(ref: b.RecordRef) -> str:
    return ref.name or ".".join(ref.path) or f"the {ref.object}"
