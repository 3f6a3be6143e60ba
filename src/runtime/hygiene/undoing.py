"""A run of fixes taken back: each value that is still what the run wrote becomes what it was."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from dsl.schema.model import Schema

from ..access.audit import About, acting
from ..access.roles import Actor
from ..errors import UnknownName
from ..store import inbox
from ..store.ids import bucket_of
from ..store.names import quoted
from ..store.session import Row, Session
from .finding import PAGE
from .fixing import set_row
from .kept import waiting
from .values import stored
from .working import Change


@dataclass(slots=True)
class Undone:
    """How many properties were put back; `changed` were written by somebody else since, `waiting` have something in
    the inbox: ask again after the next tick."""

    run: int
    back: int = 0
    changed: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """A run of fixes: of which hygiene, when (µs), by whom, how many values; `undone` of them were taken back."""

    run: int
    hygiene: str
    object: str
    at: int
    by_user: str
    values: int
    undone: int


def runs(session: Session, limit: int = 50) -> list[Run]:
    """The newest first."""
    rows = session.run(
        "SELECT r.run, min(r.hygiene), min(r.object), min(r.at), min(r.by_user), count(*), count(r.undone_at)"
        " FROM segue_repair r WHERE r.run > (SELECT coalesce(max(run), 0) FROM segue_repair) - :limit"
        " GROUP BY r.run ORDER BY r.run DESC",
        limit=limit,
    )
    return [Run(int(run), by.split(" ")[0], of, at, who, int(n), int(back)) for run, by, of, at, who, n, back in rows]


def last_run(session: Session) -> Run | None:
    """The last one of which something is not taken back yet."""
    return next((run for run in runs(session) if run.undone < run.values), None)


def undo(session: Session, schema: Schema, run: int, who: Actor) -> Undone:
    """Ask for it, all in one transaction. Raises UnknownName, NotAllowed."""
    rows = session.run("SELECT DISTINCT hygiene, object FROM segue_repair WHERE run = :run", run=run)
    if not rows:
        raise UnknownName(f"there is no run {run} of fixes", "`segue hygiene NAME --fix` tells the number of each")
    hygiene, of = rows[0][0].split(" ")[0], rows[0][1]
    work = _Undo(session, schema, Undone(run), f"undo hygiene {hygiene} {run}", of)
    with acting(session, who, "hygiene", About(of, name=f"hygiene {hygiene}", detail={"did": "undo", "run": run})):
        for name in session.run("SELECT DISTINCT property FROM segue_repair WHERE run = :run", run=run):
            work.property(name[0])
    return work.result


class _Undo:
    def __init__(self, session: Session, schema: Schema, result: Undone, cause: str, of: str) -> None:
        self.session, self.schema, self.result, self.cause, self.of = session, schema, result, cause, of
        self.at = inbox.present(session)

    def property(self, name: str) -> None:
        """Those of one property, a page at a time."""
        if self.of not in self.schema.objects or name not in self.schema.objects[self.of].properties:
            return
        place = (-1, 0)
        while rows := self._page(name, *place):
            place = (rows[-1][0], rows[-1][1])
            later = waiting(self.session, self.of, [row[1] for row in rows], self.cause)
            back = [row for row in rows if row[1] not in later and self._is_as_written(name, row)]
            self.result.waiting += len(later)
            self.result.changed += len(rows) - len(later) - len(back)
            self._write(name, back)

    def _page(self, name: str, bucket: int, id_: int) -> list[Row]:
        """(bucket, id, old, new, present value) of records that are still there."""
        return self.session.run(
            f"SELECT r.bucket, r.id, r.old, r.new, s.{quoted(name)} FROM segue_repair r JOIN {quoted(self.of)} s"
            " ON s.bucket = r.bucket AND s.id = r.id WHERE r.run = :run AND r.object = :object AND r.property = :name"
            " AND r.undone_at IS NULL AND r.new IS NOT NULL AND (r.bucket, r.id) > (:bucket, :id)"
            f" ORDER BY r.bucket, r.id LIMIT {PAGE}",
            run=self.result.run, object=self.of, name=name, bucket=bucket, id=id_,
        )  # fmt: skip

    def _is_as_written(self, name: str, row: Row) -> bool:
        kind = self.schema.objects[self.of].properties[name].type.kind
        return bool(stored(kind, row[4]) == orjson.loads(row[3]))

    def _write(self, name: str, rows: list[Row]) -> None:
        kind = self.schema.objects[self.of].properties[name].type.kind
        changes = [Change(self.of, id_, "", name, orjson.loads(new), orjson.loads(old)) for _, id_, old, new, _ in rows]
        inbox.put(self.session, (set_row(one, kind, one.new, self.at, self.cause) for one in changes))
        self.session.many(
            "UPDATE segue_repair SET undone_at = :at WHERE bucket = :bucket AND run = :run AND object = :object"
            " AND id = :id AND property = :name",
            [
                {"at": self.at, "bucket": bucket_of(one.id), "run": self.result.run, "object": self.of, "id": one.id,
                 "name": name}
                for one in changes
            ],
        )  # fmt: skip
        self.result.back += len(changes)
