"""All channels of a project as one: mail by the one, webhooks and Slack by the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .base import Channel, Message, Outcome, Result


class Switchboard:
    def __init__(self, mail: Channel, calls: Channel) -> None:
        self.mail, self.calls = mail, calls
        self._called: set[str] = set()

    def stage(self, messages: Sequence[Message]) -> None:
        mails = [message for message in messages if message.kind == "email"]
        calls = [message for message in messages if message.kind != "email"]
        self._called.update(message.key for message in calls)
        self.mail.stage(mails)
        self.calls.stage(calls)

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        mails = [key for key in keys if key not in self._called]
        calls = [key for key in keys if key in self._called]
        found = dict(self.mail.publish(mails)) if mails else {}
        if calls:
            found |= self.calls.publish(calls)
            self._called.difference_update(calls)
        return found

    def outcomes(self, keys: Iterable[str]) -> dict[str, Outcome]:
        asked = list(keys)
        return {**self.mail.outcomes(asked), **self.calls.outcomes(asked)}

    def problems(self) -> list[str]:
        """What keeps messages from leaving, in words, as far as it shows before anything is sent."""
        return [words for one in (self.mail, self.calls) for words in getattr(one, "problems", list)()]

    def close(self) -> None:
        self.mail.close()
        self.calls.close()
