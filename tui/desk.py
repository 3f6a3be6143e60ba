"""What every screen needs: the store to ask, the schema to read it by, whose clock and whose name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from dsl.schema.model import Schema
from runtime.store.session import Session
from runtime.store.store import Store

T = TypeVar("T")


@dataclass
class Desk:
    """`counts` is the one thing that changes: figures as counts or as percentages."""

    store: Store
    schema: Schema
    zone: str
    user: str
    title: str
    counts: bool = False

    def ask(self, question: Callable[[Session], T]) -> T:
        """Ask on a connection of its own, closed afterwards: threads share none. Blocks; raises SegueError."""
        with self.store.session() as session:
            return question(session)
