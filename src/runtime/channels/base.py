"""What the engine asks of a channel (architecture, "The engine" 4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

Outcome = Literal["sent", "staged"]


class Channel(Protocol):
    """A message is staged under its outbox key, the engine commits `sending`, then it is published. All three may be
    called again for the same key: staging replaces, publishing what is published does nothing."""

    def stage(self, key: str, message: bytes) -> None:
        """Keeps the message safe without sending it. Raises ChannelError."""

    def publish(self, keys: Sequence[str]) -> None:
        """Sends what was staged. Raises ChannelError; then `outcome` tells which ones went out."""

    def outcome(self, key: str) -> Outcome | None:
        """What became of a key after a crash; None if the channel never saw it."""
