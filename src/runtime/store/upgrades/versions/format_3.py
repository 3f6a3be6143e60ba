"""Format 3: conversations with their answers, drafts and invitations; acts, reviews and repairs by hand; where deleted
contacts belonged; on PostgreSQL steps that write to no index of the enrollments."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    _talks()
    _by_hand()
    _tombstone()
    _enrollment()


def _talks() -> None:
    op.create_table(
        "segue_talk",
        _key("bucket", sa.SmallInteger()),
        _key("id"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger()),
        sa.Column("by_user", sa.Text()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.BigInteger()),
        sa.Column("note_id", sa.BigInteger()),
    )
    op.create_index("segue_talk_record", "segue_talk", ["bucket", "record_id", "at"])
    op.create_index("segue_talk_contact", "segue_talk", ["contact_id", "at"])
    op.create_index("segue_talk_name", "segue_talk", ["kind", "name", "at"])
    op.create_table(
        "segue_answer",
        _key("bucket", sa.SmallInteger()),
        _key("talk_id"),
        _key("name", sa.Text()),
        sa.Column("text", sa.Text()),
        sa.Column("text_n", sa.Text()),
        sa.Column("number", sa.Numeric()),
        sa.Column("whole", sa.BigInteger()),
        sa.Column("day", sa.Date()),
    )
    op.create_table(
        "segue_draft",
        _key("id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger()),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
    )
    op.create_table(
        "segue_invitation",
        _key("bucket", sa.SmallInteger()),
        _key("id"),
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("talk_id", sa.BigInteger()),
    )
    op.create_index("segue_invitation_contact", "segue_invitation", ["bucket", "contact_id", "survey", "at"])


def _by_hand() -> None:
    op.create_table(
        "segue_audit",
        _key("id"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("refused", sa.SmallInteger(), nullable=False),
        sa.Column("object", sa.Text()),
        sa.Column("record_id", sa.BigInteger()),
        sa.Column("name", sa.Text()),
        sa.Column("detail", sa.Text(), nullable=False, server_default="{}"),
    )
    op.create_index("segue_audit_at", "segue_audit", ["at"])
    op.create_index("segue_audit_record", "segue_audit", ["record_id", "at"])
    op.create_table(
        "segue_reviewed",
        _key("bucket", sa.SmallInteger()),
        _key("hygiene", sa.Text()),
        _key("rule", sa.Text()),
        _key("id"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("words", sa.Text()),
    )
    op.create_table(
        "segue_repair",
        _key("bucket", sa.SmallInteger()),
        _key("run"),
        _key("object", sa.Text()),
        _key("id"),
        _key("property", sa.Text()),
        sa.Column("hygiene", sa.Text(), nullable=False),
        sa.Column("old", sa.Text()),
        sa.Column("new", sa.Text()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.BigInteger()),
    )
    op.create_index("segue_repair_run", "segue_repair", ["run"])


def _tombstone() -> None:
    op.create_table(
        "segue_tombstone",
        _key("bucket", sa.SmallInteger()),
        _key("id"),
        _key("name", sa.Text()),
        _key("to_bucket", sa.SmallInteger()),
        _key("to_id"),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )


def _enrollment() -> None:
    op.add_column("segue_enrollment", sa.Column("rests", sa.BigInteger()))
    if op.get_context().dialect.name == "sqlite":
        return
    op.drop_index("segue_enrollment_due", "segue_enrollment")
    op.execute("ALTER TABLE segue_enrollment SET (fillfactor = 70)")
    op.execute("ALTER TABLE segue_enrollment ADD COLUMN wake BIGINT GENERATED ALWAYS AS (coalesce(due, rests)) STORED")
    op.execute("CREATE INDEX segue_enrollment_wake ON segue_enrollment (wake, bucket) WHERE wake IS NOT NULL")


def _key(name: str, type_: sa.types.TypeEngine[Any] | None = None) -> sa.Column[Any]:
    return sa.Column(name, type_ or sa.BigInteger(), primary_key=True, autoincrement=False)
