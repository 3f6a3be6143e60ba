"""What a process to be stopped does: it works on a PostgreSQL store with a Maildir, and says how it ended."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from runtime.channels.maildir import MaildirChannel
from runtime.engine.tick import Engine
from runtime.errors import StoreError
from runtime.store import leases
from runtime.store.store import Store
from tests.runtime.engine.crash_child import RULES, START, at
from tests.runtime.engine.harness import compiled

END = "2026-03-05T00:00"
IDLE = 1  # seconds a transaction may stand still: a test cannot wait for two minutes


def work(url: str, folder: Path, to_parent: Connection) -> None:
    """Tells `live` once it works, and in the end `done` or the words of the error that ended it."""
    leases._IDLE = IDLE
    with Store.open(url) as store:
        engine = Engine(store, compiled(RULES), MaildirChannel(folder))
        try:
            engine.go_live(at(START))
            to_parent.send("live")
            engine.run(at(END))
            said = "done"
        except StoreError as lost:
            said = lost.message
        finally:
            engine.close()
        to_parent.send(said)
