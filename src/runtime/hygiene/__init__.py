"""Hygiene: what is wrong with records, put right where that is safe, else shown to a person (P15)."""

from .finding import Finding, Findings, Overview
from .fixing import Fixed, fix, preview
from .queues import Queue, QueueLine, Value, in_words, place_of
from .reviewing import keep, keep_those
from .undoing import Run, Undone, last_run, runs, undo
from .working import Change, Stuck

__all__ = [
    "Change",
    "Finding",
    "Findings",
    "Fixed",
    "Overview",
    "Queue",
    "QueueLine",
    "Run",
    "Stuck",
    "Undone",
    "Value",
    "fix",
    "in_words",
    "keep",
    "keep_those",
    "last_run",
    "place_of",
    "preview",
    "runs",
    "undo",
]
