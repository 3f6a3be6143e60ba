"""What is kept of scores (X35)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, Text, text

from .base import key, metadata

# The history of each score, append-only but where a late event fits in: what an instant gave by one rule of it, in the
# score's own parts of a point. `day` is the account's, null for points of a condition, which come and go whole.
award = Table(
    "segue_award",
    metadata,
    key("bucket", SmallInteger),
    key("score_id"),
    key("id"),
    key("at"),
    key("rule", SmallInteger),
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
    key("bucket", SmallInteger),
    key("score_id"),
    key("id"),
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
    key("half", Integer),
    key("age", Integer),
    Column("factor", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What to add to an instant from `at` on, so that whole days are the zone's local ones (X14).
local = Table(
    "segue_local",
    metadata,
    key("zone", Text),
    key("at"),
    Column("shift", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
