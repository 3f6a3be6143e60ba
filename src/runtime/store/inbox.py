"""The inbox: the one way from the outside into the store. A row is a fact or a command with the instant at which it
holds; the engine applies it once its clock has come there (X2), in the order (at, rank, key).

    kind                            object     id              name         payload
    record                          object     record          -            property values, `external_id`
    delete                          object     record          -            {}
    set, add                        object     record          property     {"v": .., "n": folded}
    move                            object     record          stage        {"from", "to", "by", "role"}
    link, unlink                    owner      record          association  {"to": id}
    event                           kind       its record      -            fields, "id", "class", "enrollment", ..
    consent                         contact    contact         topic        {"state", "basis", "source", "words"}
    enroll, pause, resume, unenroll object     record          "sequence x" {"by": user, ..}
    broadcast                       contact    -               "broadcast x" {"by": user}
    task                            object     record          -            {"enrollment", "ordinal", "state", "by"}
    assign                          contact    contact         -            {"enrollment", "ordinal", "to", "by"}
    settle                          contact    contact         key          {"enrollment", "ordinal", "state", "by"}
    segment_add, segment_remove     object     record          segment      {}

Values are in the storage encoding of `values.py`; text stands there twice, as NAME and, folded, as NAME__n (X31).
`fields` names the properties or fields of the payload, so that rows of one shape are applied together.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import orjson

from .ids import bucket_of, event_id, record_id, stable_hash
from .names import folded, folded_column
from .outside import outside
from .session import Session, placeholders
from .values import Storage

Values = Mapping[str, Storage]
_ROWS_AT_ONCE = 2_000
_TWIN = folded_column("")
_NOT_FIELDS = frozenset(("external_id", "id", "class", "enrollment", "ordinal"))


class InboxRow(NamedTuple):
    """One row of segue_inbox. `key` is unique per bucket and instant: the same row put twice waits once.

    `live=False` marks the past: it counts in conditions and starts nothing (X2)."""

    bucket: int
    at: int
    key: str
    rank: int
    kind: str
    object: str
    id: int
    name: str | None
    fields: str
    payload: str
    live: bool
    received_at: int


def row(
    kind: str,
    object_name: str,
    id_: int,
    name: str | None,
    payload: Values,
    *,
    at: int,
    fields: str = "",
    live: bool = True,
    rank: int = 0,
    key: str = "",
    received_at: int | None = None,
) -> InboxRow:
    """Any row of the inbox. Without a `key` it is the hash of all the row says: the same thing said twice is one."""
    text = orjson.dumps(payload).decode()
    own = key or f"{stable_hash(f'{kind}/{object_name}/{id_}/{name}/{text}'):x}"
    received = now() if received_at is None else received_at
    return InboxRow(bucket_of(id_), at, own, rank, kind, object_name, id_, name, fields, text, live, received)


def record_row(
    object_name: str,
    external_id: str,
    values: Values,
    *,
    at: int,
    live: bool = True,
    rank: int = 0,
    key: str = "",
    received_at: int | None = None,
) -> InboxRow:
    """The properties given hold from `at` on; a record not yet known begins then, or at its `created_at`."""
    id_, payload = record_id(object_name, external_id), {**values, "external_id": external_id}
    fields = names_of(values)
    return row(
        "record", object_name, id_, None, payload,
        at=at, fields=fields, live=live, rank=rank, key=key, received_at=received_at,
    )  # fmt: skip


def set_row(
    object_name: str,
    id_: int,
    name: str,
    value: Storage,
    *,
    at: int,
    live: bool = True,
    rank: int = 0,
    key: str = "",
) -> InboxRow:
    """One property takes `value` at `at`. The history names `key` as the cause."""
    payload = {"v": value, "n": folded(value)} if isinstance(value, str) else {"v": value}
    return row("set", object_name, id_, name, payload, at=at, live=live, rank=rank, key=key)


def delete_row(object_name: str, id_: int, *, at: int) -> InboxRow:
    """The record is deleted at `at`: it leaves everything, and what happened stays under its number alone (X9)."""
    return row("delete", object_name, id_, None, {}, at=at)


def event_row(
    kind: str,
    id_: int,
    source_id: str,
    values: Values,
    *,
    at: int,
    class_: str | None = None,
    live: bool = True,
    rank: int = 0,
    key: str = "",
    received_at: int | None = None,
) -> InboxRow:
    """An event of the record `id_`; `source_id` is the source's own id of it, a second delivery changes nothing.

    An event without class counts as human (X30)."""
    payload = {**values, "id": event_id(kind, source_id)} | ({"class": class_} if class_ else {})
    fields = names_of(values)
    return row(
        "event", kind, id_, None, payload,
        at=at, fields=fields, live=live, rank=rank, key=key, received_at=received_at,
    )  # fmt: skip


def link_row(
    owner: str,
    id_: int,
    association: str,
    to: int,
    *,
    at: int,
    unlink: bool = False,
    live: bool = True,
    rank: int = 0,
    key: str = "",
    received_at: int | None = None,
) -> InboxRow:
    """A link from `at` on, or its end; the engine keeps the other direction too."""
    kind = "unlink" if unlink else "link"
    return row(
        kind, owner, id_, association, {"to": to},
        at=at, live=live, rank=rank, key=key, received_at=received_at,
    )  # fmt: skip


def consent_row(
    id_: int,
    topic: str,
    state: str,
    *,
    at: int,
    basis: str | None = None,
    source: str | None = None,
    words: str | None = None,
    live: bool = True,
    rank: int = 0,
    key: str = "",
    received_at: int | None = None,
) -> InboxRow:
    """A contact's choice on a topic, `opted_in` or `opted_out`, with its basis and text (X24)."""
    payload = {"state": state, "basis": basis, "source": source, "words": words}
    return row(
        "consent", "contact", id_, topic, payload,
        at=at, live=live, rank=rank, key=key, received_at=received_at,
    )  # fmt: skip


