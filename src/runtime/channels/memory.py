"""A channel that keeps its messages in memory: for tests, simulation and `segue run --dry`."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import ChannelError
from .base import Outcome


class MemoryChannel:
    """`sent` maps keys to messages in the order of publishing."""

    def __init__(self) -> None:
        self.staged: dict[str, bytes] = {}
        self.sent: dict[str, bytes] = {}

    def stage(self, key: str, message: bytes) -> None:
        self.staged[key] = message

    def publish(self, keys: Sequence[str]) -> None:
        for key in keys:
            if key in self.staged:
                self.sent[key] = self.staged.pop(key)
            elif key not in self.sent:
                raise ChannelError(f"message `{key}` was never staged")

    def outcome(self, key: str) -> Outcome | None:
        if key in self.sent:
            return "sent"
        return "staged" if key in self.staged else None
