"""The steps of `due_store` as somebody would write them by hand: one statement a table and step, no machine around it.

The same rows are written: the enrollment's state after each step, its step log, the inbox or outbox row, and what
applying the inbox row changes.
"""

from __future__ import annotations

from benchmarks.due_store import DueStore, T
from dsl.program import blocks
from runtime.store.session import Session
from runtime.times.zones import DAY

_DUE = "SELECT d.bucket, d.id FROM due d"
_LOG = "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome)"
_MINE = "FROM due d CROSS JOIN segue_enrollment e WHERE e.bucket = d.bucket AND e.id = d.id"


def stepping(made: DueStore) -> int:
    """The branch, the write and the wait that follows; how many steps were taken."""
    session, branch = made.session, made.place.block
    graph = made.engine.rules.versions[made.place.version].pinned.graph.blocks
    test = graph[branch]
    assert isinstance(test, blocks.If)
    with session.transaction():
        count = _take(session)
        _branch(session, branch, test)
        for block in (test.then, test.otherwise):
            write = graph[block]
            assert isinstance(write, blocks.Set)
            _write(session, block, write)
        _apply(session)
        for block in (test.then, test.otherwise):
            write = graph[block]
            assert isinstance(write, blocks.Set)
            wait = graph[write.next]
            assert isinstance(wait, blocks.Wait)
            _wait(session, write.next, wait.next)
        session.run("DELETE FROM due")
    return 3 * count


def mailing(made: DueStore) -> int:
    """The outbox row of a mail, which the enrollment rests at."""
    session = made.session
    with session.transaction():
        count = _take(session)
        session.run(
            "INSERT INTO segue_outbox (bucket, enrollment_id, ordinal, contact_id, definition_id, kind,"
            " template, topic,"
            " sender, automated, due, state) SELECT e.bucket, e.id, e.ordinal + 1, e.contact_id,"
            " e.definition_id, 'email',"
            f" 'hello', 'news', e.sender, FALSE, :t, 'planned' {_MINE}",
            t=T,
        )
        session.run(
            f"{_LOG} SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, 'send', 'hello', 'planned' {_MINE}", t=T
        )
        session.run(
            "UPDATE segue_enrollment SET due = NULL, waited = FALSE, ordinal = ordinal + 1"
            f" WHERE (bucket, id) IN ({_DUE})"
        )
        session.run("DELETE FROM due")
    return count


def prepare(session: Session) -> None:
    session.run("CREATE TEMPORARY TABLE due (bucket INTEGER, id BIGINT, PRIMARY KEY (bucket, id))")


def _take(session: Session) -> int:
    return session.count("INSERT INTO due SELECT bucket, id FROM segue_enrollment WHERE due <= :t", {"t": T})


def _branch(session: Session, block: int, test: blocks.If) -> None:
    contact = "CROSS JOIN contact c"
    joined = _MINE.replace("WHERE", f"{contact} WHERE") + " AND c.bucket = e.bucket AND c.id = e.contact_id"
    session.run(
        f"{_LOG} SELECT e.bucket, e.id, e.ordinal + 1, :t, :block, 'branch', NULL,"
        f" CASE WHEN c.cups > 10 THEN 'then' ELSE 'else' END {joined}",
        t=T,
        block=block,
    )
    session.run(
        "UPDATE segue_enrollment AS e SET block = CASE WHEN c.cups > 10 THEN :then ELSE :otherwise END, due = :t,"
        " ordinal = e.ordinal + 1 FROM due d CROSS JOIN contact c WHERE e.bucket = d.bucket AND e.id = d.id"
        " AND c.bucket = e.bucket AND c.id = e.contact_id",
        t=T,
        then=test.then,
        otherwise=test.otherwise,
    )


def _write(session: Session, block: int, write: blocks.Set) -> None:
    value = getattr(write.value, "value", None)
    values = {"t": T, "block": block}
    session.bound(
        "INSERT INTO segue_inbox (bucket, at, key, rank, kind, object, id, name, payload, live, received_at)"
        " SELECT e.bucket, :t, 'step ' || e.bucket || '/' || e.id || '/' || (e.ordinal + 1), e.contact_id,"
        " 'set', 'contact',"
        f" e.contact_id, 'plan', json_object('v', :value), TRUE, :t {_MINE} AND e.block = :block",
        values | {"value": value},
    )
    session.bound(
        f"{_LOG} SELECT e.bucket, e.id, e.ordinal + 1, :t, :block, 'set', 'plan', 'done' {_MINE} AND e.block = :block",
        values,
    )
    session.bound(
        "UPDATE segue_enrollment SET block = :next, due = :t, waited = FALSE, ordinal = ordinal + 1, last_step_at = :t,"
        f" last_step = 'set plan' WHERE (bucket, id) IN ({_DUE}) AND block = :block",
        values | {"next": write.next},
    )


def _apply(session: Session) -> None:
    """The writes become facts: the property and, where there was a value before, its history."""
    rows = "segue_inbox b WHERE b.at <= :t AND b.kind = 'set' AND b.name = 'plan'"
    session.run(
        "INSERT INTO segue_property_history (bucket, object, id, property, at, seq, old, new, cause) SELECT"
        " b.bucket, 'contact',"
        f" b.id, 'plan', b.at, 0, c.plan, b.payload ->> 'v', b.key FROM contact c, {rows} AND c.bucket = b.bucket"
        " AND c.id = b.id AND c.plan IS NOT NULL",
        t=T,
    )
    session.run(
        f"UPDATE contact AS c SET plan = b.payload ->> 'v' FROM {rows} AND c.bucket = b.bucket AND c.id = b.id", t=T
    )
    session.run("DELETE FROM segue_inbox WHERE at <= :t", t=T)


def _wait(session: Session, block: int, following: int) -> None:
    session.run(
        "UPDATE segue_enrollment SET block = :next, due = :due, waited = TRUE"
        f" WHERE (bucket, id) IN ({_DUE}) AND block = :block",
        next=following,
        due=T + 2 * DAY,
        block=block,
    )
