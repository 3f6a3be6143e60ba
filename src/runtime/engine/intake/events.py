"""Events: appended once per id, counted at ingestion, and followed by what the standard ones mean (L3, X9)."""

from __future__ import annotations

from collections.abc import Iterable

from dsl.schema.model import EventKind, Kind

from ...channels.headers import check_address
from ...errors import BadAddress
from ...query.scope import ACTED
from ...store.ids import bucket_of, stable_hash
from ...store.names import event_table, folded_column, quoted
from .choices import LATER
from .facts import Facts
from .seeing import notice

ALL_TOPICS = ""  # the topic of a refusal of all mail, in segue_consent


class Events(Facts):
    def event(self, kind: EventKind, fields: str) -> None:
        """Append-only, once per id; count, first and last per record are kept at ingestion."""
        table, token = quoted(event_table(kind.name)), f"event {kind.name}"
        values: dict[str, object] = {"object": kind.name, "fields": fields}
        number = self.json("b.payload", "id", Kind.RECORD)
        class_ = f"coalesce({self.json('b.payload', 'class', Kind.TEXT)}, 'human')" if kind.classed else "'human'"
        those = "batch b WHERE b.kind = 'event' AND b.object = :object AND b.fields = :fields"
        rows = f"SELECT b.bucket, b.id, b.at, {number} AS event_id, b.live, b.payload, {class_} AS class FROM {those}"
        twice = f"SELECT 1 FROM {those} GROUP BY b.bucket, b.id, {number} HAVING count(*) > 1 LIMIT 1"
        if self.session.bound(twice, values):  # at two instants, or of two classes: the first counts
            order = f"PARTITION BY b.bucket, b.id, {number} ORDER BY b.at, b.rank, b.key"
            ranked = rows.replace(" FROM batch b", f", row_number() OVER ({order}) AS nth FROM batch b")
            rows = f"SELECT k.* FROM ({ranked}) k WHERE k.nth = 1"
        fresh = (
            f"SELECT r.* FROM ({rows}) r WHERE NOT EXISTS (SELECT 1 FROM {table} v WHERE v.bucket = r.bucket"
            " AND v.record_id = r.id AND v.id = r.event_id)"
        )
        if not self.touches.add(
            token, f"SELECT DISTINCT f.bucket, f.id, f.at, f.event_id, f.live FROM ({fresh}) f", values
        ):
            return
        self._count(kind.name, fresh, values)
        if kind.act:
            self._count(ACTED, fresh, values)
            self.touches.tokens.add(f"event {ACTED}")  # what `acted` turns by may have moved
        columns, picked = self._columns(kind, fields)
        self.session.bound(f"INSERT INTO {table} ({columns}) SELECT {picked} FROM ({fresh}) r", values)
        notice(self.session, kind.name)
        self._follow(kind.name, fields)

    def _count(self, name: str, fresh: str, values: dict[str, object]) -> None:
        """What is kept per record and kind of (human) event (decision 0021)."""
        self.session.bound(
            "INSERT INTO segue_activity (event, bucket, id, count, first_at, last_at)"
            f" SELECT :name, f.bucket, f.id, count(DISTINCT f.event_id), min(f.at), max(f.at) FROM ({fresh})"
            " f WHERE f.class = 'human'"
            " GROUP BY f.bucket, f.id ON CONFLICT (event, bucket, id) DO UPDATE SET count ="
            " segue_activity.count + excluded.count,"
            f" first_at = {self._pick('min', 'first_at')}, last_at = {self._pick('max', 'last_at')}",
            values | {"name": name},
        )

    def _columns(self, kind: EventKind, fields: str) -> tuple[str, str]:
        columns, picked = ["bucket", "record_id", "at", "id"], ["r.bucket", "r.id", "r.at", "r.event_id"]
        if kind.classed:
            columns.append("class")
            picked.append("r.class")
        if kind.mail:
            columns += ["enrollment_id", "ordinal"]
            picked += [
                self.json("r.payload", "enrollment", Kind.RECORD),
                self.json("r.payload", "ordinal", Kind.RECORD),
            ]
        for name in fields.split(","):
            if name in kind.fields:
                type_ = kind.fields[name].type.kind
                columns.append(quoted(name))
                picked.append(self.json("r.payload", name, type_))
                if type_ is Kind.TEXT:
                    columns.append(quoted(folded_column(name)))
                    picked.append(self.json("r.payload", folded_column(name), type_))
        return ", ".join(columns), ", ".join(picked)

    def _pick(self, which: str, column: str) -> str:
        name = which if self.session.dialect == "sqlite" else {"min": "least", "max": "greatest"}[which]
        return f"{name}(segue_activity.{column}, excluded.{column})"

    def _follow(self, kind: str, fields: str) -> None:
        """What the standard events mean for consent and suppression (X9, L3, L11)."""
        if kind in ("subscribed", "unsubscribed") and "topic" in fields.split(","):
            self._choose(kind)
        elif kind == "unsubscribed":
            self._suppress(kind, "v.topic IS NULL" if "topic" in self.scope.schema.events[kind].fields else "TRUE")
        elif kind == "marked_spam":
            self._suppress(kind, "TRUE")
        elif kind == "bounced":
            self._suppress(kind, "v.kind = 'hard'")

    def _choose(self, kind: str) -> None:
        topics = self.session.run(
            f"SELECT DISTINCT v.topic FROM {_happened(kind)} AND v.topic IS NOT NULL", token=f"event {kind}"
        )
        for (topic,) in topics:
            values: dict[str, object] = {"token": f"event {kind}", "topic": topic}
            rows = self._said(kind, topic, "v.topic = :topic", values)
            mark = {key: value for key, value in values.items() if key != "token"} | {"event": f"event {kind}"}
            self.touches.add(f"consent {topic}", rows.replace(":token", ":event"), mark)

    def _said(self, kind: str, topic: str, which: str, values: dict[str, object]) -> str:
        """The person's own word on a topic is kept, with its source and time (L4). SQL of those who said it."""
        rows = (
            "SELECT x.bucket, x.id, max(x.at) AS at, CAST(NULL AS BIGINT) AS event_id, max(x.live) AS live"
            f" FROM {_happened(kind)} AND {which} GROUP BY x.bucket, x.id"
        )
        state = "opted_in" if kind == "subscribed" else "opted_out"
        self.session.bound(
            "INSERT INTO segue_consent (bucket, id, topic, state, at, basis, source) SELECT r.bucket, r.id,"
            f" CAST(:name AS TEXT), CAST(:state AS TEXT), r.at, 'own act', 'event' FROM ({rows}) r WHERE TRUE"
            " ON CONFLICT (bucket, id, topic) DO UPDATE SET state = excluded.state, at = excluded.at,"
            " basis = excluded.basis, source = excluded.source, words = NULL WHERE " + LATER,
            values | {"name": topic, "state": state},
        )
        return rows

    def _suppress(self, kind: str, which: str) -> None:
        """The few addresses concerned are suppressed under their own bucket; what the person said, and is no fault of
        the address, stays on the person too (L3)."""
        token: dict[str, object] = {"token": f"event {kind}"}
        if kind != "bounced":
            self._said(kind, ALL_TOPICS, which, token)
        reason = {"bounced": "bounce", "marked_spam": "spam", "unsubscribed": "unsubscribed"}[kind]
        found = self.session.bound(
            f"SELECT c.email__n, {self._went_to(kind)}, x.at FROM {_happened(kind)} AND {which}", token
        )
        self._bar((address, reason, at) for now, then, at in found for address in _meant(kind, now, then))

    def _went_to(self, kind: str) -> str:
        """SQL: the address of the mail that the event `v` is about, where it says so."""
        if not self.scope.schema.events[kind].mail:
            return "NULL"
        return (
            "(SELECT o.address FROM segue_outbox o WHERE o.bucket = v.bucket AND o.enrollment_id = v.enrollment_id"
            " AND o.ordinal = v.ordinal AND o.contact_id = v.record_id)"
        )

    def moved(self) -> None:
        """Who refused all mail refuses it at a new address too, and when they come back (L3)."""
        spam = "EXISTS (SELECT 1 FROM event_marked_spam v WHERE v.bucket = c.bucket AND v.record_id = c.id)"
        reason = f"CASE WHEN {spam} THEN 'spam' ELSE 'unsubscribed' END"
        if "marked_spam" not in self.scope.schema.events:
            reason = "'unsubscribed'"
        found = self.session.run(
            f"SELECT DISTINCT c.email__n, {reason}, n.at FROM touch x CROSS JOIN segue_consent n CROSS JOIN contact c"
            " WHERE x.token IN ('contact.email', 'created contact') AND x.fresh = 0 AND n.bucket = x.bucket"
            " AND n.id = x.id AND n.topic = :all AND c.bucket = x.bucket AND c.id = x.id AND c.email__n IS NOT NULL",
            all=ALL_TOPICS,
        )
        self._bar((address, why, at) for address, why, at in found)

    def _bar(self, addresses: Iterable[tuple[str, str, int]]) -> None:
        """(address, reason, at)."""
        self.session.many(
            "INSERT INTO segue_suppression (bucket, address, reason, at) VALUES (:bucket, :address, :reason,"
            " :at) ON CONFLICT DO NOTHING",
            [
                {"bucket": bucket_of(stable_hash(address)), "address": address, "reason": reason, "at": at}
                for address, reason, at in addresses
            ],
        )


def _meant(kind: str, now: str | None, then: str | None) -> set[str]:
    """Which addresses an event is about, as comparisons see them: of a bounce the one the mail went to (L3), of a
    refusal the one they have now as well. `then` is as a mail's envelope has it, which may be written another way."""
    if then is None or (now is not None and _envelope(now) == then.casefold()):
        return {now} if now is not None else set()
    return {then.casefold()} | ({now} if now is not None and kind != "bounced" else set())


def _envelope(address: str) -> str | None:
    try:
        return check_address(address).casefold()
    except BadAddress:
        return None


def _happened(kind: str) -> str:
    """The events `v` of one kind that this pass took in, with their contact `c` if it is there yet."""
    return (
        f"touch x JOIN {event_table(kind)} v ON v.bucket = x.bucket AND v.record_id = x.id AND v.at = x.at"
        " AND v.id = x.event_id LEFT JOIN contact c ON c.bucket = x.bucket AND c.id = x.id"
        " WHERE x.token = :token AND x.fresh = 0"
    )
