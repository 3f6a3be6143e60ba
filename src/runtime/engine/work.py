"""The temporary tables one pass works in: of this connection, emptied at each pass, seen by nobody else."""

from __future__ import annotations

from ..store.session import Session

# What the pass took from the inbox.
_BATCH = """(bucket INTEGER, at BIGINT, key TEXT, rank BIGINT, kind TEXT, object TEXT, id BIGINT, name TEXT,
    fields TEXT, payload TEXT, live INTEGER, received_at BIGINT)"""
# Which record was touched by what. `fresh` rows were written by this pass and are seen by the next (X12).
# `live`: may start something (X1, X2). `event_id` names the event where the touch is one.
_TOUCH = """(token TEXT, bucket INTEGER, id BIGINT, at BIGINT, event_id BIGINT, live INTEGER, fresh INTEGER)"""
# Records whose verdict on one kept condition has changed.
_VERDICT = """(bucket INTEGER, id BIGINT, held INTEGER, live INTEGER, PRIMARY KEY (bucket, id))"""
# Who may be enrolled where, and why.
_START = """(definition_id INTEGER, bucket INTEGER, id BIGINT, at BIGINT, event TEXT, event_id BIGINT,
    by_user TEXT, by_hand BOOLEAN, by_condition BOOLEAN)"""
# The same for one definition, being checked.
_ENTRANT = """(bucket INTEGER, contact_id BIGINT, nr INTEGER, enrolled_at BIGINT, enrolled_by TEXT, by_hand BOOLEAN,
    sender TEXT, zone TEXT, person_zone TEXT, trigger_event TEXT, trigger_at BIGINT, trigger_id BIGINT,
    reason TEXT, detail TEXT, pending BOOLEAN, PRIMARY KEY (bucket, contact_id))"""
# Enrollments that end in this pass.
_ENDED = """(bucket INTEGER, id BIGINT, status TEXT, reason TEXT, detail TEXT, evidence BIGINT, block INTEGER,
    PRIMARY KEY (bucket, id))"""
# Enrollments due at the start of the pass, in slices: block by block, and there in the order of their table.
_MOVER = """(bucket INTEGER, id BIGINT, version_id INTEGER, block INTEGER, zone TEXT, person_zone TEXT,
    first_by_hand INTEGER, slice BIGINT,
    PRIMARY KEY (slice, version_id, block, bucket, id))"""
# Enrollments chosen by one statement for the next ones.
_CHOSEN = """(bucket INTEGER, id BIGINT, value TEXT, folded TEXT, PRIMARY KEY (bucket, id))"""
# Outbox rows whose fate is known. `hash`: of the template that went out, or the words of a refusal.
_SETTLED = """(bucket INTEGER, enrollment_id BIGINT, ordinal INTEGER, state TEXT, reason TEXT, address TEXT, key TEXT,
    hash TEXT, PRIMARY KEY (bucket, enrollment_id, ordinal))"""
# The same with what is told of each: looked up once, of outbox and enrollment. `taken`: the steps it has taken.
_FATE = """(bucket INTEGER, enrollment_id BIGINT, ordinal INTEGER, state TEXT, reason TEXT, hash TEXT,
    contact_id BIGINT, kind TEXT, template TEXT, topic TEXT, key TEXT, version_id INTEGER, block INTEGER,
    taken INTEGER)"""
# The claimed outbox rows that leave next.
_OUTGOING = """(kind TEXT, template TEXT, version_id INTEGER, bucket INTEGER, enrollment_id BIGINT, ordinal INTEGER,
    PRIMARY KEY (kind, template, version_id, bucket, enrollment_id, ordinal))"""
# Who takes a turn of a team (W16). `again`: also from an owner; `had`: the owner; `target`: the record.
_TURN = """(bucket INTEGER, id BIGINT, due BIGINT, contact_id BIGINT, next INTEGER, team TEXT, object TEXT,
    property TEXT, called TEXT, again INTEGER, target BIGINT, had TEXT, PRIMARY KEY (bucket, id))"""
# Who gets the mails of one step, by enrollment.
_RECIPIENT = """(bucket INTEGER, id BIGINT, nr INTEGER, contact_id BIGINT, PRIMARY KEY (bucket, id, nr))"""
# Where mail of this pass would go.
_ADDRESS = "(bucket INTEGER, address TEXT)"

# Outbox rows that may go now, and what became of that. verdict: null while nothing holds it; law (handed on, to be
# refused) | quiet_hours | window | cap | limit(NAME) (deferred to `until`) | skip | ended | go.
_CANDIDATE = """(bucket INTEGER, enrollment_id BIGINT, ordinal INTEGER, contact_id BIGINT, version_id INTEGER,
    kind TEXT, topic TEXT, template TEXT, zone TEXT, their_zone TEXT, at_once INTEGER, address TEXT, planned_at BIGINT,
    verdict TEXT, until BIGINT, nth BIGINT, PRIMARY KEY (bucket, enrollment_id, ordinal))"""
