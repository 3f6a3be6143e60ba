"""The steps of `due_store` as somebody would write them by hand, as fast as we know: one statement a table and step, no
machine around it.

The same rows are written: the enrollment's state after each step, its step log, the inbox or outbox row, and what
applying the inbox row changes. On PostgreSQL a step that changes every due row is one statement with its inserts.
"""

from __future__ import annotations

from benchmarks.due_store import DueStore, T
from dsl.program import blocks
from dsl.schema.model import Kind
from runtime.store.dialect import due_at, json_object, json_value
from runtime.store.session import Session
from runtime.times.zones import DAY

_DUE = "SELECT d.bucket, d.id FROM due d"
_LOG = "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome)"
_MINE = "FROM due d CROSS JOIN segue_enrollment e WHERE e.bucket = d.bucket AND e.id = d.id"


# --- a branch, a write, a wait ------------------------------------------------------------------


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


# --- a mail -------------------------------------------------------------------------------------


def mailing(made: DueStore) -> int:
    """The outbox row of a mail, claimed, which the enrollment rests at."""
    with made.session.transaction():
        return _planned(made.session, _OUTBOX + ", owner) SELECT " + _PLANNED + ", 'claimed', 'worker 1'")


def delivering(made: DueStore) -> int:
    """The whole way of a mail: planned with its key and being sent; settled, and on to the wait that follows."""
    session = made.session
    graph = made.engine.rules.versions[made.place.version].pinned.graph.blocks
    send = graph[made.place.block]
    assert isinstance(send, blocks.Send)
    wait = graph[send.next]
    assert isinstance(wait, blocks.Wait)
    with session.transaction():
        key = "'bench.' || {e}.bucket || '.' || {e}.id || '.' || ({e}.ordinal + {more})"
        sending = f"'sending', 'worker 1', {key}, 'nobody@bench.example', :t"
        count = _planned(session, f"{_OUTBOX}, owner, key, address, tried_at) SELECT {_PLANNED}, {sending}")
    with session.transaction():
        (_settled_at_once if session.dialect == "postgresql" else _settled)(session, send.next)
        _wait(session, send.next, wait.next)
        session.run("DELETE FROM due")
    return 3 * count


def appending(made: DueStore) -> int:
    """`mailing` into an outbox that is only appended to, in the order of its key and with no other index."""
    columns = (
        "(bucket, enrollment_id, ordinal, contact_id, definition_id, kind, template, topic, sender, automated, due"
    )
    with made.session.transaction():
        return _planned(made.session, f"INSERT INTO appended {columns}) SELECT {_PLANNED}")


def prepare(session: Session) -> None:
    """What is there before the clock runs."""
    session.run("CREATE TEMPORARY TABLE due (bucket INTEGER, id BIGINT, PRIMARY KEY (bucket, id))")
    session.run("CREATE TEMPORARY TABLE written (bucket INTEGER, id BIGINT, plan TEXT, PRIMARY KEY (bucket, id))")
    columns = (
        "bucket INTEGER, enrollment_id BIGINT, ordinal INTEGER, contact_id BIGINT, definition_id INTEGER, kind TEXT,"
        " template TEXT, topic TEXT, sender TEXT, automated BOOLEAN, due BIGINT"
    )
    clustered = " WITHOUT ROWID" if session.dialect == "sqlite" else ""
    session.run(f"CREATE TABLE appended ({columns}, PRIMARY KEY (bucket, enrollment_id, ordinal)){clustered}")


def _planned(session: Session, insert: str) -> int:
    """Who is due comes to rest at the send, with step and outbox row; how many."""
    rests = "due = NULL, rests = due, waited = FALSE, ordinal = ordinal + 1"
    if session.dialect == "postgresql":
        return session.count(
            f"WITH e AS (UPDATE segue_enrollment SET {rests} WHERE {due_at(session.dialect)} RETURNING bucket, id,"
            " ordinal, contact_id, definition_id, sender, block),"
            f" logged AS ({_LOG} SELECT bucket, id, ordinal, :t, block, 'send', 'hello', 'planned' FROM e),"
            f" noted AS (INSERT INTO due SELECT bucket, id FROM e)"
            f" {insert.format(e='e', more=0)} FROM e",
            {"t": T},
        )
    count = _take(session)
    session.run(f"{insert.format(e='e', more=1)} {_MINE}", t=T)
    session.run(f"{_LOG} SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, 'send', 'hello', 'planned' {_MINE}", t=T)
    session.run(f"UPDATE segue_enrollment SET {rests} WHERE (bucket, id) IN ({_DUE})")
    return count


