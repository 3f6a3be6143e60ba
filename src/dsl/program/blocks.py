"""The graph of blocks a sequence or workflow is compiled to. `next`, `then`, .. are indexes into `Graph.blocks`."""

from __future__ import annotations

from ..values import dataclass
from .conditions import Condition, Const, Duration, EventMatch, Field, Value


@dataclass(frozen=True, slots=True)
class Merge:
    """One `{{ path | default: '..' | filter }}`. `root` is contact, trigger, sender, links, .. as written;
    `value` is what to read, None for built-ins such as `links.unsubscribe` (X36). `filters` are (name, arguments)."""

    source: str
    root: str
    value: Value | None
    builtin: str = ""
    default: str | None = None
    filters: tuple[tuple[str, tuple[str | int | float, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A text with merge fields, compiled once to a skeleton: literal strings and `Merge`s in turn (X36)."""

    parts: tuple[str | Merge, ...]


@dataclass(frozen=True, slots=True)
class Send:
    template: str
    next: int
    as_task: bool = False  # a mail that the rep writes: becomes a task of kind `email`


@dataclass(frozen=True, slots=True)
class Wait:
    length: Duration
    next: int


@dataclass(frozen=True, slots=True)
class WaitEvent:
    """Goes to `next` at the first matching event strictly after the wait began, to `timeout` at the deadline (X17)."""

    events: tuple[EventMatch, ...]
    up_to: Duration
    next: int
    timeout: int


@dataclass(frozen=True, slots=True)
class WaitCondition:
    condition: Condition
    up_to: Duration
    next: int
    timeout: int


@dataclass(frozen=True, slots=True)
class If:
    condition: Condition
    then: int
    otherwise: int


@dataclass(frozen=True, slots=True)
class Set:
    """Writes one property of the record at the end of to-one `path` (empty: the subject itself). X23."""

    path: tuple[str, ...]
    object: str
    property: str
    value: Value | Text
    next: int


@dataclass(frozen=True, slots=True)
class UserRef:
    """Who: a user's name or a property of type user; None in a block means the default of X21."""

    value: Const | Field


@dataclass(frozen=True, slots=True)
class Task:
    kind: str  # call, todo, email, linkedin, ..
    title: Text
    next: int
    to: UserRef | None = None
    due_in: Duration | None = None
    priority: str | None = None  # low | medium | high
    waits: bool = True  # a sequence holds until it is done or skipped; never in a workflow (X22)
    name: str | None = None
    template: str | None = None  # for `send T as task`: the draft


@dataclass(frozen=True, slots=True)
class Notify:
    to: UserRef
    text: Text
    next: int


@dataclass(frozen=True, slots=True)
class EnrollIn:
    kind: str  # sequence | workflow
    name: str
    next: int


@dataclass(frozen=True, slots=True)
class UnenrollFrom:
    kind: str
    name: str
    next: int


@dataclass(frozen=True, slots=True)
class Exit:
    reason: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of a body. In a sequence: finished(no_reply); at the end of `automated`: the grace period, then
    finished(no_engagement) (D6); in a workflow: finished(completed)."""


@dataclass(frozen=True, slots=True)
class SendTo:
    """Mail to somebody else than the enrollment's contact: the one at the end of to-one `path`, or every record at
    its to-many end that satisfies `condition` (X20)."""

    template: str
    path: tuple[str, ...]
    next: int
    every: bool = False
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class WaitDate:
    """Until `value`, moved by so long (negative: before it), is reached; already past: `timeout` (X17). `at`, minute of
    the day, is the time of that day: without one a date begins at 00:00, and an instant keeps its clock time."""

    value: Value
    next: int
    timeout: int
    at: int | None = None
    moved: Duration | None = None


@dataclass(frozen=True, slots=True)
class WaitClock:
    """Until the next time the clock shows `at` (minute of the day), on `weekday` (Monday is 0) where given."""

    at: int
    next: int
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class SplitArm:
    """`share` in basis points; all arms make 10,000."""

    name: str
    share: int
    next: int


@dataclass(frozen=True, slots=True)
class Split:
    """arm = hash(definition, arm names, `number`, record id) mod 10,000 (X19); `number` counts the splits of the
    definition that have the same arm names, from 0."""

    arms: tuple[SplitArm, ...]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Add:
    """Adds `amount` to a number, money or percent property (X23); `path`, `object` as in `Set`."""

    path: tuple[str, ...]
    object: str
    property: str
    amount: Value
    next: int


@dataclass(frozen=True, slots=True)
class Clear:
    path: tuple[str, ...]
    object: str
    property: str
    next: int


@dataclass(frozen=True, slots=True)
class JoinSegment:
    segment: str
    next: int


@dataclass(frozen=True, slots=True)
class LeaveSegment:
    segment: str
    next: int


@dataclass(frozen=True, slots=True)
class Create:
    """Makes a record of `object`; `fields` are (property, value). `name`: how the rest of the body calls it."""

    object: str
    fields: tuple[tuple[str, Value | Text], ...]
    next: int
    name: str | None = None


@dataclass(frozen=True, slots=True)
class RecordRef:
    """A record of the body: the subject at the end of to-one `path` (`name` empty), or what `create` named."""

    path: tuple[str, ...]
    object: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """`linked` False: unlink. `association` is the name at `left`'s object."""

    left: RecordRef
    right: RecordRef
    association: str
    next: int
    linked: bool = True


@dataclass(frozen=True, slots=True)
class Assign:
    """Gives the user property of `record` to the next of `team` in turn; keeps an owner unless `replace`."""

    record: RecordRef
    property: str
    team: str
    next: int
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Records consent with its basis, and never lifts an opt-out (X24)."""

    topic: str
    because: Text | None
    next: int


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """`topic` None: from all."""

    topic: str | None
    next: int


@dataclass(frozen=True, slots=True)
class LogNote:
    text: Text
    next: int


@dataclass(frozen=True, slots=True)
class Slack:
    channel: str
    text: Text
    next: int


@dataclass(frozen=True, slots=True)
class Webhook:
    channel: str
    fields: tuple[tuple[str, Value | Text], ...]
    next: int


Block = (
    Send
    | SendTo
    | Wait
    | WaitEvent
    | WaitCondition
    | WaitDate
    | WaitClock
    | If
    | Split
    | Set
    | Add
    | Clear
    | JoinSegment
    | LeaveSegment
    | Create
    | Link
    | Assign
    | Subscribe
    | Unsubscribe
    | LogNote
    | Slack
    | Webhook
    | Task
    | Notify
    | EnrollIn
    | UnenrollFrom
    | Exit
    | Finish
)


@dataclass(frozen=True, slots=True)
class Graph:
    """`entry` is the first block; `rep_led` the first of the rep-led part of a dynamic sequence (D1), else None."""

    blocks: tuple[Block, ...]
    entry: int = 0
    rep_led: int | None = None


def following(block: Block) -> tuple[int, ...]:
    """The blocks one may go on with, in writing order."""
    if isinstance(block, Split):
        return tuple(arm.next for arm in block.arms)
    ways = (getattr(block, name, None) for name in ("then", "otherwise", "next", "timeout"))
    return tuple(way for way in ways if way is not None)
