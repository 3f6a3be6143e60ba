"""Format 2: scores, webhooks and Slack, limits of mailboxes, records that rules create, turns of teams; counts of
events are kept kind by kind, memberships segment by segment, texts of the past also as comparisons see them, and leases
say since when."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from runtime.store.names import folded

revision = "2"
down_revision = "1"

_COUNTS = "bucket, id, event, count, first_at, last_at"


def upgrade() -> None:
    _activity()
    _membership()
    _outbox()
    _scores()
    _history()
    op.add_column("segue_lease", sa.Column("since", sa.BigInteger()))
    op.create_table(
        "segue_mailbox_minute",
        _key("bucket", sa.SmallInteger()),
        _key("mailbox", sa.Text()),
        _key("at"),
        sa.Column("count", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "segue_created",
        _key("bucket", sa.SmallInteger()),
        _key("enrollment_id"),
        _key("name", sa.Text()),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
    )
    op.create_index("segue_created_record", "segue_created", ["record_id"])
    op.create_table(
        "segue_loaded",
        _key("bucket", sa.SmallInteger()),
        _key("load"),
        _key("id"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table("segue_rotation", _key("team", sa.Text()), sa.Column("given", sa.BigInteger(), nullable=False))


def _history() -> None:
    """A text that was, folded as the database cannot (X31)."""
    op.add_column("segue_property_history", sa.Column("old_n", sa.Text()))
    op.add_column("segue_property_history", sa.Column("new_n", sa.Text()))
    connection = op.get_bind()
    schema = connection.execute(sa.text("SELECT value FROM segue_meta WHERE key = 'schema'")).scalar()
    texts = [
        (name, column)
        for name, of in json.loads(schema or "{}").get("objects", {}).items()
        for column, type_ in of["properties"].items()
        if type_["kind"] == "text"
    ]
    key = "bucket = :bucket AND object = :object AND id = :id AND property = :property AND at = :at AND seq = :seq"
    for name, column in texts:
        rows = connection.execute(
            sa.text("SELECT * FROM segue_property_history WHERE object = :object AND property = :property"),
            {"object": name, "property": column},
        )
        found = [dict(row) | {"o": _folded(row["old"]), "n": _folded(row["new"])} for row in rows.mappings()]
        if found:
            connection.execute(sa.text(f"UPDATE segue_property_history SET old_n = :o, new_n = :n WHERE {key}"), found)


def _folded(text: str | None) -> str | None:
    return None if text is None else folded(text)


def _activity() -> None:
    op.rename_table("segue_activity", "segue_activity_1")
    op.drop_index("segue_activity_last", "segue_activity_1")
    op.create_table(
        "segue_activity",
        _key("event", sa.Text()),
        _key("bucket", sa.SmallInteger()),
        _key("id"),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO segue_activity ({_COUNTS}) SELECT {_COUNTS} FROM segue_activity_1")
    op.drop_table("segue_activity_1")
    op.create_index("segue_activity_last", "segue_activity", ["event", "last_at", "bucket", "id"])


def _membership() -> None:
    op.rename_table("segue_membership", "segue_membership_1")
    op.drop_index("segue_membership_now", "segue_membership_1")
    op.create_table(
        "segue_membership",
        _key("segment_id", sa.Integer()),
        _key("bucket", sa.SmallInteger()),
        _key("id"),
        _key("joined_at"),
        sa.Column("left_at", sa.BigInteger()),
        sqlite_with_rowid=False,
    )
    columns = "segment_id, bucket, id, joined_at, left_at"
    op.execute(f"INSERT INTO segue_membership ({columns}) SELECT {columns} FROM segue_membership_1 ORDER BY 1, 2, 3, 4")
    op.drop_table("segue_membership_1")


def _outbox() -> None:
    op.add_column("segue_outbox", sa.Column("payload", sa.Text()))
    op.add_column("segue_outbox", sa.Column("attempts", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("segue_outbox", sa.Column("tried_at", sa.BigInteger()))
    other = sa.text("contact_id % 256 <> bucket")
    op.create_index("segue_outbox_other", "segue_outbox", ["contact_id"], sqlite_where=other, postgresql_where=other)
    unknown = sa.text("state = 'unknown'")
    op.create_index(
        "segue_outbox_unknown", "segue_outbox", ["settled_at"], sqlite_where=unknown, postgresql_where=unknown
    )


def _scores() -> None:
    op.create_table(
        "segue_award",
        _key("bucket", sa.SmallInteger()),
        _key("score_id"),
        _key("id"),
        _key("at"),
        _key("rule", sa.SmallInteger()),
        sa.Column("day", sa.Integer()),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    held = sa.text("day IS NULL")
    op.create_index("segue_award_held", "segue_award", ["score_id", "at"], sqlite_where=held, postgresql_where=held)
    op.create_table(
        "segue_fading",
        _key("bucket", sa.SmallInteger()),
        _key("score_id"),
        _key("id"),
        sa.Column("lasts", sa.BigInteger()),
        sa.Column("fades", sa.BigInteger()),
        sqlite_with_rowid=False,
    )
    op.create_index("segue_fading_lasts", "segue_fading", ["score_id", "lasts"])
    fades = sa.text("fades IS NOT NULL")
    op.create_index(
        "segue_fading_fades", "segue_fading", ["score_id", "fades"], sqlite_where=fades, postgresql_where=fades
    )
    op.create_table(
        "segue_fade",
        _key("half", sa.Integer()),
        _key("age", sa.Integer()),
        sa.Column("factor", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "segue_local",
        _key("zone", sa.Text()),
        _key("at"),
        sa.Column("shift", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )


def _key(name: str, type_: sa.types.TypeEngine[Any] | None = None) -> sa.Column[Any]:
    return sa.Column(name, type_ or sa.BigInteger(), primary_key=True, autoincrement=False)
