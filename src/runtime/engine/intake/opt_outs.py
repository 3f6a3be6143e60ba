"""Refusals of a topic: they belong to the address as to the person (L3)."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.program.definitions import Program
from dsl.schema.model import TopicKind


def refusable(program: Program) -> Iterator[tuple[str, bool]]:
    """The topics that a person may refuse, each with whether one has to be asked first (X24)."""
    for topic in program.schema.topics.values():
        if topic.kind is not TopicKind.TRANSACTIONAL:
            yield topic.name, topic.kind is TopicKind.MARKETING and program.project.consent == "strict"


def opted_out(contact: str, topics: str) -> str:
    """SQL: whether the contact with this number, or another one of the same address, has opted out of one of the topics
    (SQL, as in `IN`). A refusal always wins (L8), whatever the other one chose."""
    return (
        "EXISTS (SELECT 1 FROM contact me CROSS JOIN contact same CROSS JOIN segue_consent n"
        f" WHERE me.bucket = {contact} % 256 AND me.id = {contact} AND same.email__n = me.email__n"
        " AND n.bucket = same.bucket AND n.id = same.id"
        f" AND n.topic IN ({topics}) AND n.state = 'opted_out')"
    )


def opted_in(contact: str, topic: str) -> str:
    """SQL: whether this very person has opted in."""
    return (
        f"EXISTS (SELECT 1 FROM segue_consent n WHERE n.bucket = {contact} % 256 AND n.id = {contact}"
        f" AND n.topic = {topic} AND n.state = 'opted_in')"
    )


def barred(contact: str, topic: str, asked: bool) -> str:
    """SQL: whether mail on this topic is refused; `asked`: only who opted in gets it (X24)."""
    out = opted_out(contact, topic)
    return f"(NOT {opted_in(contact, topic)} OR {out})" if asked else out
