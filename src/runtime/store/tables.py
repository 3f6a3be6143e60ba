"""The engine's own tables, one set of definitions for SQLite and PostgreSQL.

All names begin with `segue_`; objects of the schema are tables under their own names (`contact`), events are
`event_KIND`, links `link_OWNER_ASSOCIATION` (see `objects.py`). Instants are int64 microseconds since 1970 UTC.
`bucket` is the contact's (or record's) id modulo 256, first in every key and in every join between a contact's tables.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, SmallInteger, Table, Text, text

metadata = MetaData()


def _key(name: str, type_: type = BigInteger) -> Column[object]:
    return Column(name, type_, primary_key=True, autoincrement=False)


# Key and value of the store as a whole: `clock` (µs), `store_id`, `format`, `schema` (JSON), `tzdata`.
meta = Table("segue_meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

# --- small catalogues -------------------------------------------------------------------------

# A sequence or workflow by name; live from `activated_at` (X1), `vanished_at` set while no rule file has it (X26).
definition = Table(
    "segue_definition",
    metadata,
    _key("id", Integer),
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
    _key("id", Integer),
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
    _key("id", Integer),
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
    _key("part", Text),
    Column("at", BigInteger, comment="null: no stored value lies ahead"),
)

# Users of segue.yaml and of imports; the owner of records and the sender of mail.
user = Table(
    "segue_user",
    metadata,
    _key("name", Text),
    Column("label", Text, nullable=False),
    Column("email", Text),
    Column("time_zone", Text),
    Column("active", Boolean, nullable=False, server_default=text("true")),
)

# --- what happened in the world ---------------------------------------------------------------

# Everything from outside and every effect on CRM data, until its instant has come and it is applied.
# kind: record | delete | set | add | link | unlink | event | enroll | pause | resume | unenroll | task | segment_add |
# segment_remove | consent | loaded
inbox = Table(
    "segue_inbox",
    metadata,
    _key("bucket", SmallInteger),
    _key("at", BigInteger),
    _key("key", Text),
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
    _key("bucket", SmallInteger),
    _key("load"),
    _key("id"),
    Column("at", BigInteger, nullable=False),
    Column("rank", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

property_history = Table(
    "segue_property_history",
    metadata,
    _key("bucket", SmallInteger),
    _key("object", Text),
    _key("id"),
    _key("property", Text),
    _key("at"),
    _key("seq", Integer),
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
    _key("event", Text),
    _key("bucket", SmallInteger),
    _key("id"),
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
    _key("bucket", SmallInteger),
    _key("id"),
    _key("topic", Text),
    Column("state", Text, nullable=False, comment="opted_in | opted_out"),
    Column("at", BigInteger, nullable=False),
    Column("basis", Text),
    Column("source", Text),
    Column("words", Text),
)
suppression = Table(
    "segue_suppression",
    metadata,
    _key("bucket", SmallInteger),
    _key("address", Text),
    Column("reason", Text, nullable=False, comment="bounce | spam | unsubscribed | deleted | blocked"),
    Column("at", BigInteger, nullable=False),
)

# In the order of a segment's members, and in nothing else: judging looks up, adds and ends here (decision 0021).
membership = Table(
    "segue_membership",
    metadata,
    _key("segment_id", Integer),
    _key("bucket", SmallInteger),
    _key("id"),
    _key("joined_at"),
    Column("left_at", BigInteger),
    sqlite_with_rowid=False,
)

# --- scores (X35) -------------------------------------------------------------------------------

# The history of each score, append-only but where a late event fits in: what an instant gave by one rule of it, in the
# score's own parts of a point. `day` is the account's, null for points of a condition, which come and go whole.
award = Table(
    "segue_award",
    metadata,
    _key("bucket", SmallInteger),
    _key("score_id"),
    _key("id"),
    _key("at"),
    _key("rule", SmallInteger),
    Column("day", Integer),
    Column("points", BigInteger, nullable=False),
    Index(
        "segue_award_held",
        "score_id",
        "at",
        sqlite_where=text("day IS NULL"),
        postgresql_where=text("day IS NULL"),
    ),
    sqlite_with_rowid=False,
)

# Of a score that fades: the day, in millionths since 1970, on which what a record has would be worth one point. It
# stays the same until the next award, so a range of an index says whose score passes a mark (decision 0004).
# `lasts` counts points without their sign; `fades`, where rules give and take, the sum.
fading = Table(
    "segue_fading",
    metadata,
    _key("bucket", SmallInteger),
    _key("score_id"),
    _key("id"),
    Column("lasts", BigInteger),
    Column("fades", BigInteger),
    Index("segue_fading_lasts", "score_id", "lasts"),
    Index(
        "segue_fading_fades",
        "score_id",
        "fades",
        sqlite_where=text("fades IS NOT NULL"),
        postgresql_where=text("fades IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

# What is left of a point after so many days, by how many days halve it; in whole numbers, see `scores/fading.py`.
fade = Table(
    "segue_fade",
    metadata,
    _key("half", Integer),
    _key("age", Integer),
    Column("factor", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What to add to an instant from `at` on, so that whole days are the zone's local ones (X14).
local = Table(
    "segue_local",
    metadata,
    _key("zone", Text),
    _key("at"),
    Column("shift", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# --- enrollments ------------------------------------------------------------------------------

# The states of an enrollment that has ended (S43, S44). An errored one is over too: its reason says what to put right.
ENDED = ("errored", "finished", "unenrolled")

# status: pending | active | waiting_task | paused, or one of ENDED (S43).
enrollment = Table(
    "segue_enrollment",
    metadata,
    _key("bucket", SmallInteger),
    _key("id"),
    Column("contact_id", BigInteger, nullable=False, comment="the record enrolled (object of the definition)"),
    Column("definition_id", Integer, nullable=False),
    Column("version_id", Integer, nullable=False),
    Column("nr", Integer, nullable=False, comment="1 for the first time of this record in this definition"),
    Column("status", Text, nullable=False),
    Column("reason", Text, comment="of the present status: no_reply, reply, goal, manual, exclusive, .."),
    Column("detail", Text),
    Column("block", Integer, nullable=False),
    Column("due", BigInteger, comment="null: rests at a send, a task, or has ended"),
    Column("began_at", BigInteger, comment="when the present `wait until` or grace began; null: not begun"),
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
    Index(
        "segue_enrollment_due",
        "due",
        "bucket",
        sqlite_where=text("due IS NOT NULL"),
        postgresql_where=text("due IS NOT NULL"),
    ),
    Index("segue_enrollment_contact", "bucket", "contact_id", "definition_id", "nr", unique=True),
    Index("segue_enrollment_definition", "definition_id", "status", "enrolled_at"),
)

# Append-only. what: entered | send | task | notify | set | enroll | unenroll | wait | branch | switch | paused |
# resumed | status | ended
step = Table(
    "segue_step",
    metadata,
    _key("bucket", SmallInteger),
    _key("enrollment_id"),
    _key("ordinal", Integer),
    Column("at", BigInteger, nullable=False),
    Column("block", Integer, comment="index in the pinned graph"),
    Column("what", Text, nullable=False),
    Column("name", Text, comment="template, task kind, property, definition, status"),
    Column(
        "outcome", Text, nullable=False, comment="done | planned | sent | refused | skipped | cancelled | timeout | .."
    ),
    Column("detail", Text),
)

# Effects on the world, keyed (enrollment, ordinal of the step taken).
# state: planned | claimed | sending | sent | refused | deferred | unknown | cancelled; open ones have no settled_at
outbox = Table(
    "segue_outbox",
    metadata,
    _key("bucket", SmallInteger),
    _key("enrollment_id"),
    _key("ordinal", Integer),
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
    _key("bucket", SmallInteger),
    _key("mailbox", Text),
    _key("at"),
    Column("count", BigInteger, nullable=False),
)

# The records that `create .. as NAME` made in an enrollment.
created = Table(
    "segue_created",
    metadata,
    _key("bucket", SmallInteger),
    _key("enrollment_id"),
    _key("name", Text),
    Column("object", Text, nullable=False),
    Column("record_id", BigInteger, nullable=False),
    Index("segue_created_record", "record_id"),  # from a record that was touched back to who waits for it
)

# Whose turn it is: how many records `assign` has given to a team so far (W16).
rotation = Table(
    "segue_rotation",
    metadata,
    _key("team", Text),
    Column("given", BigInteger, nullable=False),
)

# A task for a person (X22). state: open | done | skipped
task = Table(
    "segue_task",
    metadata,
    _key("bucket", SmallInteger),
    _key("enrollment_id"),
    _key("ordinal", Integer),
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
    Index("segue_task_assignee", "assignee", "state", "due_at"),
)

notification = Table(
    "segue_notification",
    metadata,
    _key("bucket", SmallInteger),
    _key("enrollment_id"),
    _key("ordinal", Integer),
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
    _key("bucket", SmallInteger),
    _key("contact_id"),
    _key("definition_id", Integer),
    _key("at"),
    Column("reason", Text, nullable=False),
    Column("detail", Text),
)

# One row per bucket: who may write it. SQLite is the case of one worker that owns all.
lease = Table(
    "segue_lease",
    metadata,
    _key("bucket", SmallInteger),
    Column("owner", Text, comment="in words; null: nobody"),
    Column("token", BigInteger, nullable=False, comment="raised at each takeover"),
    Column("since", BigInteger, comment="when it was taken, by the database's own clock"),
    Column("until", BigInteger, comment="when a holder that stands still loses it"),
)
