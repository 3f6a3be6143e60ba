"""Bad input and a failing world: a clear word, and nothing lost (issue 2, its last paragraph)."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from runtime.channels.base import Message, Result
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.errors import ChannelError, StoreBusy, StoreError
from runtime.store import inbox
from runtime.store.session import Session
from runtime.store.store import Store
from tests.runtime.engine.crash_child import RULES, at, rows
from tests.runtime.engine.figures import FIGURES
from tests.runtime.engine.harness import PROJECT, SCHEMA, MakeWorld, compiled

END = at("2026-03-10T12:00")


def new(path: Path) -> str:
    url = f"sqlite:///{path}"
    with Store.create(url, compiled(RULES).schema) as store, store.session() as session, session.transaction():
        inbox.put(session, rows())
    return url


def go(engine: Engine) -> None:
    engine.go_live(at("2026-03-02T00:00"))
    engine.run(END)


def figures(path: Path) -> dict[str, Counter]:
    with closing(sqlite3.connect(path)) as store:
        return {name: Counter(store.execute(sql).fetchall()) for name, sql in FIGURES.items()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Counter], int]:
    path = tmp_path_factory.mktemp("undisturbed") / "crm.db"
    channel = MemoryChannel()
    with Store.open(new(path)) as store:
        engine = Engine(store, compiled(RULES), channel)
        go(engine)
        engine.close()
    return figures(path), len(channel.sent)


def test_a_read_only_store_says_so(tmp_path: Path) -> None:
    """Nothing is written, the words say why."""
    url = new(tmp_path / "crm.db")
    with Store.open(url, readonly=True) as store, pytest.raises(StoreError, match=r"crm\.db is read-only"):
        go(Engine(store, compiled(RULES), MemoryChannel()))
    assert sum(figures(tmp_path / "crm.db")["steps"].values()) == 0


def test_a_locked_store_is_waited_for_then_busy_and_nothing_is_lost(tmp_path: Path, undisturbed: tuple) -> None:
    """Another process writes: StoreBusy; once it is done the same engine goes on."""
    channel = MemoryChannel()
    with (
        Store.open(new(tmp_path / "crm.db")) as store,
        closing(sqlite3.connect(tmp_path / "crm.db", isolation_level=None)) as other,
    ):
        engine = Engine(store, compiled(RULES), channel)
        engine.session.run("PRAGMA busy_timeout = 50")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match=r"crm\.db is locked by another process"):
            go(engine)
        other.execute("ROLLBACK")
        go(engine)
        engine.close()
    assert (figures(tmp_path / "crm.db"), len(channel.sent)) == undisturbed


@pytest.mark.parametrize("number", range(1, 9))
def test_a_store_locked_between_two_commits(
    tmp_path: Path, undisturbed: tuple, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process takes the store after the n-th commit, in the middle of a dispatch too; the same engine goes on
    later, and nothing is started, sent or counted twice."""
    channel = MemoryChannel()
    with (
        Store.open(new(tmp_path / "crm.db")) as store,
        closing(sqlite3.connect(tmp_path / "crm.db", isolation_level=None)) as other,
    ):
        engine = Engine(store, compiled(RULES), channel)
        engine.session.run("PRAGMA busy_timeout = 50")
        commit, commits = Session.commit, []

        def committed(self: Session) -> None:
            commit(self)
            commits.append(1)
            if len(commits) == number:
                other.execute("BEGIN IMMEDIATE")

        monkeypatch.setattr(Session, "commit", committed)
        with pytest.raises(StoreBusy):
            go(engine)
        other.execute("ROLLBACK")
        go(engine)
        engine.close()
    assert (figures(tmp_path / "crm.db"), len(channel.sent)) == undisturbed


def test_a_full_disk_at_any_commit(tmp_path: Path, undisturbed: tuple) -> None:
    """The store may grow by a few pages, is full, may grow again: words each time, and the figures of a whole run."""
    channel, said = MemoryChannel(), 0
    with Store.open(new(tmp_path / "crm.db")) as store:
        engine = Engine(store, compiled(RULES), channel)
        limit = engine.session.one("PRAGMA page_count")
        for _ in range(400):
            engine.session.run(f"PRAGMA max_page_count = {limit}")
            try:
                go(engine)
                break
            except StoreError as full:
                said += 1
                limit += 3
                assert "is full" in full.message
                assert full.hint
        engine.close()
    assert said > 3
    assert (figures(tmp_path / "crm.db"), len(channel.sent)) == undisturbed


class Failing(MemoryChannel):
    """Fails at some calls of one kind; a publication is broken off after its first message."""

    def __init__(self, what: str, share: float) -> None:
        super().__init__()
        self.what, self.share, self.rng = what, share, Random(f"{what} {share}")

    def fails(self, what: str) -> bool:
        return what == self.what and self.rng.random() < self.share

    def stage(self, messages: Sequence[Message]) -> None:
        if self.fails("stage"):
            raise ChannelError("could not write the message: No space left on device")
        super().stage(messages)

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        if keys and self.fails("publish"):
            super().publish(keys[:1])
            raise ChannelError("could not publish: No space left on device")
        return super().publish(keys)


