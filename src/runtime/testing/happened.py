"""What has happened in a test so far, read from where the engine writes it: mails, tasks, notifications, writes."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.blocks import Add, Assign, Clear, Set

from ..channels.memory import MemoryChannel
from .stage import Stage

Key = tuple[str, str]  # kind and name of a definition


@dataclass(frozen=True, slots=True)
class Mail:
    """`state` is sent, refused, cancelled, planned, .. and `at` when that was settled, else when it is due. `key` is
    that of the message, empty before there is one."""

    source: Key
    who: int
    at: int
    template: str
    state: str
    reason: str
    key: str


@dataclass(frozen=True, slots=True)
class Task:
    source: Key
    who: int
    at: int
    kind: str
    assignee: str | None
    due: int | None
    reminded: int | None
    priority: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Notice:
    source: Key
    who: int
    at: int
    user: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Write:
    """A property written by a definition; `who` is the record enrolled, `path` leads from it to the one written."""

    source: Key
    who: int
    at: int
    path: tuple[str, ...]
    object: str
    property: str


@dataclass(frozen=True, slots=True)
class Enrollment:
    source: Key
    who: int
    status: str
    reason: str
    detail: str
    ended_at: int | None


@dataclass(frozen=True, slots=True)
class Refusal:
    source: Key
    who: int
    at: int
    reason: str


class Happened:
    """All that happened on a stage up to now, the oldest first."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.session = stage, stage.session
        self.keys: dict[int, Key] = {
            live.id: (live.definition.kind, live.definition.name) for live in stage.engine.rules.live
        }

    def mails(self) -> list[Mail]:
        rows = self.session.run(
            "SELECT definition_id, contact_id, coalesce(settled_at, due), template, state, coalesce(reason, ''),"
            " coalesce(key, '') FROM segue_outbox WHERE kind = 'email' ORDER BY 3, bucket, enrollment_id, ordinal"
        )
        return [Mail(self.keys[row[0]], *row[1:]) for row in rows]

    def words(self, mail: Mail) -> str:
        """Subject and text of a mail that went, in one line."""
        from email import message_from_bytes, policy

        channel = self.stage.engine.channel
        assert isinstance(channel, MemoryChannel)  # no test has another
        read = message_from_bytes(channel.sent[mail.key], policy=policy.default)
        text = read.get_body(("plain",))
        return " ".join(f"{read['subject']} {text.get_content() if text is not None else ''}".split())

    def tasks(self) -> list[Task]:
        rows = self.session.run(
            "SELECT definition_id, contact_id, created_at, kind, assignee, due_at, remind_at, priority, title"
            " FROM segue_task ORDER BY 3, bucket, enrollment_id, ordinal"
        )
        return [Task(self.keys[row[0]], *row[1:]) for row in rows]

    def notices(self) -> list[Notice]:
        rows = self.session.run(
            "SELECT e.definition_id, n.contact_id, n.at, n.recipient, n.words FROM segue_notification n"
            " JOIN segue_enrollment e ON e.bucket = n.bucket AND e.id = n.enrollment_id"
            " ORDER BY n.at, n.bucket, n.enrollment_id, n.ordinal"
        )
        return [Notice(self.keys[row[0]], *row[1:]) for row in rows]

    def writes(self) -> list[Write]:
        """Properties that steps have written; which one, their block tells."""
        rows = self.session.run(
            "SELECT e.contact_id, s.at, s.block, e.version_id, e.definition_id FROM segue_step s JOIN segue_enrollment"
            " e ON e.bucket = s.bucket AND e.id = s.enrollment_id WHERE s.what IN ('set', 'add', 'clear', 'assign')"
            " AND s.outcome = 'done' ORDER BY s.at, s.bucket, s.enrollment_id, s.ordinal"
        )
        found = []
        for who, at, block, version, definition in rows:
            match self.stage.engine.rules.versions[version].pinned.graph.blocks[block]:
                case Set() | Add() | Clear() as written:
                    key = self.keys[definition]
                    found.append(Write(key, who, at, written.path, written.object, written.property))
                case Assign(ref, property_) if not ref.name:
                    found.append(Write(self.keys[definition], who, at, ref.path, ref.object, property_))
        return found

    def enrollments(self) -> list[Enrollment]:
        rows = self.session.run(
            "SELECT definition_id, contact_id, status, coalesce(reason, ''), coalesce(detail, ''), ended_at"
            " FROM segue_enrollment ORDER BY entered_at, bucket, id"
        )
        return [Enrollment(self.keys[row[0]], *row[1:]) for row in rows]

    def refusals(self) -> list[Refusal]:
        rows = self.session.run(
            "SELECT definition_id, contact_id, at, reason FROM segue_refusal ORDER BY at, bucket, definition_id"
        )
        return [Refusal(self.keys[row[0]], *row[1:]) for row in rows]
