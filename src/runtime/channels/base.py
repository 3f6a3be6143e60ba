"""What the engine asks of a channel (architecture, "The engine" 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Outcome = Literal["sent", "staged"]
Bounce = Literal["hard", "soft"]


@dataclass(frozen=True, slots=True)
class Message:
    """What leaves under one outbox key. A mail has its envelope; a webhook or Slack message has `name`, the channel of
    segue.yaml that it goes to."""

    key: str
    body: bytes
    sender: str = ""
    recipient: str = ""
    kind: str = "email"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one message. `later`: it certainly did not go, and may be tried again, not before `after` µs have
    passed. `refused`: it never will go; `bounce` where the address is why. `unknown`: it may have gone, so it is never
    sent again. `words` are for people."""

    state: Literal["sent", "later", "refused", "unknown"]
    words: str = ""
    reason: str = ""
    bounce: Bounce | None = None
    after: int = 0


SENT = Result("sent")


class Channel(Protocol):
    """Messages are staged under their outbox keys, the engine commits `sending`, then they are published. Staging
    again replaces; publishing what is published does nothing."""

    def stage(self, messages: Sequence[Message]) -> None:
        """Keeps messages ready, on disk where the channel can. Raises ChannelError; then none may be left half."""

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        """Sends what was staged: one result per key. Raises ChannelError; then `outcomes` tells which ones went."""

    def outcomes(self, keys: Iterable[str]) -> Mapping[str, Outcome]:
        """What became of keys after a crash. One that the channel never saw, or cannot tell of, is left out."""

    def close(self) -> None:
        """Gives up what is held open; what was staged and not published stays unsent."""
