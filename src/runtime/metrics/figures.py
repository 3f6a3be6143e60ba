"""A figure carries what it counts and what it is divided by (M19): two vendors' "reply rate" differ by just that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    CONTACT = "contact"
    ENROLLMENT = "enrollment"
    EMAIL = "email"


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
