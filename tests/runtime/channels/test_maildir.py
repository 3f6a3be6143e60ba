"""The Maildir: nothing lost, nothing twice (architecture, "The engine" 4)."""

from __future__ import annotations

import errno
import mailbox
import os
from pathlib import Path

import pytest

from runtime.channels.base import SENT, Channel, Message
from runtime.channels.maildir import MaildirChannel, file_name
from runtime.channels.memory import MemoryChannel
from runtime.errors import ChannelError


@pytest.fixture(params=["maildir", "memory"])
def channel(request: pytest.FixtureRequest, tmp_path: Path) -> Channel:
    return MaildirChannel(tmp_path / "outbox") if request.param == "maildir" else MemoryChannel()


def test_staged_then_sent(channel: Channel) -> None:
    assert channel.outcomes(["e1-1"]) == {}
    channel.stage([Message("e1-1", b"Subject: x\n\nhello\n")])
    assert channel.outcomes(["e1-1"]) == {"e1-1": "staged"}
    assert channel.publish(["e1-1"]) == {"e1-1": SENT}
    assert channel.outcomes(["e1-1"]) == {"e1-1": "sent"}


def test_a_crash_may_repeat_every_call(channel: Channel) -> None:
    channel.stage([Message("k", b"one")])
    channel.stage([Message("k", b"two")])
    channel.publish(["k"])
    channel.publish(["k"])
    assert channel.outcomes(["k"]) == {"k": "sent"}


def test_what_was_never_staged_is_an_error(channel: Channel) -> None:
    with pytest.raises(ChannelError, match="never staged"):
        channel.publish(["ghost"])


def test_a_mail_reader_finds_the_message(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    channel.stage([Message("e1-1", b"Subject: x\n\nhello\n")])
    assert list(mailbox.Maildir(tmp_path)) == []
    channel.publish(["e1-1"])
    (message,) = mailbox.Maildir(tmp_path)
    assert message["Subject"] == "x"


@pytest.mark.parametrize("place", ["new/k", "cur/k:2,S"])
def test_a_store_put_back_to_an_earlier_day_leaves_what_went_already(tmp_path: Path, place: str) -> None:
    channel = MaildirChannel(tmp_path)
    channel.stage([Message("k", b"one")])
    channel.publish(["k"])
    (tmp_path / "new/k").rename(tmp_path / place)
    channel.stage([Message("k", b"two"), Message("other", b"x")])
    assert channel.publish(["k", "other"]) == {"k": SENT, "other": SENT}
    files = [file.relative_to(tmp_path) for file in tmp_path.rglob("*") if file.is_file()]
    assert sorted(files) == sorted([Path(place), Path("new/other")])
    assert (tmp_path / place).read_bytes() == b"one"


@pytest.mark.parametrize("name", ["e1-1", "e1-1:2,S", "e1-1:2,"])
def test_a_mail_that_was_read_is_sent(tmp_path: Path, name: str) -> None:
    channel = MaildirChannel(tmp_path)
    channel.stage([Message("e1-1", b"x")])
    channel.publish(["e1-1"])
    (tmp_path / "new" / "e1-1").rename(tmp_path / "cur" / name)
    assert channel.outcomes(["e1-1"]) == {"e1-1": "sent"}
    assert channel.outcomes(["e1"]) == {}
    channel.publish(["e1-1"])
    assert list((tmp_path / "new").iterdir()) == []


def test_outcomes_of_many(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    for key in "abc":
        channel.stage([Message(key, b"x")])
    channel.publish(["a", "b"])
    assert channel.outcomes("abcd") == {"a": "sent", "b": "sent", "c": "staged"}


@pytest.mark.parametrize("key", ["../../etc/passwd", ".hidden", "a:2,S", "a b", "日本", "a\0b", "-x", "a=41"])
def test_no_key_leaves_the_folder(tmp_path: Path, key: str) -> None:
    channel = MaildirChannel(tmp_path / "m")
    channel.stage([Message(key, b"x")])
    channel.publish([key])
    (path,) = (tmp_path / "m" / "new").iterdir()
    assert path.name == file_name(key)
    assert channel.outcomes([key]) == {key: "sent"}


def test_file_names_are_distinct() -> None:
    keys = ["a", "A", "a b", "a=20b", "a:b", "a/b", ".a", "=2Ea"]
    assert len({file_name(key) for key in keys}) == len(keys)


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_keys_without_a_name(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        file_name(key)


def test_a_full_disk_is_a_channel_error_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = MaildirChannel(tmp_path)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ChannelError, match="No space left on device") as caught:
        channel.stage([Message("k", b"x")])
    assert caught.value.hint == "see to the disk and the mail folder, then run again: it goes on where it stopped"
    assert channel.outcomes(["k"]) == {}


def test_a_folder_that_cannot_be_made_is_a_channel_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ChannelError, match="mail folder"):
        MaildirChannel(tmp_path / "file")


def test_both_folders_are_synced_once_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = MaildirChannel(tmp_path)
    for key in "abc":
        channel.stage([Message(key, b"x")])
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    channel.publish("abc")
    assert len(synced) == 2
