"""What is asked of a run, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ..engine.going_live.catalogues import Changes
from ..reading import looping
from .doings import Doings

ClockKind = Literal["virtual", "real"]
Progress = Callable[[int, int], None]  # (instant reached, instants worked)
Watch = Callable[[int, int], Progress]  # (first instant, last instant) of a run on the virtual clock


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a run, as it was written. Without `clock` the store's own kind; a new store takes the virtual
    one where `until` or `start` is given, else the real one."""

    until: str | None = None
    start: str | None = None
    clock: ClockKind | None = None
    once: bool = False
    confirmed: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()  # definitions that those inside leave (X26)
    resume_dispatch: bool = False
    by: str | None = None  # who starts it; without a name whoever sits at the machine


@dataclass(slots=True)
class Outcome:
    """What a run did. `began_at` and `ended_at` are the store's clock before (None: it was new) and after;
    `interrupted` is the Ctrl-C that ended it before its time."""

    clock: ClockKind
    began_at: int | None
    ended_at: int | None = None
    instants: int = 0
    changes: Changes = field(default_factory=Changes)
    done: Doings = field(default_factory=dict)
    loops: looping.Loops = field(default_factory=dict)  # what the loop guard stopped (X28)
    interrupted: KeyboardInterrupt | None = None