def _settled(session: Session, block: int) -> None:
    """Sent, on the timeline, and on to `block`, one statement a table."""
    values = {"t": T, "next": block}
    sent = f"{_MINE.replace('WHERE', 'CROSS JOIN segue_outbox o WHERE')} AND o.bucket = e.bucket"
    sent += " AND o.enrollment_id = e.id AND o.ordinal = e.ordinal"
    session.bound(f"{_EVENT} SELECT {_RECEIVED} {sent}", values)
    session.bound(f"{_ACTIVITY.format(f'{_COUNTED} {sent}', last='max', first='min')}", values)
    session.bound(
        f"UPDATE segue_outbox SET state = 'sent', settled_at = :t WHERE (bucket, enrollment_id) IN ({_DUE})"
        " AND settled_at IS NULL",
        values,
    )
    session.bound(f"{_LOG} SELECT e.bucket, e.id, e.ordinal + 1, :t, e.block, 'send', 'hello', 'sent' {_MINE}", values)
    session.bound(f"{_ON} WHERE (bucket, id) IN ({_DUE})", values)


def _settled_at_once(session: Session, block: int) -> None:
    """The same in one statement."""
    session.bound(
        "WITH o AS (UPDATE segue_outbox SET state = 'sent', settled_at = :t WHERE settled_at IS NULL AND"
        " state = 'sending' RETURNING bucket, enrollment_id, ordinal, contact_id, template, topic),"
        f" told AS ({_EVENT} SELECT {_RECEIVED} FROM o),"
        f" counted AS ({_ACTIVITY.format(f'{_COUNTED} FROM o', last='greatest', first='least')}),"
        f" e AS ({_ON} FROM o WHERE segue_enrollment.bucket = o.bucket AND segue_enrollment.id = o.enrollment_id"
        " RETURNING segue_enrollment.bucket, segue_enrollment.id, segue_enrollment.ordinal)"
        f" {_LOG} SELECT bucket, id, ordinal, :t, :block, 'send', 'hello', 'sent' FROM e",
        {"t": T, "next": block, "block": block - 1},
    )


_OUTBOX = (
    "INSERT INTO segue_outbox (bucket, enrollment_id, ordinal, contact_id, definition_id, kind, template, topic,"
    " sender, automated, due, state"
)
_PLANNED = (
    "{e}.bucket, {e}.id, {e}.ordinal + {more}, {e}.contact_id, {e}.definition_id, 'email', 'hello', 'news',"
    " {e}.sender, FALSE, :t"
)
_EVENT = (
    "INSERT INTO event_received_email (bucket, record_id, at, id, enrollment_id, ordinal, template, template__n,"
    " topic, topic__n)"
)
_RECEIVED = (
    "o.contact_id % 256, o.contact_id, :t, o.bucket + 256 * (o.enrollment_id * 1048576 + o.ordinal), o.enrollment_id,"
    " o.ordinal, o.template, o.template, o.topic, o.topic"
)
_COUNTED = "SELECT 'received_email', o.contact_id % 256, o.contact_id, 1, :t, :t"
_ACTIVITY = (
    "INSERT INTO segue_activity (event, bucket, id, count, first_at, last_at) {} ON CONFLICT (event, bucket, id) DO"
    " UPDATE SET count = segue_activity.count + 1, last_at = {last}(segue_activity.last_at, excluded.last_at),"
    " first_at = {first}(segue_activity.first_at, excluded.first_at)"
)
_ON = (
    "UPDATE segue_enrollment SET block = :next, due = :t, rests = NULL, waited = FALSE, ordinal ="
    " segue_enrollment.ordinal + 1,"
    " last_step_at = :t, last_step = 'send hello'"
)

