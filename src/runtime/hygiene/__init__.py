"""Hygiene: what is wrong with records, put right where that is safe, else shown to a person (P15)."""

from .finding import Finding, Findings, Overview
from .fixing import Fixed, fix, preview
from .reviewing import keep
from .undoing import Undone, undo
from .working import Change, Stuck

__all__ = ["Change", "Finding", "Findings", "Fixed", "Overview", "Stuck", "Undone", "fix", "keep", "preview", "undo"]
