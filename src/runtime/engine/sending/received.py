"""A mail sent is an event of its own: `received_email` on the contact's timeline."""

from __future__ import annotations

from collections.abc import Iterable

from ...store.dialect import greatest, json_object, least
from ...store.ids import made_sql
from ...store.names import event_table, folded, folded_column, quoted
from ...store.session import Session
from ..going_live.heard import RECEIVED
from ..rows import TO_INBOX
from ..rules import Rules

_KIND = "received_email"
_SENT = "FROM fate o WHERE o.state IN ('sent', 'unknown') AND o.kind = 'email'"


class Received:
    """Where the rules listen to it, it goes through the inbox and the next pass hears of it; else it is written at
    once, with its counts. `unheard`: tokens that turn nothing."""

    def __init__(self, session: Session, rules: Rules, unheard: frozenset[str]) -> None:
        self.session, self.rules = session, rules
        self.kind = rules.scope.schema.events.get(_KIND)
        self.heard = RECEIVED not in unheard or (self.kind is not None and self.kind.act)

    def __call__(self, now: int) -> None:
        """Of the mails that the table `fate` says went, or may have gone."""
        if self.kind is None:
            return
        values: dict[str, object] = {}
        columns = self._columns(values)
        if self.heard:
            self._told(columns, values | {"now": now})
        else:
            self._noted(columns, values, now)

    def _columns(self, values: dict[str, object]) -> list[tuple[str, str]]:
        """What the event says, and its SQL."""
        names = {"template": self.rules.program.templates, "topic": self.rules.program.schema.topics}
        pairs = [("id", made_sql("o.bucket", "o.enrollment_id", "o.ordinal"))]
        pairs += [("enrollment", "o.enrollment_id"), ("ordinal", "o.ordinal")]
        for column, known in names.items():
            pairs += [(column, f"o.{column}"), (folded_column(column), _folded(f"o.{column}", column, known, values))]
        return pairs

    def _told(self, columns: list[tuple[str, str]], values: dict[str, object]) -> None:
        self.session.bound(
            f"{TO_INBOX} SELECT o.contact_id % 256, :now, 'sent ' || o.key, 0, 'event', '{_KIND}', o.contact_id, NULL,"
            f" 'template,topic', {json_object(self.session.dialect, columns)}, TRUE, :now {_SENT}"
            " ON CONFLICT DO NOTHING",
            values,
        )

    def _noted(self, columns: list[tuple[str, str]], values: dict[str, object], now: int) -> None:
        renamed = {"enrollment": "enrollment_id"}
        names = ", ".join(quoted(renamed.get(name, name)) for name, _ in columns)
        self.session.bound(
            f"INSERT INTO {quoted(event_table(_KIND))} (bucket, record_id, at, {names})"
            f" SELECT o.contact_id % 256, o.contact_id, :now, {', '.join(sql for _, sql in columns)} {_SENT}"
            " ORDER BY 1, 2 ON CONFLICT DO NOTHING",
            values | {"now": now},
        )
        dialect = self.session.dialect
        first = least(dialect, "segue_activity.first_at", "excluded.first_at")
        last = greatest(dialect, "segue_activity.last_at", "excluded.last_at")
        # PostgreSQL takes no row twice in one upsert; SQLite does, and need not sort them first.
        many, grouped = ("1", "") if dialect == "sqlite" else ("count(*)", " GROUP BY 2, 3")
        self.session.bound(
            "INSERT INTO segue_activity (event, bucket, id, count, first_at, last_at)"
            f" SELECT '{_KIND}', o.contact_id % 256, o.contact_id, {many}, :now, :now {_SENT}"
            f"{grouped} ON CONFLICT (event, bucket, id) DO UPDATE SET count = segue_activity.count"
            f" + excluded.count, first_at = {first}, last_at = {last}",
            {"now": now},
        )


def _folded(column: str, prefix: str, known: Iterable[str], values: dict[str, object]) -> str:
    """SQL of a name as comparisons see it (X31); only names that look different folded need a word."""
    cases = ""
    for i, name in enumerate(n for n in sorted(known) if folded(n) != n):
        values[f"{prefix}{i}"], values[f"{prefix}{i}n"] = name, folded(name)
        cases += f" WHEN :{prefix}{i} THEN :{prefix}{i}n"
    return f"CASE {column}{cases} ELSE {column} END" if cases else column
