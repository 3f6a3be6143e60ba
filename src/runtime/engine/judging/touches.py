"""Who has to be looked at again: from what a pass touched to the subjects of a condition."""

from __future__ import annotations

from collections.abc import Iterable

from ...query.reads import CREATED_AS, Path, Read
from ...query.scope import Scope
from ...store.names import link_table, quoted
from ...store.session import Session
from ..work import MANY, empty


class Touches:
    """The touch table and the tokens in it, so that nothing untouched costs a statement. `unheard`: tokens that turn
    nothing, which are not noted."""

    def __init__(self, session: Session, scope: Scope, unheard: frozenset[str] = frozenset()) -> None:
        self.session, self.scope, self.unheard = session, scope, unheard
        self.tokens: set[str] = set()
        self._next: set[str] = set()
        self._uncounted = self._rows = 0

    def add(self, token: str, rows: str, values: dict[str, object], later: bool = False) -> int:
        """Touch the records of a SELECT of (bucket, id, at, event_id, live). `later`: seen by the next pass."""
        if token in self.unheard:
            return 0
        sql = f"INSERT INTO touch SELECT :token, q.bucket, q.id, q.at, q.event_id, q.live, {int(later)} FROM ({rows}) q"
        found = self.session.count(sql, values | {"token": token})
        self._uncounted += found
        self._rows += found
        if found:
            (self._next if later else self.tokens).add(token)
        return found

    def count(self) -> None:
        """Have PostgreSQL count what was touched: it plans by that, and nobody else counts a temporary table."""
        if self._uncounted >= MANY and self.session.dialect == "postgresql":
            self.session.run("ANALYZE touch")
        self._uncounted = 0

    def turn(self) -> None:
        """End of a pass: forget what was seen, see what was written."""
        if not self._next and self._rows:
            empty(self.session, "touch", self._rows)
            self._rows = 0
        elif self.tokens:
            self.session.run("DELETE FROM touch WHERE fresh = 0")
        if self._next:
            self.session.run("UPDATE touch SET fresh = 0")
        self.tokens, self._next = self._next, set()

    def see(self) -> None:
        """In the middle of things: see what was written beside what is seen already."""
        if self._next:
            self.session.run("UPDATE touch SET fresh = 0")
        self.tokens, self._next = self.tokens | self._next, set()

    def subjects(self, reads: Iterable[Read], object_name: str, since: str = "") -> str | None:
        """SQL of (bucket, id, live, at) of the records of `object_name` that `reads` leads to from what was touched;
        None if nothing was. `at`: of the last touch. `since`: SQL that a touch must satisfy to count as live."""
        by_path: dict[Path, set[str]] = {}
        for read in reads:
            if read.token in self.tokens:
                by_path.setdefault(read.path, set()).add(read.token)
        if not by_path:
            return None
        live = f"x.at, CASE WHEN x.live = 1{since} THEN 1 ELSE 0 END"
        parts = [self._from(path, sorted(tokens), object_name, live) for path, tokens in sorted(by_path.items())]
        return (
            f"SELECT bucket, id, max(live) AS live, max(at) AS at FROM ({' UNION ALL '.join(parts)}) u"
            " GROUP BY bucket, id"
        )

    def back(self, rows: str, path: Path, object_name: str) -> tuple[str, str]:
        """SQL that leads from records at the end of `path`, a SELECT of (bucket, id), back to their subject `s`: what
        stands before `s` in FROM, and how all of it is joined."""
        joins, where, before, ends = f"{rows} d", "", "d", ("bucket", "id")
        for i, table in enumerate(self._back(path, object_name)):
            joins += f" CROSS JOIN {quoted(table)} b{i}"
            where += f"b{i}.bucket = {before}.{ends[0]} AND b{i}.id = {before}.{ends[1]} AND "
            before, ends = f"b{i}", ("to_bucket", "to_id")
        return joins, f"{where}s.bucket = {before}.{ends[0]} AND s.id = {before}.{ends[1]}"

    def _from(self, path: Path, tokens: list[str], object_name: str, live: str) -> str:
        named = ", ".join("'" + t.replace("'", "''") + "'" for t in tokens)
        where = f"WHERE x.token IN ({named}) AND x.fresh = 0"
        if not path:
            return f"SELECT x.bucket, x.id, {live} AS live FROM touch x {where}"
        if path[0].startswith(CREATED_AS):  # named in the enrollment: it leads nowhere else
            name = path[0].removeprefix(CREATED_AS).replace("'", "''")
            return (
                f"SELECT e.bucket, e.contact_id AS id, {live} AS live FROM touch x CROSS JOIN segue_created k CROSS"
                f" JOIN segue_enrollment e {where} AND k.record_id = x.id AND k.name = '{name}'"
                " AND e.bucket = k.bucket AND e.id = k.enrollment_id"
            )
        joins, before = "", "x"
        for i, table in enumerate(self._back(path, object_name)):
            here = f"b{i}"
            ends = ("bucket", "id") if i == 0 else ("to_bucket", "to_id")
            # CROSS JOIN keeps SQLite driving from the few that were touched.
            joins += f" CROSS JOIN {quoted(table)} {here}"
            where += f" AND {here}.bucket = {before}.{ends[0]} AND {here}.id = {before}.{ends[1]}"
            before = here
        return f"SELECT {before}.to_bucket AS bucket, {before}.to_id AS id, {live} AS live FROM touch x{joins} {where}"

    def _back(self, path: Path, object_name: str) -> list[str]:
        """The link tables from the end of a path back to its start."""
        tables = []
        for name in path:
            association = self.scope.schema.objects[object_name].associations[name]
            tables.append(link_table(association.target, association.inverse))
            object_name = association.target
        return tables[::-1]
