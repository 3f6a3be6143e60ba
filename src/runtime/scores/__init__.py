"""What a score is worth: a function of the events and of nothing else, so its past can be told for any day (G20).

The meaning in plain functions, one record at a time; what the engine computes by SQL must come out the same."""

from __future__ import annotations

from .awards import Award, Occurrence, awards
from .worth import Holding, fell, rose, worth

__all__ = ["Award", "Holding", "Occurrence", "awards", "fell", "rose", "worth"]
