"""How rules are asked of a store: the numbers it gave to the segments and definitions that they name."""

from __future__ import annotations

from ..query.scope import SEGMENT_NUMBERS, Scope
from ..store.session import Session
from .loading import Loaded


def scope_of(session: Session, loaded: Loaded) -> Scope:
    """The store's numbers; those of rules never run are below zero, so that nobody is in them."""
    definitions = "SELECT kind, name, id FROM segue_definition"
    numbers = dict.fromkeys(loaded.program.segments, -1) | dict(session.run(SEGMENT_NUMBERS))
    ids = dict.fromkeys(loaded.program.definitions, -1) | {(k, n): i for k, n, i in session.run(definitions)}
    return Scope(loaded.program, session.dialect, numbers, ids)