def command_row(kind: str, object_name: str, id_: int, name: str | None, *, at: int, **payload: Storage) -> InboxRow:
    """`enroll`, `pause`, `resume`, `unenroll` (named `sequence trial`), `segment_add`, `segment_remove`, `task`."""
    return row(kind, object_name, id_, name, payload, at=at)


def put(session: Session, rows: Iterable[InboxRow]) -> None:
    """Add rows; one that waits already is left as it is. The caller's transaction. Raises InvalidInput for a row of the
    wrong shape (`outside.py`): roll back then."""
    check = outside(str(session.one("SELECT value FROM segue_meta WHERE key = 'schema'"))).check
    given = iter(rows)
    while some := list(islice(given, _ROWS_AT_ONCE)):
        check(some)
        put_checked(session, some)


def put_checked(session: Session, rows: Sequence[InboxRow]) -> None:
    """`put` for rows whose values are known to fit."""
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        session.many(_PUT, [one._asdict() for one in rows[first : first + _ROWS_AT_ONCE]])


def asked_already(session: Session, kind: str, buckets: Iterable[int]) -> dict[tuple[int, str], dict[str, Storage]]:
    """What people asked for that no tick has taken in yet: the payloads of the commands of a kind, by bucket and key.

    For the transaction in which one more is put: who asks at the same time waits until its end, so that each sees what
    the other asked for. What a tick takes in at this moment is done in the tables, which are to be read after this."""
    among = sorted(set(buckets))
    if not among:
        return {}
    in_turn(session, kind)
    values: dict[str, object] = {"kind": kind}
    those = placeholders("b", among, values)
    rows = session.bound(
        f"SELECT bucket, key, payload FROM segue_inbox WHERE bucket IN ({those}) AND kind = :kind"
        " ORDER BY at DESC, rank DESC",
        values,
    )
    return {(bucket, key): orjson.loads(payload) for bucket, key, payload in rows}


def in_turn(session: Session, kind: str) -> None:
    """Until the end of the caller's transaction who asks for the same kind waits; SQLite has one writer anyway."""
    if session.dialect == "postgresql":
        session.run("SELECT pg_advisory_xact_lock(:kind)", kind=stable_hash(f"asked\x1f{kind}"))


def names_of(values: Iterable[str]) -> str:
    """The properties or fields among the names of a payload, sorted: the row's shape."""
    return ",".join(sorted(name for name in values if not name.endswith(_TWIN) and name not in _NOT_FIELDS))


def now() -> int:
    """The real clock in µs since 1970: when a row reached us."""
    return time.time_ns() // 1000


def present(session: Session) -> int:
    """The instant (µs) at which something is done by hand. Virtual time stands still since the last tick, so it is just
    after that; on the real clock it is now, but never before what has been worked through."""
    told: dict[str, str] = dict(session.run("SELECT key, value FROM segue_meta WHERE key IN ('clock', 'clock_kind')"))
    if "clock" not in told:
        return now()
    after = int(told["clock"]) + 1
    return max(after, now()) if told.get("clock_kind") == "real" else after


_PUT = (
    f"INSERT INTO segue_inbox ({', '.join(InboxRow._fields)}) VALUES ({', '.join(':' + f for f in InboxRow._fields)})"
    " ON CONFLICT (bucket, at, key) DO NOTHING"
)
