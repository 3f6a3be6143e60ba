"""The demo's mailbox: the same files as those of a real run, without waiting for the disk at each of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ..channels.base import SENT, Message, Result
from ..channels.maildir import MaildirChannel, file_name
from ..errors import ChannelError


class DemoMail(MaildirChannel):
    """A Maildir whose mails may be lost with the power: a demo is simply made anew, and thousands of syncs at some
    milliseconds each would be most of its time. Files are made beside the engine's work; `finish` waits for them."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._staged: dict[str, bytes] = {}
        self._writer = ThreadPoolExecutor(1)
        self._writing: deque[Future[int]] = deque()

    def stage(self, messages: Sequence[Message]) -> None:
        self._staged.update((message.key, message.body) for message in messages)

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        self._look(at_most=1_000)
        for key in keys:
            path = self.root / "new" / file_name(key)
            self._writing.append(self._writer.submit(path.write_bytes, self._staged.pop(key)))
        return dict.fromkeys(keys, SENT)

    def finish(self) -> None:
        """Wait until every mail is a file. Raises ChannelError."""
        try:
            self._look(at_most=0)
        finally:
            self._writer.shutdown(cancel_futures=True)

    def _look(self, at_most: int) -> None:
        """Wait until no more than so many are being written."""
        while len(self._writing) > at_most:
            try:
                self._writing.popleft().result()
            except OSError as problem:
                raise ChannelError(f"could not write a mail to {self.root}: {problem.strerror}") from problem
