"""What goes out, and how much has gone."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, SmallInteger, Table, Text, text

from .base import key, metadata

# Effects on the world, keyed (enrollment, ordinal of the step taken).
# state: planned | claimed | sending | sent | refused | deferred | unknown | cancelled; open ones have no settled_at
outbox = Table(
    "segue_outbox",
    metadata,
    key("bucket", SmallInteger),
    key("enrollment_id"),
    key("ordinal", Integer),
    Column("contact_id", BigInteger, nullable=False),
    Column("definition_id", Integer, nullable=False),
    Column("kind", Text, nullable=False, comment="email | webhook | slack"),
    Column("template", Text, nullable=False, comment="of a webhook or Slack: the channel's name"),
    Column("template_hash", Text),
    Column("subject", Text, comment="as it was sent"),
    Column("topic", Text, nullable=False, comment="of a webhook or Slack: empty"),
    Column("payload", Text, comment="of a webhook or Slack: the body it sends, JSON"),
    Column("sender", Text),
    Column("address", Text, comment="where it went; null until sending"),
    Column("key", Text, comment="Message-ID's left half, once sending"),
    Column("automated", Boolean, nullable=False, comment="of the automated part of a dynamic sequence (X11)"),
    Column("due", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("owner", Text),
    Column("attempts", SmallInteger, nullable=False, server_default="0", comment="calls that were answered `later`"),
    Column("tried_at", BigInteger, comment="of the first call; null before"),
    Column("settled_at", BigInteger),
    Column("seen", Integer, nullable=False, server_default=text("0"), comment="what they did with it, bits of `Seen`"),
    Index(
        "segue_outbox_open",
        "due",
        "state",
        "bucket",
        sqlite_where=text("settled_at IS NULL"),
        postgresql_where=text("settled_at IS NULL"),
    ),
    Index("segue_outbox_contact", "bucket", "contact_id", "settled_at"),
    # Mail to somebody else than the one enrolled, whose bucket its row has: the frequency cap asks for the recipient.
    Index(
        "segue_outbox_other",
        "contact_id",
        sqlite_where=text("contact_id % 256 <> bucket"),
        postgresql_where=text("contact_id % 256 <> bucket"),
    ),
    # The few whose outcome nobody knows, until evidence or time tells.
    Index(
        "segue_outbox_unknown",
        "settled_at",
        sqlite_where=text("state = 'unknown'"),
        postgresql_where=text("state = 'unknown'"),
    ),
)

# How many mails left each mailbox in each minute, claimed and sending ones among them: what rolling limits look at
# (S16, S17). `bucket` is of the mailbox's own hash; `mailbox` is an address, or `account` or `provider NAME`.
mailbox_minute = Table(
    "segue_mailbox_minute",
    metadata,
    key("bucket", SmallInteger),
    key("mailbox", Text),
    key("at"),
    Column("count", BigInteger, nullable=False),
)
