"""Mail as files of a Maildir: tmp/KEY is staged, new/KEY and cur/KEY:2,FLAGS are sent.

INVARIANT: a key is never in new/ before its file is complete on disk; after `publish` both directories are on disk too.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..errors import ChannelError
from .base import SENT, Message, Outcome, Result

_UNSAFE = re.compile(rb"[^A-Za-z0-9_.@+-]|^\.")
_LONGEST = 200
_WRITERS = 4  # a file waits for the disk, not for Python: several wait together
_FEW = 32  # messages that are not worth waking the others for


class MaildirChannel:
    """Makes the folders if need be. Raises ChannelError where the disk does."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        with _reported(f"make the mail folder {self.root}"):
            for name in ("tmp", "new", "cur"):
                _make(self.root / name)
        self._tmp, self._new, self._cur = (str(self.root / name) for name in ("tmp", "new", "cur"))

    def stage(self, messages: Sequence[Message]) -> None:
        """Writes tmp/KEY of each and waits until all are on disk, their names too. What is in the folder already went
        before the store was put back to an earlier day: it stays as it is, and `publish` takes it for sent."""
        gone = self._sent([message.key for message in messages])
        messages = [message for message in messages if message.key not in gone]
        if len(messages) <= _FEW:
            self._write_all(messages)
        else:
            with ThreadPoolExecutor(_WRITERS) as pool:
                for written in [pool.submit(self._write_all, messages[i::_WRITERS]) for i in range(_WRITERS)]:
                    written.result()
        with _reported("write the messages"):
            _sync_folder(self._tmp)

    def _write_all(self, messages: Sequence[Message]) -> None:
        for message in messages:
            path = f"{self._tmp}/{file_name(message.key)}"
            with _reported(f"write the message {message.key}"):
                try:
                    _write(path, message.body)
                except OSError:
                    with contextlib.suppress(OSError):
                        os.unlink(path)  # noqa: PTH108 - one string, thousands of times
                    raise

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        """Moves the files into new/ and then waits once for both directories."""
        with _reported(f"publish {len(keys)} messages"):
            try:
                for key in keys:
                    self._move(key)
            finally:
                for folder in (self._new, self._tmp):
                    _sync_folder(folder)
        return dict.fromkeys(keys, SENT)

    def _move(self, key: str) -> None:
        name = file_name(key)
        try:
            os.rename(f"{self._tmp}/{name}", f"{self._new}/{name}")  # noqa: PTH104 - as above
        except FileNotFoundError:
            if self.outcomes([key]).get(key) != "sent":
                raise ChannelError(f"message `{key}` was never staged") from None

    def outcomes(self, keys: Iterable[str]) -> dict[str, Outcome]:
        """What became of each key. A mail that a reader has taken out of the folder is one never seen: whoever asks
        must not take that for one that did not go. Reads cur/ once, and only if it has to; takes away what is left in
        tmp/ of those that went."""
        asked = list(keys)
        found: dict[str, Outcome] = dict.fromkeys(self._sent(asked), "sent")
        with _reported(f"read the mail folder {self.root}"):
            for key in asked:
                path = f"{self._tmp}/{file_name(key)}"
                if key in found:
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(path)  # noqa: PTH108 - a power cut can leave it under both names
                elif os.path.exists(path):  # noqa: PTH110 - as above
                    found[key] = "staged"
        return found

    def _sent(self, keys: Sequence[str]) -> set[str]:
        names = {key: file_name(key) for key in keys}
        with _reported(f"read the mail folder {self.root}"):
            sent = {key for key, name in names.items() if os.path.exists(f"{self._new}/{name}")}  # noqa: PTH110 - as above
            if len(sent) < len(names):
                read = {entry.partition(":")[0] for entry in os.listdir(self._cur)}  # noqa: PTH208 - names only
                sent.update(key for key, name in names.items() if name in read)
        return sent

    def close(self) -> None:
        """Nothing is held open."""


def file_name(key: str) -> str:
    """A name that is safe in any folder and distinct for each key: other bytes are written =XX. Raises ValueError."""
    name = _UNSAFE.sub(lambda m: b"=%02X" % m.group()[0], key.encode()).decode()
    if not name or len(name) > _LONGEST:
        raise ValueError(f"no file can be named for the key {key[:50]!r}")
    return name


def _make(folder: Path) -> None:
    """Its name is on disk before anything in it is promised to be."""
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        _make(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(str(folder.parent))


def _write(path: str, message: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        rest = memoryview(message)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _reported(act: str) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise ChannelError(
            f"could not {act}: {problem.strerror or problem}",
            "see to the disk and the mail folder, then run again: it goes on where it stopped",
        ) from problem
