"""A figure carries what it counts and what it is divided by (M19): two vendors' "reply rate" differ by just that.

`METRICS` is the table of them all. A figure is made of a metric's name, a count and its base, which are of one unit:
there is no way to divide contacts by mails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    CONTACT = "contact"
    ENROLLMENT = "enrollment"
    EMAIL = "email"
    DEAL = "deal"


@dataclass(frozen=True, slots=True)
class Metric:
    """What a figure counts: `rule` of the domain, `unit` of count and base, `of` the base in words."""

    rule: str
    unit: Unit
    of: str


_OF_SEQUENCE = {
    "opened": "M2", "opened_by_machine": "M22", "opened_unknown": "M22",
    "clicked": "M3", "clicked_by_machine": "M22", "clicked_unknown": "M22",
    "replied": "M4", "meetings": "M5", "no_reply": "M6",
    "deals_created": "M7", "deals_closed": "M8", "deals_won": "M8", "deals_lost": "M8",
    "bounced": "M11", "unsubscribed": "M12", "reached": "M13",
    "engaged": "M14", "no_engagement": "M15", "residue": "M15",
}  # fmt: skip
_OF_MAILS = ("opened", "clicked", "replied", "meetings")
_OF_MONTHS = ("opened", "clicked", "replied", "meetings", "unsubscribed")

METRICS: Mapping[str, Metric] = {
    **{name: Metric(rule, Unit.CONTACT, "contacts enrolled") for name, rule in _OF_SEQUENCE.items()},
    **{f"template {name}": Metric("M17", Unit.EMAIL, "mails sent") for name in _OF_MAILS},
    **{f"month {name}": Metric("M18", Unit.ENROLLMENT, "enrollments") for name in _OF_MONTHS},
    "deals_of_revenue": Metric("M10", Unit.DEAL, "deals that belong to an enrollment"),
    "conversion": Metric("M23", Unit.CONTACT, "contacts ever enrolled"),
    "conversion mailed": Metric("M23", Unit.CONTACT, "contacts ever enrolled"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """`count` of `base` things of one `unit`; `of` says in words what the base is (M19)."""

    count: int
    base: int
    unit: Unit = Unit.CONTACT
    of: str = "contacts enrolled"

    @property
    def rate(self) -> float | None:
        """Between 0 and 1; None where there is nothing to divide by."""
        return self.count / self.base if self.base else None

    def as_json(self) -> dict[str, object]:
        return {"count": self.count, "base": self.base, "rate": self.rate, "unit": self.unit.value, "of": self.of}

    def __str__(self) -> str:
        return f"{self.count} of {self.base} {self.of}"


def figure(name: str, count: int, base: int) -> Figure:
    """The figure of one of `METRICS`."""
    metric = METRICS[name]
    return Figure(count, base, metric.unit, metric.of)
