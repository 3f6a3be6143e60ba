"""A channel that keeps its messages in memory: for tests, simulation and `segue plan`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..errors import ChannelError
from .base import SENT, Message, Outcome, Result


class MemoryChannel:
    """`sent` maps keys to bodies, `messages` to whole messages, in the order of publishing."""

    def __init__(self) -> None:
        self.staged: dict[str, Message] = {}
        self.messages: dict[str, Message] = {}

    @property
    def sent(self) -> dict[str, bytes]:
        return {key: message.body for key, message in self.messages.items()}

    def stage(self, messages: Sequence[Message]) -> None:
        self.staged.update((message.key, message) for message in messages)

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        for key in keys:
            if key in self.staged:
                self.messages[key] = self.staged.pop(key)
            elif key not in self.messages:
                raise ChannelError(f"message `{key}` was never staged")
        return dict.fromkeys(keys, SENT)

    def outcomes(self, keys: Iterable[str]) -> dict[str, Outcome]:
        found: dict[str, Outcome] = {}
        for key in keys:
            if key in self.messages:
                found[key] = "sent"
            elif key in self.staged:
                found[key] = "staged"
        return found

    def close(self) -> None:
        """Nothing is held open."""
