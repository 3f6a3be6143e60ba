"""The demo's mailbox: the same files as those of a real run, without waiting for the disk at each of them."""

from __future__ import annotations

from collections.abc import Sequence

from ..channels.maildir import MaildirChannel, file_name


class DemoMail(MaildirChannel):
    """A Maildir whose mails may be lost with the power: a demo is simply made anew, and thousands of syncs at some
    milliseconds each would be most of its time."""

    def stage(self, key: str, message: bytes) -> None:
        (self.root / "tmp" / file_name(key)).write_bytes(message)

    def publish(self, keys: Sequence[str]) -> None:
        for key in keys:
            name = file_name(key)
            (self.root / "tmp" / name).rename(self.root / "new" / name)
