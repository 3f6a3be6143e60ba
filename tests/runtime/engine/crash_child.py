"""What a process to be killed does: it runs a project with a Maildir for weeks of virtual time on a SQLite file, and
goes on where the one before it stopped."""

from __future__ import annotations

import os
import signal
import sys
from functools import cache
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from runtime.channels.maildir import MaildirChannel
from runtime.engine.tick import Engine
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.store.session import Session
from runtime.store.store import Store
from runtime.times.zones import MINUTE, parse_local
from tests.runtime.engine.harness import compiled

RULES = """
segment trials of contact { plan = trial and created_at within 20 days }
segment quiet of contact { created_at older than 4 days and has not acted within 4 days }
sequence s { when: in segment trials  sender: contact.owner  window: 09:00-17:00  threading: true
  send intro  wait 2 business days  if visits > 5 { send case } else { task call "Call" without waiting }
  wait until viewed_page up to 2 days else { notify rep "quiet" }  send last }
sequence d { when: plan = free  sender: rep  exclusive: false
  automated { send intro  wait 1 day  send case }
  rep_led when clicked_email { wait 1 hour  task todo "T"  send last } }
workflow w of contact { when: viewed_page  again: always  set visits = 7  enroll in workflow n }
workflow n of contact { when: manually  again: always  send receipt  unenroll from sequence d }
broadcast offer { to: plan = trial  send: receipt  at: 2026-03-05 10:00 }
"""
INTERRUPTED = 130
PEOPLE, START, END = 40, "2026-03-02T00:00", "2026-03-30T00:00"


def at(text: str) -> int:
    return parse_local(text, "Europe/Warsaw")


def rows() -> list[inbox.InboxRow]:
    """The same people and events each time."""
    rng, found = Random("crash"), []
    for i in range(PEOPLE):
        born = at("2026-03-02T09:00") + rng.randrange(5 * 24 * 60) * MINUTE
        values = {
            "email": f"c{i}@x.example",
            "email__n": f"c{i}@x.example",
            "plan": rng.choice(["trial", "free"]),
            "owner": "rep",
        }
        found.append(inbox.record_row("contact", f"c{i}", values, at=born, received_at=0))
        for n in range(rng.randrange(4)):
            kind = rng.choice(["viewed_page", "viewed_page", "replied"])
            values = {"path": "/", "path__n": "/"} if kind == "viewed_page" else {}
            moment = born + rng.randrange(12 * 24 * 60) * MINUTE
            found.append(
                inbox.event_row(kind, record_id("contact", f"c{i}"), f"{i}/{n}", values, at=moment, received_at=0)
            )
    return found


@cache
def filled() -> bytes:
    """A store whose people wait in its inbox."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "crm.db"
        with (
            Store.create(f"sqlite:///{path}", compiled(RULES).schema) as store,
            store.session() as session,
            session.transaction(),
        ):
            inbox.put(session, rows())
            session.run("UPDATE segue_meta SET value = 'crashtest' WHERE key = 'store_id'")
        return path.read_bytes()


def made(folder: Path) -> Store:
    """The store, there from the first call on: in one go, under another name until it is whole."""
    path = folder / "crm.db"
    if not path.exists():
        draft = folder / f"draft{os.getpid()}.db"
        draft.write_bytes(filled())
        draft.rename(path)
    return Store.open(f"sqlite:///{path}")


def arm(point: str, number: int) -> None:
    """End without a word at the NUMBER-th time."""
    numbers = count(1)

    def here() -> None:
        if next(numbers) == number:
            os._exit(9)

    if point in ("commit", "committed"):
        commit = Session.commit

        def counted(self: Session) -> None:
            if point == "commit":
                here()
            commit(self)
            if point == "committed":
                here()

        Session.commit = counted
    else:
        method = getattr(MaildirChannel, point)

        def done(self: MaildirChannel, *args: object) -> object:
            answered = method(self, *args)
            here()
            return answered

        setattr(MaildirChannel, point, done)


def work(
    folder: Path, end: str = END, point: str | None = None, number: int = 0, ready: Connection | None = None
) -> None:
    """With `point` it ends itself at the `number`-th `commit` (just before it), `committed` (just after), `stage` or
    `publish` after going live."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        _work(folder, end, point, number, ready)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # nothing is left to be interrupted
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _work(folder: Path, end: str, point: str | None, number: int, ready: Connection | None) -> None:
    with made(folder) as store:
        engine = Engine(store, compiled(RULES), MaildirChannel(folder / "mail"))
        if ready is not None:
            ready.send("ready")
        if point is not None:
            arm(point, number)
        engine.go_live(at(START))
        engine.run(at(end))
        engine.close()