@pytest.mark.parametrize(("what", "share"), [("stage", 0.06), ("stage", 0.12), ("publish", 0.1), ("publish", 0.4)])
def test_a_channel_that_fails(tmp_path: Path, undisturbed: tuple, what: str, share: float) -> None:
    """A full mail folder: words each time; every mail leaves once in the end."""
    channel, said = Failing(what, share), 0
    with Store.open(new(tmp_path / "crm.db")) as store:
        engine = Engine(store, compiled(RULES), channel)
        for _ in range(300):
            try:
                go(engine)
                break
            except ChannelError:
                said += 1
        engine.close()
    assert said > 3
    assert (figures(tmp_path / "crm.db"), len(channel.sent)) == undisturbed


def test_one_bad_address_does_not_stop_a_batch(worlds: MakeWorld) -> None:
    """It is set aside with the reason; the others are mailed."""
    w = worlds(
        "sequence x { when: manually  sender: rep  send intro } workflow w of contact { when:"
        " manually  send receipt  set visits = 1 }"
    )
    addresses = {
        "ann": "ann@x.example",
        "bad": "no address",
        "line": "a@x.example\nBcc: b@x.example",
        "ok": "ok@x.example",
    }
    for name, address in addresses.items():
        w.contact(name, email=address).enroll(name, "sequence x", at="03-03 10:00").enroll(
            name, "workflow w", at="03-03 10:00"
        )
    w.run_to("03-04 09:00")
    assert [len(w.mails(n)) for n in addresses] == [2, 0, 0, 2]
    assert [w.value(n, "visits") for n in addresses] == [1, 1, 1, 1]
    reasons = [r[0] for r in w.sql("SELECT reason FROM segue_outbox WHERE state = 'refused'")]
    assert len(reasons) == 4
    assert all("address" in reason for reason in reasons), reasons


def test_one_bad_time_zone_does_not_stop_a_batch(worlds: MakeWorld) -> None:
    """Of a contact, or of an assignee: the next zone counts instead."""
    project = PROJECT.replace(
        "amy: {name: Amy Two, email: amy@x.example, time_zone: Asia/Tokyo}",
        "amy: {name: Amy Two, email: amy@x.example}",
    )
    w = worlds(
        (
            "sequence x { when: manually  sender: amy  zone: contact  window: 09:00-17:00 "
            ' tasks_at: 08:00  send intro  wait 1 day  task call "C" }'
        ),
        project=project,
    )
    for name, zone in (("ann", "Asia/Tokyo"), ("bad", "Mars/Olympus"), ("odd", "../../etc/passwd"), ("nul", "")):
        w.contact(name, time_zone=zone).enroll(name, "sequence x", by="amy", at="03-03 10:00")
    w.run_to("03-03 12:00")
    w.sql("UPDATE segue_user SET time_zone = 'Not/AZone' WHERE name = 'amy'")
    w.run_to("03-05 12:00")
    assert [len(w.mails(n)) for n in ("ann", "bad", "odd", "nul")] == [1, 1, 1, 1]
    assert [w.tasks(n)[0][0] for n in ("bad", "odd", "nul")] == ["03-04 10:00"] * 3


def test_a_template_that_has_nothing_to_print_sets_that_one_aside(world: MakeWorld) -> None:
    """A blank value is never sent (S26): refused with words, the batch goes on; a fallback helps, `required` does not
    keep blanks out."""
    w = world(
        "sequence x { when: manually  sender: rep  send mine } workflow w of contact { when: manually  send other }"
        ' template mine { topic: sales  subject: "Hi"  body: """Hello {{ contact.nick }}""" }'
        ' template other { topic: sales  subject: "Hi"  body: """Hello {{ contact.first_name |'
        ' default: \'you\' }}""" }',
        schema=SCHEMA.replace("      plan: {", "      nick: {type: text, required: true}\n      plan: {"),
    )
    for name, nick in (("ann", "Annie"), ("blank", " "), ("empty", ""), ("none", None), ("bob", "Bobby")):
        w.contact(name, nick=nick, first_name=nick).enroll(name, "sequence x", at="03-03 10:00")
        w.enroll(name, "workflow w", at="03-03 10:00")
    w.run_to("03-04 09:00")
    assert [len(w.mails(n)) for n in ("ann", "blank", "empty", "none", "bob")] == [2, 1, 1, 1, 2]
    assert {r[0] for r in w.sql("SELECT reason FROM segue_outbox WHERE state = 'refused'")} == {"blank_value"}
    words = {r[0] for r in w.sql("SELECT detail FROM segue_step WHERE what = 'send' AND outcome = 'refused'")}
    assert len(words) == 1
    assert "contact.nick" in words.pop()
