"""How people are, and what the model of behaviour sees of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Habits:
    """How likely people are to do things; `interest` of a person is a number in [0, 1) that adds to each."""

    dead_address: float = 0.02
    mailbox_full: float = 0.01
    machine_opens: float = 0.12
    opens: tuple[float, float] = (0.25, 0.5)  # at no interest, and what full interest adds
    clicks: tuple[float, float] = (0.12, 0.4)  # of those who open
    replies: tuple[float, float] = (0.02, 0.09)  # to personal letters
    unsubscribes: float = 0.006
    complains: float = 0.0008
    buys_after_click: float = 0.16
    meets_after_reply: float = 0.4
    meets_after_call: float = 0.24
    task_done: float = 0.88
    task_skipped: float = 0.07  # the rest stays open
    looks_around: tuple[float, float] = (0.01, 0.04)  # a page view, per day
    leaves_cart: float = 0.002
    regular: float = 0.2  # share of people who buy again and again
    shops: float = 0.06  # a regular, per day


class Contact(NamedTuple):
    id: int
    owner: str | None
    zone: str


class Mail(NamedTuple):
    """A mail that went out."""

    contact: Contact
    enrollment: int
    ordinal: int
    template: str
    topic: str
    sender: str | None
    at: int
