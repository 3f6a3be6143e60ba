"""The people of the oracle, what they did, and where they are inside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dsl.program import definitions as d
from tests.runtime.engine.dates import Moment

ACTS = ("clicked_email", "opened_email", "replied", "booked_meeting", "submitted_form", "submitted_survey",
        "viewed_page", "downloaded", "searched", "purchased", "abandoned_cart", "registered_for",
            "attended")  # fmt: skip


@dataclass
class Event:
    at: Moment
    kind: str
    fields: dict[str, Any]
    class_: str = "human"
    of: int | None = None  # index of the enrollment whose mail it belongs to
    ordinal: int | None = None
    heard: int = 0  # the pass that took it in


@dataclass
class Person:
    name: str
    created: Moment
    props: dict[str, Any]
    events: list[Event] = field(default_factory=list)
    deals: dict[str, dict[str, Any]] = field(default_factory=dict)
    member: dict[str, bool] = field(default_factory=dict)  # of segments and of `when` conditions
    was: set[str] = field(default_factory=set)  # segments that they ever were in
    past: dict[str, list[tuple[Moment, Any, Any]]] = field(default_factory=dict)  # property -> (at, old, new) (X34)
    exists: bool = False
    company: str | None = None
    wrote: dict[str, Moment] = field(default_factory=dict)  # property -> when it was last written


@dataclass
class Enrollment:
    person: Person
    definition: d.Definition
    nr: int
    enrolled_at: Moment
    trigger: Event | None
    sender: str | None
    block: int
    due: Moment | None
    status: str = "active"
    reason: str | None = None
    began: Moment | None = None
    date: Any = None  # what a `wait until DATE` waits for
    waited: bool = False
    ordinal: int = 0
    engaged: bool = False
    ended: Moment | None = None
    sent: dict[int, bool] = field(default_factory=dict)  # ordinal -> automated
    zone: str | None = None  # the person's at entry
    met_later: bool = False  # the goal, after it finished
    born: tuple[Any, ...] = ()  # instant, pass and place of its definition: the order in which the engine numbers them
