"""`kill -9` in the middle of `segue migrate`: the store is as it was, and migrating again brings it up."""

from __future__ import annotations

import multiprocessing
import os
import signal
from itertools import count

import pytest

from dsl.schema.standard import standard_schema
from runtime.store import migrate
from runtime.store.session import Session
from runtime.store.store import Store

from .schemas import contacts_with, number, text

WANTED = (text("nick"), number("sent", default=0), text("street"))


def killed(url: str, method: str, point: int) -> None:
    """Migrate, and end without a word before the `point`-th call inside the transaction."""
    numbers, called = count(1), getattr(Session, method)

    def counted(self: Session, *args: object) -> object:
        if self._in_transaction() and next(numbers) == point:
            os.kill(os.getpid(), signal.SIGKILL)
        return called(self, *args)

    setattr(Session, method, counted)
    with Store.open(url, create=True) as store:
        migrate.apply(migrate.plan(store, contacts_with(*WANTED)))


@pytest.mark.parametrize(("method", "point"), [("bound", 4), ("commit", 1)])
def test_killed_in_the_middle_nothing_is_half_done(url: str, method: str, point: int) -> None:
    Store.create(url, standard_schema()).close()
    process = multiprocessing.get_context("fork").Process(target=killed, args=(url, method, point))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    with Store.open(url, create=True) as store:
        found = migrate.plan(store, contacts_with(*WANTED))
        assert len(found.words) == len(WANTED)
        migrate.apply(found)
        assert not migrate.plan(store, contacts_with(*WANTED))
        migrate.verify(store, contacts_with(*WANTED))
