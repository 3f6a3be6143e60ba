"""The schema and the project settings as immutable values, after reading and checking.

Property, event and association names are the names authors write. How they are stored is
`runtime.store`'s business, except `EventField.name`, which uses `_` for the dot of `link.url`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from ..source import NOWHERE, Span
from ..values import dataclass


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"  # stored as NUMERIC/REAL; whole or decimal
    MONEY = "money"  # integer minor units (cents; JPY has none) of the one currency of the property (X32)
    PERCENT = "percent"
    BOOL = "bool"
    DATE = "date"  # a calendar day
    DATETIME = "datetime"  # an instant
    DURATION = "duration"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    USER = "user"  # the name of a user of segue.yaml
    RECORD = "record"  # a reference to an object of the schema


@dataclass(frozen=True, slots=True)
class Type:
    kind: Kind
    options: tuple[str, ...] = ()  # CHOICE, MULTI_CHOICE
    currency: str | None = None  # MONEY
    target: str | None = None  # RECORD: the object's name

    def __str__(self) -> str:
        return f"{self.kind} in {self.currency}" if self.currency else str(self.kind.value)


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    type: Type
    label: str = ""
    required: bool = False  # must be present; then it is never missing
    default: object | None = None  # with a default a value is never missing either; in the author's terms
    was: str | None = None  # former name (a rename for `segue migrate`)
    minimum: float | None = None
    maximum: float | None = None
    # "full_name", "closed", "won", "last_activity", "last_contacted", "last_purchase": computed, not stored by authors
    derived: str | None = None
    span: Span = NOWHERE

    @property
    def may_be_missing(self) -> bool:
        return not self.required and self.default is None


@dataclass(frozen=True, slots=True)
class Association:
    """One direction of a link. `name` is what conditions write after the object: contact.company."""

    owner: str
    name: str
    target: str
    many: bool
    inverse: str  # name of the other direction, at `target`
    required: str | None = None  # None, "warning" or "error"
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ObjectType:
    name: str
    label: str
    key: str | None  # the property that identifies a record from outside, else its external id
    properties: Mapping[str, Property]
    associations: Mapping[str, Association]
    was: str | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class EventField:
    name: str  # `link_url` for what authors write `link.url`
    type: Type
    required: bool = True
    names: str | None = None  # "template", "topic", "form", "survey": its text is the name of such a declaration
    span: Span = NOWHERE


ANY_OBJECT = "*"  # `EventKind.of` of `created`, which every object has


@dataclass(frozen=True, slots=True)
class EventKind:
    name: str
    of: str  # the object whose timeline it stands in, mostly contact, or ANY_OBJECT
    label: str
    fields: Mapping[str, EventField]
    classed: bool = False  # has a class human | machine | unknown (opened_email, clicked_email; X30)
    act: bool = False  # counts as `acted`
    mail: bool = False  # may belong to a mail we sent: rows carry enrollment_id and ordinal
    builtin: str | None = None  # "acted" and "created" are computed, they have no table
    webhook_key: str | None = None  # fed by a webhook: the property of `of` that finds the record
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Stage:
    """`needs`: properties and associations without which no record comes here (P8, P9)."""

    name: str
    label: str
    closed: bool = False
    won: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    object: str
    name: str
    label: str
    stages: tuple[Stage, ...]
    create_in: tuple[str, ...] = ()
    skip: bool = True
    back: bool = True
    span: Span = NOWHERE


class TopicKind(StrEnum):
    MARKETING = "marketing"
    ONE_TO_ONE = "one_to_one"
    TRANSACTIONAL = "transactional"


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    label: str
    kind: TopicKind
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Schema:
    objects: Mapping[str, ObjectType]
    events: Mapping[str, EventKind]
    pipelines: Mapping[tuple[str, str], Pipeline]  # (object, pipeline name)
    topics: Mapping[str, Topic]
    link_tags: Mapping[str, Type] = field(default_factory=dict)

    def pipelines_of(self, object_name: str) -> tuple[Pipeline, ...]:
        return tuple(p for (o, _), p in self.pipelines.items() if o == object_name)

    def labels_of(self, object_name: str, property_name: str) -> dict[str, str]:
        """What pipelines and stages are called; a stage that two pipelines call otherwise keeps its name. Of any other
        property nothing."""
        known = self.pipelines_of(object_name)
        if property_name == "pipeline":
            return {one.name: one.label for one in known}
        labels: dict[str, set[str]] = {}
        for stage in (stage for one in known for stage in one.stages if property_name == "stage"):
            labels.setdefault(stage.name, set()).add(stage.label)
        return {name: called.pop() for name, called in labels.items() if len(called) == 1}


# --- segue.yaml -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Calendar:
    name: str
    country: str | None = None  # ISO code whose public holidays are taken (library `holidays`)
    subdivision: str | None = None
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)  # Monday is 0
    holidays: tuple[str, ...] = ()  # extra days off, ISO dates
    workdays: tuple[str, ...] = ()  # ISO dates worked although they would be off
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class User:
    name: str
    label: str
    email: str | None = None
    time_zone: str | None = None
    active: bool = True
    span: Span = NOWHERE
    role: str | None = None  # viewer | rep | operator | admin; None: none is written


@dataclass(frozen=True, slots=True)
class Account:
    time_zone: str = "UTC"
    currency: str = "USD"
    calendar: str | None = None
    locale: str = "en"
    postal_address: str | None = None


@dataclass(frozen=True, slots=True)
class FrequencyCap:
    at_most: int
    within_days: int
    over: str  # "all"
    when_reached: str  # "defer" | "skip" (X25: must be written)
    except_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    enroll_at_once: int = 500  # X1
    enrollments_per_record_per_hour: int = 10  # X28
    late_hours: int = 24  # X1
    frequency_cap: FrequencyCap | None = None
    quiet_hours: tuple[int, int] | None = None  # minutes of the day, may cross midnight (X16)
    max_sequences: int | None = None  # S4


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is over is kept, as (2, "years"); None: for ever. What rules, figures and reasons reach stays."""

    events: tuple[int, str] | None = None
    outbox: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class RuleName:
    """A lint rule, a category or a warning of the checker as segue.yaml names it; who knows them checks them."""

    text: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class LintChoice:
    """What is shown of the linter's findings. `levels` are error, warning or info; a narrower name goes before a wider
    one, and at the same width `ignore` before `select`."""

    select: tuple[RuleName, ...] = ()
    ignore: tuple[RuleName, ...] = ()
    levels: tuple[tuple[RuleName, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Lint:
    """`per_folder`: (pattern such as `drafts/**`, what holds there besides), in the order written."""

    profile: str = "default"  # none | default | strict
    choice: LintChoice = LintChoice()
    per_folder: tuple[tuple[str, LintChoice], ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """segue.yaml. `defaults` maps a setting's name to its text, as if written in each definition."""

    name: str
    account: Account = Account()
    store: str = "sqlite:///crm.db"
    consent: str = "strict"  # "strict" | "relaxed" (X24)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    users: Mapping[str, User] = field(default_factory=dict)
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    channels: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    limits: Limits = Limits()
    defaults: Mapping[str, object] = field(default_factory=dict)
    lint: Lint = Lint()
    retention: Retention = Retention()
