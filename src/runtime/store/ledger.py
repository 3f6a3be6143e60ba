"""What the imports have said so far: one row per fact, so that saying it again changes nothing.

`key` is a hash of what a fact is about, `digest` of what it says. A fact is new when its key is, or when the last
import said something else under it.
"""

from __future__ import annotations

from collections.abc import Iterable

import orjson
from sqlalchemy import BigInteger, Column, SmallInteger, Table

from .session import Session
from .tables import metadata

imported = Table(
    "segue_imported",
    metadata,
    Column("bucket", SmallInteger, primary_key=True, autoincrement=False),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

_GIVEN = {
    "sqlite": "SELECT j.value ->> 0, j.value ->> 1, j.value ->> 2 FROM json_each(:facts) j WHERE TRUE",
    "postgresql": "SELECT CAST(j ->> 0 AS smallint), CAST(j ->> 1 AS bigint), CAST(j ->> 2 AS bigint)"
    " FROM jsonb_array_elements(CAST(:facts AS jsonb)) j",
}


def news(session: Session, facts: Iterable[tuple[int, int, int]]) -> set[int]:
    """Enter facts as (bucket, key, digest), each key once; gives the keys of those that say something new."""
    told = sorted(facts)
    if not told:
        return set()
    rows = session.run(
        f"INSERT INTO segue_imported (bucket, key, digest) {_GIVEN[session.dialect]}"
        " ON CONFLICT (bucket, key) DO UPDATE SET digest = excluded.digest"
        " WHERE segue_imported.digest <> excluded.digest RETURNING key",
        facts=orjson.dumps(told).decode(),
    )
    return {row[0] for row in rows}
