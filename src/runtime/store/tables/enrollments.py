"""Enrollments, the steps they took and what these made for people here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, Integer, SmallInteger, Table, Text, event, text

from .base import key, metadata

# The states of an enrollment that has ended (S43, S44). An errored one is over too: its reason says what to put right.
ENDED = ("errored", "finished", "unenrolled")

# status: pending | active | waiting_task | paused, or one of ENDED (S43).
enrollment = Table(
    "segue_enrollment",
    metadata,
    key("bucket", SmallInteger),
    key("id"),
    Column("contact_id", BigInteger, nullable=False, comment="the record enrolled (object of the definition)"),
    Column("definition_id", Integer, nullable=False),
    Column("version_id", Integer, nullable=False),
    Column("nr", Integer, nullable=False, comment="1 for the first time of this record in this definition"),
    Column("status", Text, nullable=False),
    Column("reason", Text, comment="of the present status: no_reply, reply, goal, manual, exclusive, .."),
    Column("detail", Text),
    Column("block", Integer, nullable=False),
    Column("due", BigInteger, comment="null: rests at a send, a task, or has ended"),
    Column(
        "began_at",
        BigInteger,
        comment="when the present `wait until`, grace or wait for the hours began; null: not begun",
    ),
    Column(
        "waited",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="the present block was reached by a wait (X16)",
    ),
    Column("ordinal", Integer, nullable=False, comment="of the last step row"),
    Column("enrolled_at", BigInteger, nullable=False),
    Column(
        "entered_at",
        BigInteger,
        nullable=False,
        comment="the tick that made it; enrolled_at may be the trigger's own instant (X4)",
    ),
    Column("enrolled_by", Text, comment="user: the enroller, else the resolved sender (X21)"),
    Column("by_hand", Boolean, nullable=False),
    Column("sender", Text),
    Column("zone", Text, nullable=False),
    Column("person_zone", Text, nullable=False, comment="of quiet hours"),
    Column("trigger_event", Text),
    Column("trigger_at", BigInteger),
    Column("trigger_id", BigInteger),
    Column("paused_at", BigInteger),
    Column("resume_due", BigInteger, comment="the due it had; what is left of it is kept (S40)"),
    Column("resume_status", Text, comment="what to return to on resume"),
    Column("engaged_at", BigInteger, comment="the rep-led switch (D4)"),
    Column("ended_at", BigInteger),
    Column("evidence", BigInteger, comment="id of the event that ended it (S44)"),
    Column("last_step_at", BigInteger),
    Column("last_step", Text, comment="what the last executed step was: `send intro`"),
    Column("rests", BigInteger, comment="the due it had when it came to rest at a mail that goes at once"),
    Column("seen", Integer, nullable=False, server_default=text("0"), comment="what they did in it, bits of `Seen`"),
    Index(
        "segue_enrollment_due", "due", "bucket", sqlite_where=text("due IS NOT NULL"), info={"dialect": "sqlite"}
    ).ddl_if(dialect="sqlite"),
    Index("segue_enrollment_contact", "bucket", "contact_id", "definition_id", "nr", unique=True),
    Index("segue_enrollment_definition", "definition_id", "status", "enrolled_at"),
    # Room for the row as it will be: a step that leaves every indexed column as it was writes no index then.
    postgresql_with={"fillfactor": 70},
)

# PostgreSQL finds who is due by a column of its own, which stays as it was while a mail goes out: `due` itself is in no
# index there, so that of the steps of one instant only the wait at their end writes to the indexes (decision 0028).
_ON_POSTGRESQL = (
    "ALTER TABLE segue_enrollment ADD COLUMN wake BIGINT GENERATED ALWAYS AS (coalesce(due, rests)) STORED",
    "CREATE INDEX segue_enrollment_wake ON segue_enrollment (wake, bucket) WHERE wake IS NOT NULL",
)


@event.listens_for(enrollment, "after_create")
def _on_postgresql(_table: Table, connection: Connection, **_: Any) -> None:
    if connection.dialect.name == "postgresql":
        for statement in _ON_POSTGRESQL:
            connection.exec_driver_sql(statement)


# Append-only. what: entered | send | task | notify | set | enroll | unenroll | wait | branch | switch | paused |
# resumed | status | ended
step = Table(
    "segue_step",
    metadata,
    key("bucket", SmallInteger),
    key("enrollment_id"),
    key("ordinal", Integer),
    Column("at", BigInteger, nullable=False),
    Column("block", Integer, comment="index in the pinned graph"),
    Column("what", Text, nullable=False),
    Column("name", Text, comment="template, task kind, property, definition, status"),
    Column(
        "outcome", Text, nullable=False, comment="done | planned | sent | refused | skipped | cancelled | timeout | .."
    ),
    Column("detail", Text),
)

# The records that `create .. as NAME` made in an enrollment.
created = Table(
    "segue_created",
    metadata,
    key("bucket", SmallInteger),
    key("enrollment_id"),
    key("name", Text),
    Column("object", Text, nullable=False),
    Column("record_id", BigInteger, nullable=False),
    Index("segue_created_record", "record_id"),  # from a record that was touched back to who waits for it
)

# Whose turn it is: how many records `assign` has given to a team so far (W16).
rotation = Table(
    "segue_rotation",
    metadata,
    key("team", Text),
    Column("given", BigInteger, nullable=False),
)

# A task for a person (X22). state: open | done | skipped
task = Table(
    "segue_task",
    metadata,
    key("bucket", SmallInteger),
    key("enrollment_id"),
    key("ordinal", Integer),
    Column("contact_id", BigInteger, nullable=False),
    Column("definition_id", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("template", Text),
    Column("assignee", Text, comment="null: the unassigned queue"),
    Column("priority", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger),
    Column("remind_at", BigInteger),
    Column("waits", Boolean, nullable=False),
    Column("block", Integer, nullable=False, comment="index in the pinned graph"),
    Column("name", Text),
    Column("state", Text, nullable=False),
    Column("done_at", BigInteger),
    Column("note", Text, comment="`enrollment ended (reason)` (X10)"),
    Column("seen", Integer, nullable=False, server_default=text("0"), comment="of its mail, bits of `Seen`"),
    Index("segue_task_assignee", "assignee", "state", "due_at"),
)

notification = Table(
    "segue_notification",
    metadata,
    key("bucket", SmallInteger),
    key("enrollment_id"),
    key("ordinal", Integer),
    Column("contact_id", BigInteger, nullable=False),
    Column("recipient", Text, comment="a user; null: the unassigned queue"),
    Column("words", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("segue_notification_recipient", "recipient", "at"),
)

# Who was refused entry, when and why (S27, S31): in no figure.
refusal = Table(
    "segue_refusal",
    metadata,
    key("bucket", SmallInteger),
    key("contact_id"),
    key("definition_id", Integer),
    key("at"),
    Column("reason", Text, nullable=False),
    Column("detail", Text),
)

# Where a deleted contact who had been enrolled belonged, by number alone: figures by company and of deals still count
# them (M24). name: company | deal, the association.
tombstone = Table(
    "segue_tombstone",
    metadata,
    key("bucket", SmallInteger),
    key("id"),
    key("name", Text),
    key("to_bucket", SmallInteger),
    key("to_id"),
    Column("at", BigInteger, nullable=False),
)
