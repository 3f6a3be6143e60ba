"""Conversations that were saved: playbooks, forms and surveys, their answers, drafts and invitations (P1-P13)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Integer, Numeric, SmallInteger, Table, Text

from .base import key, metadata

# One saved conversation, append-only: a later edit is a new one that replaces it (P5).
talk = Table(
    "segue_talk",
    metadata,
    key("bucket", SmallInteger),
    key("id"),
    Column("kind", Text, nullable=False, comment="playbook | form | survey"),
    Column("name", Text, nullable=False),
    Column("object", Text, nullable=False, comment="of the record, whose bucket this is"),
    Column("record_id", BigInteger, nullable=False),
    Column("contact_id", BigInteger, comment="the person on the line, or who answered (X20)"),
    Column("by_user", Text, comment="the user who saved it; null: the contact"),
    Column("at", BigInteger, nullable=False),
    Column("outcome", Text),
    Column("revision", Integer, nullable=False, comment="1 for the first save"),
    Column("replaces", BigInteger, comment="id of the revision before"),
    Column("note_id", BigInteger, comment="the note it left"),
    Index("segue_talk_record", "bucket", "record_id", "at"),
    Index("segue_talk_contact", "contact_id", "at"),
    Index("segue_talk_name", "kind", "name", "at"),
)

# One row an answer that was given: the column of its type holds it as a property's column would.
answer = Table(
    "segue_answer",
    metadata,
    key("bucket", SmallInteger),
    key("talk_id"),
    key("name", Text),
    Column("text", Text, comment="texts, choices, users"),
    Column("text_n", Text, comment="a text folded, as comparisons see it (X31)"),
    Column("number", Numeric),
    Column("whole", BigInteger, comment="money in minor units, instants, truth as 0 and 1"),
    Column("day", Date),
)

# A playbook put aside before it was saved; its writer's own, not the engine's.
draft = Table(
    "segue_draft",
    metadata,
    key("id"),
    Column("name", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("record_id", BigInteger, nullable=False),
    Column("contact_id", BigInteger),
    Column("by_user", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("answers", Text, nullable=False, comment="JSON object: name of the question -> as it was typed"),
)

# Who was asked to answer a survey: one answer each (X27).
invitation = Table(
    "segue_invitation",
    metadata,
    key("bucket", SmallInteger),
    key("id"),
    Column("survey", Text, nullable=False),
    Column("contact_id", BigInteger, nullable=False),
    Column("key", Text, comment="of the mail it went out with"),
    Column("at", BigInteger, nullable=False),
    Column("talk_id", BigInteger, comment="the answer; null: none yet"),
    Index("segue_invitation_contact", "bucket", "contact_id", "survey", "at"),
)