# --- the parts of stepping ----------------------------------------------------------------------


def _take(session: Session) -> int:
    count = session.count(
        f"INSERT INTO due SELECT e.bucket, e.id FROM segue_enrollment e WHERE {due_at(session.dialect, 'e')}", {"t": T}
    )
    if session.dialect == "postgresql":
        session.run("ANALYZE due")
    return count


def _branch(session: Session, block: int, test: blocks.If) -> None:
    joined = _MINE.replace("WHERE", "CROSS JOIN contact c WHERE") + " AND c.bucket = e.bucket AND c.id = e.contact_id"
    session.run(
        f"{_LOG} SELECT e.bucket, e.id, e.ordinal + 1, :t, :block, 'branch', NULL,"
        f" CASE WHEN c.cups > 10 THEN 'then' ELSE 'else' END {joined}",
        t=T,
        block=block,
    )
    arm = "CASE WHEN {c}.cups > 10 THEN :then ELSE :otherwise END"
    values = {"t": T, "then": test.then, "otherwise": test.otherwise}
    if session.dialect == "postgresql":
        session.bound(
            f"UPDATE segue_enrollment AS e SET block = {arm.format(c='c')}, due = :t, ordinal = e.ordinal + 1"
            " FROM due d CROSS JOIN contact c WHERE e.bucket = d.bucket AND e.id = d.id"
            " AND c.bucket = e.bucket AND c.id = e.contact_id",
            values,
        )
        return
    found = f"SELECT {arm.format(c='c')} FROM contact c WHERE c.bucket = segue_enrollment.bucket"
    session.bound(
        f"UPDATE segue_enrollment SET block = ({found} AND c.id = contact_id), due = :t, ordinal = ordinal + 1"
        f" WHERE (bucket, id) IN ({_DUE})",
        values,
    )


def _write(session: Session, block: int, write: blocks.Set) -> None:
    values = {"t": T, "block": block}
    payload = json_object(session.dialect, [("v", "CAST(:value AS TEXT)")])
    session.bound(
        "INSERT INTO segue_inbox (bucket, at, key, rank, kind, object, id, name, payload, live, received_at)"
        " SELECT e.bucket, :t, 'step ' || e.bucket || '/' || e.id || '/' || (e.ordinal + 1), e.contact_id,"
        " 'set', 'contact',"
        f" e.contact_id, 'plan', {payload}, TRUE, :t {_MINE} AND e.block = :block",
        values | {"value": getattr(write.value, "value", None)},
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
    value = json_value(session.dialect, "b.payload", "v", Kind.TEXT)
    session.run(
        "INSERT INTO segue_property_history (bucket, object, id, property, at, seq, old, new, cause) SELECT"
        f" b.bucket, 'contact', b.id, 'plan', b.at, 0, c.plan, {value}, b.key FROM contact c, {rows}"
        " AND c.bucket = b.bucket AND c.id = b.id AND c.plan IS NOT NULL",
        t=T,
    )
    if session.dialect == "postgresql":
        session.run(f"UPDATE contact AS c SET plan = {value} FROM {rows} AND c.bucket = b.bucket AND c.id = b.id", t=T)
    else:  # by their key: SQLite would look at every contact
        session.run(f"INSERT INTO written SELECT b.bucket, b.id, {value} FROM {rows}", t=T)
        session.run(
            "UPDATE contact SET plan = (SELECT w.plan FROM written w WHERE w.bucket = contact.bucket AND w.id ="
            " contact.id) WHERE (bucket, id) IN (SELECT w.bucket, w.id FROM written w)"
        )
        session.run("DELETE FROM written")
    session.run("DELETE FROM segue_inbox WHERE at <= :t", t=T)


def _wait(session: Session, block: int, following: int) -> None:
    session.run(
        "UPDATE segue_enrollment SET block = :next, due = :due, waited = TRUE"
        f" WHERE (bucket, id) IN ({_DUE}) AND block = :block",
        next=following,
        due=T + 2 * DAY,
        block=block,
    )
