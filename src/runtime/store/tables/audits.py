"""What people did at the store by hand, and what they decided about its records."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, SmallInteger, Table, Text

from .base import key, metadata

# Append-only: every act of a person, those refused too.
audit = Table(
    "segue_audit",
    metadata,
    key("id"),
    Column("at", BigInteger, nullable=False),
    Column("by_user", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("refused", SmallInteger, nullable=False, comment="1: the role does not allow it"),
    Column("object", Text),
    Column("record_id", BigInteger),
    Column("name", Text, comment="definition, playbook, pipeline, .. it was about"),
    Column("detail", Text, nullable=False, server_default="{}", comment="JSON object"),
    Index("segue_audit_at", "at"),
    Index("segue_audit_record", "record_id", "at"),
)

# What a person said of a finding of a hygiene rule: it stays out of the queue (P15).
reviewed = Table(
    "segue_reviewed",
    metadata,
    key("bucket", SmallInteger),
    key("hygiene", Text),
    key("rule", Text),
    key("id"),
    Column("at", BigInteger, nullable=False),
    Column("by_user", Text, nullable=False),
    Column("words", Text),
)

# What a hygiene run wrote, so that it can be taken back.
repair = Table(
    "segue_repair",
    metadata,
    key("bucket", SmallInteger),
    key("run"),
    key("object", Text),
    key("id"),
    key("property", Text),
    Column("hygiene", Text, nullable=False),
    Column("old", Text),
    Column("new", Text),
    Column("at", BigInteger, nullable=False),
    Column("by_user", Text, nullable=False),
    Column("undone_at", BigInteger),
    Index("segue_repair_run", "run"),
)
