"""Invitations: a token for who may answer, of which the store keeps a hash alone (X27)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from secrets import token_hex

from .ids import bucket_of, stable_hash
from .session import Session

_TOKEN = re.compile(r"[0-9a-f]{34}")


@dataclass(frozen=True, slots=True)
class Invitation:
    """A row of segue_invitation; `at` in µs, `talk_id` the answer."""

    bucket: int
    id: int
    survey: str
    contact_id: int
    at: int
    talk_id: int | None


def new_token(contact: int) -> str:
    """Nobody can guess it; it begins with the bucket of its contact."""
    return f"{bucket_of(contact):02x}{token_hex(16)}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is invited to a survey; `key`: of the mail that asks, None where somebody did it by hand."""

    survey: str
    contact_id: int
    token: str
    key: str | None = None


def write(session: Session, asked: Iterable[Asked], at: int) -> None:
    """In the caller's transaction."""
    session.many(
        "INSERT INTO segue_invitation (bucket, id, survey, contact_id, key, at)"
        " VALUES (:bucket, :id, :survey, :contact, :key, :at)",
        [
            {
                "bucket": bucket_of(one.contact_id), "id": _hash(one.token), "survey": one.survey,
                "contact": one.contact_id, "key": one.key, "at": at,
            }
            for one in asked
        ],
    )  # fmt: skip


def invitation(session: Session, token: str) -> Invitation | None:
    """The one that a token opens; None where it opens none."""
    wanted = token.strip().lower()
    if not _TOKEN.fullmatch(wanted):
        return None
    rows = session.run(
        "SELECT bucket, id, survey, contact_id, at, talk_id FROM segue_invitation WHERE bucket = :bucket AND id = :id",
        bucket=int(wanted[:2], 16),
        id=_hash(wanted),
    )
    return Invitation(*rows[0]) if rows else None


def use(session: Session, opened: Invitation, talk_id: int) -> bool:
    """Whether this answer is the first: of two at once one is."""
    values = {"bucket": opened.bucket, "id": opened.id, "talk": talk_id}
    sql = "UPDATE segue_invitation SET talk_id = :talk WHERE bucket = :bucket AND id = :id AND talk_id IS NULL"
    return session.count(sql, values) == 1


def _hash(token: str) -> int:
    return stable_hash(f"invitation\x1f{token}")
