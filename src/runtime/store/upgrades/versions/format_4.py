"""Format 4: what a person was seen to do is kept with the enrollment and with its mails. What that is follows from the
events, and is worked out when all is in its new shape (`store/seen.py`)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    for table in ("segue_enrollment", "segue_outbox", "segue_task"):
        op.add_column(table, sa.Column("seen", sa.Integer(), nullable=False, server_default=sa.text("0")))