# Mails that count against the cap of a person, and the days of the account's zone.
_COUNTED = "(address TEXT, at BIGINT, day INTEGER)"
_DAY = "(day INTEGER, begins BIGINT, ends BIGINT)"
# Which rate limits a candidate counts for, the room each has now, and its free minutes for the ones that wait.
_LANE = """(bucket INTEGER, enrollment_id BIGINT, ordinal INTEGER, name TEXT,
    PRIMARY KEY (bucket, enrollment_id, ordinal, name))"""
_LANE_ROOM = "(name TEXT, bucket INTEGER, room BIGINT, PRIMARY KEY (name))"
_SLOT = "(name TEXT, first BIGINT, at BIGINT)"
# Whose points for an event are counted again, and from which instant to which.
_RESCORED = "(bucket INTEGER, id BIGINT, since BIGINT, until BIGINT, PRIMARY KEY (bucket, id))"

WORN = 4_000_000  # bytes of deleted rows in all work tables that are too many
MANY = 100  # rows of a work table from which on PostgreSQL had better know of them

TABLES = {
    "batch": _BATCH,
    "touch": _TOUCH,
    "verdict": _VERDICT,
    "start": _START,
    "entrant": _ENTRANT,
    "ended": _ENDED,
    "mover": _MOVER,
    "chosen": _CHOSEN,
    "settled": _SETTLED,
    "fate": _FATE,
    "outgoing": _OUTGOING,
    "turn": _TURN,
    "recipient": _RECIPIENT,
    "address": _ADDRESS,
    "rescored": _RESCORED,
    "candidate": _CANDIDATE,
    "counted": _COUNTED,
    "day": _DAY,
    "lane": _LANE,
    "lane_room": _LANE_ROOM,
    "slot": _SLOT,
}


def prepare(session: Session) -> None:
    """Make the temporary tables of this connection, which may come from a pool and have them."""
    for name, columns in TABLES.items():
        # Rows that have a key live in it: one tree to write instead of two.
        keyed = session.dialect == "sqlite" and "PRIMARY KEY" in columns
        session.run(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} {columns}{' WITHOUT ROWID' if keyed else ''}")
    session.run("CREATE INDEX IF NOT EXISTS touch_token ON touch (token, bucket, id)")
    session.run("CREATE INDEX IF NOT EXISTS batch_kind ON batch (kind, object)")
    session.run("CREATE INDEX IF NOT EXISTS candidate_address ON candidate (address)")
    session.run("CREATE INDEX IF NOT EXISTS candidate_until ON candidate (until)")
    session.run("CREATE INDEX IF NOT EXISTS counted_address ON counted (address)")
    session.run("CREATE INDEX IF NOT EXISTS lane_name ON lane (name)")
    session.run("CREATE INDEX IF NOT EXISTS slot_name ON slot (name, first)")
    if session.dialect == "sqlite":
        _guess(session)


def _guess(session: Session) -> None:
    """SQLite takes a table it has not counted to have a million rows, and nobody counts ours. Led by one it would read
    a table of less from end to end, to know at once what is not in there (a Bloom filter): say that ours are small."""
    session.run("ANALYZE temp")  # makes the table of figures
    session.run("DELETE FROM temp.sqlite_stat1")
    tables = "FROM temp.sqlite_schema m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
    session.run(f"INSERT INTO temp.sqlite_stat1 (tbl, stat) SELECT m.name, '1000' {tables}")
    keys = tables.replace("WHERE", "CROSS JOIN pragma_index_list(m.name, 'temp') i WHERE")
    name = "CASE i.origin WHEN 'pk' THEN m.name ELSE i.name END"
    session.run(f"INSERT INTO temp.sqlite_stat1 (tbl, idx, stat) SELECT m.name, {name}, '1000 10 1 1 1 1 1 1' {keys}")
    session.run("ANALYZE temp.sqlite_schema")  # and has it read


def empty(session: Session, table: str, rows: int) -> None:
    """After so many rows. What is deleted from a temporary table of PostgreSQL stays in its way, as nothing sweeps it;
    to cut the table off costs more than to delete a few."""
    cut = rows >= MANY and session.dialect == "postgresql"
    session.run(f"{'TRUNCATE' if cut else 'DELETE FROM'} {table}")


def sweep(session: Session) -> None:
    """Between instants, when all are empty: on PostgreSQL nobody else takes away what was deleted from a temporary
    table, and a worker that runs for months would read more of it at every pass."""
    if session.dialect != "postgresql":
        return
    size = session.one(
        "SELECT sum(pg_relation_size(c.oid)) FROM pg_class c WHERE c.relnamespace = pg_my_temp_schema() AND"
        " c.relkind = 'r'"
    )
    if size > WORN:
        session.run(f"TRUNCATE {', '.join(TABLES)}")


def clear(session: Session) -> None:
    """Forget what a pass that failed left behind: it was committed before its mail went out."""
    for name in TABLES:
        session.run(f"DELETE FROM {name}")
