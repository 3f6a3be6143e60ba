"""What can be named at one place of a file: the schema, the project, the declarations, the subject, the trigger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from ..program.conditions import Value
from ..schema.model import EventKind, ObjectType, Project, Schema, Type
from ..source import NOWHERE, Span
from ..values import dataclass
from .findings import Findings
from .placed import Placed


@dataclass(frozen=True, slots=True)
class Prints:
    """A merge field of a template, by its path as written."""

    path: str
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def root(self) -> str:
        return self.path.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration by name."""

    kind: str  # segment | sequence | workflow | template | score | survey | ..
    name: str
    object: str
    span: Span = field(default=NOWHERE, compare=False)  # where it moved to changes nothing for those who name it
    static: bool = False  # a segment whose members are put in
    parts: tuple[str, ...] = ()  # the answers that a playbook, form or survey takes
    prints: tuple[Prints, ...] = ()  # what a template reads of which not every mail has one
    unread: bool = False  # the parser has left out a part: nothing is said about those who name it


# What of other declarations was looked up: (kind, name) for a declaration, there or not; (kind, EVERY) for all of a
# kind; (TOPIC, template) and (SENDERS, template).
Key = tuple[str, str]
EVERY, TOPIC, SENDERS = "*", "topic of", "senders of"


@dataclass(frozen=True, slots=True)
class Names:
    """Everything of a project that has a name. One namespace per kind over all files.

    The only way from one declaration to another while one is checked: `read` notes what was asked, so that a file is
    checked again when an answer it got is another now."""

    schema: Schema
    project: Project
    declared: Mapping[tuple[str, str], Declared] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)  # of templates, as written
    senders: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    read: set[Key] = field(default_factory=set, compare=False)

    def get(self, kind: str, name: str) -> Declared | None:
        self.read.add((kind, name))
        return self.declared.get((kind, name))

    def of(self, kind: str) -> list[str]:
        """The names of one kind, in the order declared."""
        self.read.add((kind, EVERY))
        return [name for k, name in self.declared if k == kind]

    def kinds_of(self, name: str, kinds: Iterable[str]) -> list[str]:
        """Which of `kinds` have a declaration of that name."""
        return [kind for kind in kinds if self.get(kind, name) is not None]

    def topic_of(self, template: str) -> str | None:
        """The topic a template names, right or wrong."""
        self.read.add((TOPIC, template))
        return self.topics.get(template)

    def triggers_of(self, template: str) -> tuple[EventKind, ...] | None:
        """The events behind all who send a template; None where one of them starts by no event (X4)."""
        self.read.add((SENDERS, template))
        events = self.senders.get(template)
        return None if events is None else tuple(self.schema.events[name] for name in events)


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that was asked before this place. `missing`: it may have stayed without an answer (X29)."""

    name: str
    type: Type
    missing: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Answers:
    """What `answers.` means in a playbook, form or survey: those `asked` before this place; `later` are the
    questions that come after it or in another branch. `outcomes`: what `outcome` may be, in `on save`; None where
    they were reported. `reported`: questions with a mistake of their own, of whose answers nothing is known."""

    kind: str
    asked: Mapping[str, Answer] = field(default_factory=dict)
    later: Mapping[str, Span] = field(default_factory=dict)
    outcomes: tuple[str, ...] | None = ()
    reported: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """`events`: the kinds whose fields can be named, inside an event filter. `trigger`: the kinds behind
    `trigger.`, None where the definition does not start by events (X4), empty where that is not known and
    was told. `enrolled`: whether
    `since enrollment` means something here. `template`: a text that several definitions may send;
    `record`: what it prints of the one that those who send it are about.
    `created`: the records that `create .. as NAME` made before this place; `tasks`: the names that tasks of this body
    have; `sends`: the kind of definition, right after a `send`, where `if sent` has a meaning (X24).
    `answers`: those of a playbook, form or survey. `person`: `contact` is the one on the line (X20).
    `functions`: those of values that may be called here, as reports and hygiene have them."""

    names: Names
    findings: Findings
    subject: ObjectType
    events: tuple[EventKind, ...] = ()
    trigger: tuple[EventKind, ...] | None = None
    enrolled: bool = False
    template: bool = False
    record: ObjectType | None = None
    created: Mapping[str, ObjectType] = field(default_factory=dict)
    tasks: frozenset[str] = frozenset()
    sends: str = ""
    answers: Answers | None = None
    person: bool = False
    functions: frozenset[str] = frozenset()

    @property
    def schema(self) -> Schema:
        return self.names.schema


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value an author named, found and typed. `missing`: it may have no value at run time (X29).
    `names` is what a text must name (a template, a topic, ..), None for other texts.
    `inner`: the conditions inside it, as `count(deal (won))` and `last(purchased(amount > 3 USD)).at` have them."""

    value: Value
    span: Span
    missing: bool
    names: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    inner: tuple[Placed, ...] = ()
