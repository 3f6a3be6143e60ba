"""What an import makes of a row: facts, which are rows of the inbox or users.

A fact carries its `identity` (what it is about: kind, record, properties, the date the map names) and its `digest`
(what it says). The ledger skips a fact whose identity said the same the last time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import orjson

from ..ids import stable_hash
from ..inbox import InboxRow
from ..values import Storage

# A fact and its opposite are about the same thing: the last one said counts.
_ABOUT = {"unlink": "link", "segment_add": "segment", "segment_remove": "segment"}
_ODD, _MASK = 0x5851_F42D_4C95_7F2D, (1 << 63) - 1  # any odd number: what is multiplied stays apart


class User(NamedTuple):
    """A row of segue_user."""

    name: str
    label: str
    email: str | None
    time_zone: str | None


class Fact(NamedTuple):
    bucket: int
    identity: int
    digest: int
    what: InboxRow | User


@lru_cache(maxsize=1 << 12)
def about(source: str, made: tuple[object, ...], more: object = "") -> int:
    """What a fact of any record is about: kind, object, name and fields of `made`, and further parts."""
    kind, *others = made
    return stable_hash("\x1f".join(map(str, (source, _ABOUT.get(str(kind), kind), *others, more))))


def dated(when: int | None) -> int:
    """What the date that a map names adds to `about`: another number for each instant."""
    return 0 if when is None else when * _ODD & _MASK


def digest_of(values: Sequence[Storage]) -> int:
    """What a record is said to be: the values in the order of their names."""
    return stable_hash(orjson.dumps(values).decode())
