"""Ids and buckets. A record's id is a 63-bit hash of what names it outside, so it is the same in every store,
nobody hands out numbers, and a load needs no look-ups to link one record to another."""

from __future__ import annotations

from hashlib import blake2b

BUCKETS = 256  # fixed for ever
_STEPS = 1 << 20  # of one enrollment, so that 2**35 enrollments fit beside them into 63 bits


def record_id(object_name: str, external_id: str) -> int:
    """A positive 63-bit id, never 0, the same for the same object and external id on every machine."""
    return stable_hash(f"{object_name}\x1f{external_id}")


def event_id(kind: str, source_id: str) -> int:
    """The id of an event from its source's own id: a second delivery of it changes nothing."""
    return stable_hash(f"event\x1f{kind}\x1f{source_id}")


def stable_hash(text: str) -> int:
    """A positive 63-bit hash, never 0."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1 or 1


def made_sql(bucket: str, enrollment: str, ordinal: str) -> str:
    """SQL of the id of what a step makes, an event or a record: no other step has it, a step taken again makes the
    same, and it lies in the bucket of its enrollment."""
    return f"({bucket} + {BUCKETS} * ({enrollment} * {_STEPS} + {ordinal}))"


def id_in(text: str) -> int | None:
    """The id that people write as `#123` or `123`; None where it is none, or more than 63 bits."""
    digits = text.strip().removeprefix("#")
    whole = digits.isdecimal() and digits.isascii() and len(digits) <= 19
    return int(digits) if whole and int(digits) < 1 << 63 else None


def step_in(text: str) -> tuple[int, int, int] | None:
    """(bucket, enrollment, ordinal): how tasks are called, `121.2.5`, and how the keys of messages end."""
    parts = [id_in(part) for part in text.split(".")[-3:]]
    match parts:
        case [int(bucket), int(enrollment), int(ordinal)]:
            return bucket, enrollment, ordinal
    return None


def bucket_of(id_: int) -> int:
    """The bucket of a record and of all that belongs to it. In SQL: `id % 256`."""
    return id_ % BUCKETS
