"""What the store knows of the rules, of users and of itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, SmallInteger, Table, Text, text

from .base import key, metadata

# Key and value of the store as a whole: `clock` (µs), `store_id`, `format`, `schema` (JSON), `tzdata`.
meta = Table("segue_meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

# A sequence or workflow by name; live from `activated_at` (X1), `vanished_at` set while no rule file has it (X26).
definition = Table(
    "segue_definition",
    metadata,
    key("id", Integer),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("activated_at", BigInteger, nullable=False),
    Column("vanished_at", BigInteger),
    Column("program", Text, nullable=False, comment="the last compiled form, canonical JSON"),
    Index("segue_definition_name", "kind", "name", unique=True),
)

# A version of a definition's pinned part (X26). `program` is the canonical JSON of dsl Pinned.
version = Table(
    "segue_version",
    metadata,
    key("id", Integer),
    Column("definition_id", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    Column("program", Text, nullable=False),
    Column("first_seen_at", BigInteger, nullable=False),
    Index("segue_version_hash", "definition_id", "hash", unique=True),
)

# A kept condition: a segment by name, the `when` condition of a definition (kind `when:sequence`, `when:workflow`) or a
# rule of a score over a condition (`points`, named SCORE/NUMBER). `score`: a score itself, for the hash of its rules.
segment = Table(
    "segue_segment",
    metadata,
    key("id", Integer),
    Column("kind", Text, nullable=False, comment="segment | static | when:sequence | when:workflow | score | points"),
    Column("name", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("hash", Text, nullable=False, comment="of the condition and of every segment it reads"),
    Column("vanished_at", BigInteger),
    Index("segue_segment_name", "kind", "name", unique=True),
)

# A part of a kept condition that time alone can turn, and the next instant at which it does for anybody.
due = Table(
    "segue_due",
    metadata,
    key("part", Text),
    Column("at", BigInteger, comment="null: no stored value lies ahead"),
)

# Users of segue.yaml and of imports; the owner of records and the sender of mail.
user = Table(
    "segue_user",
    metadata,
    key("name", Text),
    Column("label", Text, nullable=False),
    Column("email", Text),
    Column("time_zone", Text),
    Column("active", Boolean, nullable=False, server_default=text("true")),
)

# One row per bucket: who may write it. SQLite is the case of one worker that owns all.
lease = Table(
    "segue_lease",
    metadata,
    key("bucket", SmallInteger),
    Column("owner", Text, comment="in words; null: nobody"),
    Column("token", BigInteger, nullable=False, comment="raised at each takeover"),
    Column("since", BigInteger, comment="when it was taken, by the database's own clock"),
    Column("until", BigInteger, comment="when a holder that stands still loses it"),
)
