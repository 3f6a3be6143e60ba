"""Segments, templates, sequences and workflows in compiled form, and the program that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ..schema.model import Project, Schema
from ..source import NOWHERE, Span
from ..values import dataclass
from .blocks import Graph, Text, UserRef
from .conditions import Condition, Duration, EventMatch, Field, Value
from .conversations import Conversation
from .others import Broadcast, Dashboard, Hygiene, Report, Score, Snippet
from .tests import Test


@dataclass(frozen=True, slots=True)
class Segment:
    name: str
    label: str
    object: str
    condition: Condition | None  # None: a static segment
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Template:
    """`body` is Markdown. `links` are its links in order: (url, tags as (name, value) pairs). `record`: the object that
    it prints beside the contact; it is the record of the one who sends it (X36)."""

    name: str
    label: str
    topic: str
    subject: Text
    body: Text
    links: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    span: Span = NOWHERE
    record: str = ""


# --- when -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OnEvents:
    events: tuple[EventMatch, ...]


@dataclass(frozen=True, slots=True)
class OnCondition:
    condition: Condition


@dataclass(frozen=True, slots=True)
class OnChange:
    """`PROPERTY becomes VALUE` (X3)."""

    field: Field
    value: Value


@dataclass(frozen=True, slots=True)
class Manually:
    pass


@dataclass(frozen=True, slots=True)
class OnSchedule:
    """At each moment of five cron fields in the account's zone; with `date` every year on that date's day, at the
    minute of the day `at` (X4); with `once` at that moment alone, local and as written."""

    cron: str = ""
    date: Field | None = None
    at: int | None = None
    interval: Duration | None = None  # `every 2 weeks`, counted from activation
    once: str | None = None  # `at:` of a broadcast: 2026-04-01T10:00


@dataclass(frozen=True, slots=True)
class OnDate:
    """`at DATE - D`: `before` True; `length` None: at the date itself (W14)."""

    value: Value
    length: Duration | None = None
    before: bool = False


Trigger = OnEvents | OnCondition | OnChange | OnSchedule | OnDate | Manually


@dataclass(frozen=True, slots=True)
class Again:
    policy: str  # never | always | after
    after: Duration | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes of the day, half-open; start > end crosses midnight. `every_day` False: working days only (X16)."""

    start: int
    end: int
    every_day: bool = False


@dataclass(frozen=True, slots=True)
class Pinned:
    """What an enrollment keeps from the day it entered (X26). The version's hash is of this and nothing else."""

    kind: str  # sequence | workflow
    object: str
    graph: Graph
    window: Window | None = None
    sender: UserRef | None = None
    zone: str = "account"  # contact | sender | account (X13)
    calendar: str | None = None
    tasks_at: int | None = None  # minute of the day
    remind_at: int | None = None
    threading: bool = False
    grace: Duration | None = None
    engage: tuple[EventMatch, ...] = ()  # the rep-led switch: any of these (X11)


@dataclass(frozen=True, slots=True)
class Guards:
    """Read live at each use (X26, X9). `stop_on` already holds the defaults of a sequence less `keep_on`,
    each with the reason it ends with: reply, meeting, unsubscribed, bounce, spam, or the event's name."""

    stop_on: tuple[tuple[EventMatch, str], ...] = ()
    stop_when: Condition | None = None
    stop_company_on: tuple[EventMatch, ...] = ()
    goal: Condition | None = None
    suppress: Condition | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block that decides is written (`block` in the graph), or a guard (`block` None and its `name`)."""

    block: int | None
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Definition:
    name: str
    label: str
    trigger: Trigger
    only: Condition | None
    again: Again
    existing: bool  # `existing: enroll`
    exclusive: bool
    priority: int
    late_engagement: str  # log | reopen
    guards: Guards
    pinned: Pinned
    span: Span = NOWHERE
    places: tuple[Place, ...] = ()  # for what is told about it; like spans in no version and no store

    @property
    def kind(self) -> str:
        return self.pinned.kind

    @property
    def version(self) -> str:
        """A digest of `pinned`. Worked out where it is asked for: only who runs the program wants to know."""
        from .codec import digest  # which knows the classes of this file

        return digest(self.pinned)


@dataclass(frozen=True, slots=True)
class Program:
    """Everything the runtime needs. Names are unique per kind; sequences and workflows are both in `definitions`,
    keyed by (kind, name)."""

    schema: Schema
    project: Project
    segments: Mapping[str, Segment] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    definitions: Mapping[tuple[str, str], Definition] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    snippets: Mapping[str, Snippet] = field(default_factory=dict)
    broadcasts: Mapping[str, Broadcast] = field(default_factory=dict)
    conversations: Mapping[tuple[str, str], Conversation] = field(default_factory=dict)  # (playbook|form|survey, name)
    hygiene: Mapping[str, Hygiene] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)
    dashboards: Mapping[str, Dashboard] = field(default_factory=dict)
    tests: tuple[Test, ...] = ()

    def talks(self, kind: str) -> dict[str, Conversation]:
        """The conversations of one kind (playbook, form, survey), by name in its order."""
        return {name: talk for (of, name), talk in sorted(self.conversations.items()) if of == kind}
