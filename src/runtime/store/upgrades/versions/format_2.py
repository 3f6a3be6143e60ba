"""Format 2: webhooks and Slack in the outbox, limits of mailboxes, records that rules create, turns of teams."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    op.add_column("segue_outbox", sa.Column("payload", sa.Text()))
    op.add_column("segue_outbox", sa.Column("attempts", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("segue_lease", sa.Column("since", sa.BigInteger()))
    op.create_table(
        "segue_mailbox_minute",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, primary_key=True),
        sa.Column("mailbox", sa.Text(), primary_key=True),
        sa.Column("at", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "segue_created",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, primary_key=True),
        sa.Column("enrollment_id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "segue_rotation",
        sa.Column("team", sa.Text(), primary_key=True),
        sa.Column("given", sa.BigInteger(), nullable=False),
    )
