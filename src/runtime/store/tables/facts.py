"""What happened in the world, waiting and applied, and what is kept of it for conditions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, SmallInteger, Table, Text

from .base import key, metadata

# Everything from outside and every effect on CRM data, until its instant has come and it is applied.
# kind: record | delete | set | add | link | unlink | event | enroll | pause | resume | unenroll | task | segment_add |
# segment_remove | consent | loaded
inbox = Table(
    "segue_inbox",
    metadata,
    key("bucket", SmallInteger),
    key("at", BigInteger),
    key("key", Text),
    Column("rank", BigInteger, nullable=False, server_default="0", comment="order among rows of one instant"),
    Column("kind", Text, nullable=False),
    Column("object", Text, nullable=False, comment="object of the schema; for an event its kind"),
    Column("id", BigInteger, nullable=False, comment="the record's id; for an event its contact's"),
    Column("name", Text, comment="property, association, definition or segment"),
    Column("fields", Text, nullable=False, server_default="", comment="names in payload, sorted, joined by comma"),
    Column("payload", Text, nullable=False, server_default="{}", comment="JSON object; folded values under NAME__n"),
    Column("live", Boolean, nullable=False, comment="false: past, starts nothing (X2)"),
    Column("received_at", BigInteger, nullable=False),
    Index("segue_inbox_at", "at", "bucket"),
)

# Records that an import wrote into their table at once (decision 0022), until the engine has taken note of them. What
# the rows of a `load` say is in its row of the inbox: kind `loaded`, named by the number.
loaded = Table(
    "segue_loaded",
    metadata,
    key("bucket", SmallInteger),
    key("load"),
    key("id"),
    Column("at", BigInteger, nullable=False),
    Column("rank", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

property_history = Table(
    "segue_property_history",
    metadata,
    key("bucket", SmallInteger),
    key("object", Text),
    key("id"),
    key("property", Text),
    key("at"),
    key("seq", Integer),
    Column("old", Text),
    Column("new", Text),
    Column("old_n", Text, comment="of a text: folded, as comparisons see it (X31)"),
    Column("new_n", Text),
    Column("cause", Text, comment="import, or the step that wrote it: KIND NAME ENROLLMENT/ORDINAL"),
    Index("segue_property_history_at", "object", "property", "at"),
)

# Per record and kind of (human) event, and for all acts together as `acted`: how many, first and last. Follows from the
# schema, not from rules. The kind leads its key: judging everybody reads one kind in the order of the records (0021).
activity = Table(
    "segue_activity",
    metadata,
    key("event", Text),
    key("bucket", SmallInteger),
    key("id"),
    Column("count", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Index("segue_activity_last", "event", "last_at", "bucket", "id"),
    sqlite_with_rowid=False,
)

# Consent per topic (X24, L4; topic "" is all mail, which can only be refused) and addresses never to be mailed (bucket
# of the address's own hash). What a person refused follows them to a new address (L3).
consent = Table(
    "segue_consent",
    metadata,
    key("bucket", SmallInteger),
    key("id"),
    key("topic", Text),
    Column("state", Text, nullable=False, comment="opted_in | opted_out"),
    Column("at", BigInteger, nullable=False),
    Column("basis", Text),
    Column("source", Text),
    Column("words", Text),
)

suppression = Table(
    "segue_suppression",
    metadata,
    key("bucket", SmallInteger),
    key("address", Text),
    Column("reason", Text, nullable=False, comment="bounce | spam | unsubscribed | deleted | blocked"),
    Column("at", BigInteger, nullable=False),
)

# In the order of a segment's members, and in nothing else: judging looks up, adds and ends here (decision 0021).
membership = Table(
    "segue_membership",
    metadata,
    key("segment_id", Integer),
    key("bucket", SmallInteger),
    key("id"),
    key("joined_at"),
    Column("left_at", BigInteger),
    sqlite_with_rowid=False,
)
