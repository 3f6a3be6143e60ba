"""What is about to be sent: a slice of the claimed rows, with all that a message needs, read in a statement per
template."""

from __future__ import annotations

from typing import NamedTuple

from dsl.program.definitions import Template

from ...query.scope import Params
from ...query.values import full_name
from ...store.ids import bucket_of, stable_hash
from ...store.names import folded_column, quoted
from ...store.session import Row, Session
from ..blocks.texts import Texts
from ..rows import SAME
from ..rules import Rules


class Mail(NamedTuple):
    """One claimed mail. `of`: sequence | workflow."""

    bucket: int
    enrollment: int
    ordinal: int
    contact: int
    template: str
    of: str
    threading: bool
    name: str
    address: str | None
    address_folded: str | None
    sender_name: str | None
    sender_address: str | None
    subject: Row
    body: Row


class Call(NamedTuple):
    """One claimed webhook or Slack message."""

    bucket: int
    enrollment: int
    ordinal: int
    kind: str
    name: str
    payload: str


class Claimed:
    """The claimed rows of one owner, a slice at a time: what a slice needs is all that is in memory at once."""

    def __init__(self, session: Session, rules: Rules, owner: str) -> None:
        self.session, self.rules, self.owner = session, rules, owner
        self.texts = Texts(session, rules.scope)

    def take(self, most: int) -> int:
        """Put at most so many of the claimed rows into the table `outgoing`; how many."""
        return self.session.count(
            "INSERT INTO outgoing SELECT o.kind, o.template, e.version_id, o.bucket, o.enrollment_id, o.ordinal"
            " FROM segue_outbox o CROSS JOIN segue_enrollment e WHERE o.settled_at IS NULL AND o.state = 'claimed'"
            " AND o.owner = :owner AND e.bucket = o.bucket AND e.id = o.enrollment_id LIMIT :most",
            {"owner": self.owner, "most": most},
        )

    def mails(self) -> list[Mail]:
        """Those not refused, template by template, with their merge values; suppressed ones marked."""
        found: list[Mail] = []
        for template, version in self.session.run(
            "SELECT DISTINCT q.template, q.version_id FROM outgoing q WHERE q.kind = 'email' ORDER BY 1, 2"
        ):
            found += self._rows(self.rules.program.templates[template], version)
        return self._unsuppressed(found)

    def calls(self) -> list[Call]:
        rows = self.session.run(
            "SELECT o.bucket, o.enrollment_id, o.ordinal, o.kind, o.template, o.payload FROM outgoing q CROSS JOIN"
            f" segue_outbox o WHERE q.kind <> 'email' AND {SAME} ORDER BY 1, 2, 3"
        )
        return [Call(*row) for row in rows]

    def threads(self) -> list[Row]:
        """(bucket, enrollment, ordinal, key, subject): for each mail of this slice those that went to the same person
        before it, the oldest first. What went to others is none of their business (X20)."""
        if not any(self.rules.versions[v].pinned.threading for (v,) in self._versions()):
            return []
        return self.session.run(
            "SELECT q.bucket, q.enrollment_id, q.ordinal, o.key, o.subject FROM outgoing q CROSS JOIN segue_outbox n"
            " CROSS JOIN segue_outbox o WHERE q.kind = 'email' AND n.bucket = q.bucket AND n.enrollment_id ="
            " q.enrollment_id AND n.ordinal = q.ordinal AND o.bucket = q.bucket AND o.enrollment_id = q.enrollment_id"
            " AND o.ordinal < q.ordinal AND o.contact_id = n.contact_id AND o.kind = 'email' AND o.state = 'sent'"
            " ORDER BY 1, 2, 3, o.ordinal"
        )

    def _versions(self) -> list[Row]:
        return self.session.run("SELECT DISTINCT q.version_id FROM outgoing q WHERE q.kind = 'email'")

    def _rows(self, template: Template, version: int) -> list[Mail]:
        pinned = self.rules.versions[version].pinned
        params = Params()
        subject = self.texts.columns(template.subject, "contact", params, template.record)
        body = self.texts.columns(template.body, "contact", params, template.record)
        columns = "".join(f", {sql}" for sql in (*subject, *body))
        email = 's."email"'
        rows = self.session.bound(
            f"SELECT o.bucket, o.enrollment_id, o.ordinal, o.contact_id, {full_name('s')}, {email},"
            f" s.{folded_column('email')}, u.label, u.email{columns}"
            " FROM outgoing q CROSS JOIN segue_outbox o CROSS JOIN segue_enrollment e CROSS JOIN contact s"
            f" LEFT JOIN segue_user u ON u.name = o.sender{_joined(template.record)}"
            f" WHERE q.kind = 'email' AND q.template = :template AND q.version_id = :version AND {SAME}"
            " AND e.bucket = o.bucket AND e.id = o.enrollment_id"
            # Who gets it may be another than who is enrolled (X20).
            " AND s.bucket = o.contact_id % 256 AND s.id = o.contact_id AND NOT EXISTS (SELECT 1 FROM settled d WHERE"
            " d.bucket = o.bucket AND d.enrollment_id = o.enrollment_id AND d.ordinal = o.ordinal)"
            " ORDER BY q.bucket, q.enrollment_id, q.ordinal",
            params.constants | {"template": template.name, "version": version},
        )
        split = 9 + len(subject)
        account = self.rules.program.project
        # A workflow without a sender mails for the account (X21); `.invalid` reaches nobody's mailbox by mistake.
        own = account.channels.get("email", {}).get("address") or "no-reply@segue.invalid"
        fallback = str(own) if pinned.kind != "sequence" else None
        return [
            Mail(
                r[0], r[1], r[2], r[3], template.name, pinned.kind, pinned.threading, r[4], r[5], r[6],
                r[7] or account.name, r[8] or fallback, r[9:split], r[split:],
            )
            for r in rows
        ]  # fmt: skip

    def _unsuppressed(self, rows: list[Mail]) -> list[Mail]:
        """Addresses have buckets of their own, which Python knows: all are looked up by key in one statement."""
        addresses = sorted({r.address_folded for r in rows if r.address_folded})
        self.session.many(
            "INSERT INTO address VALUES (:b, :a)", [{"b": bucket_of(stable_hash(a)), "a": a} for a in addresses]
        )
        found = self.session.run(
            "SELECT x.address FROM address a CROSS JOIN segue_suppression x WHERE x.bucket = a.bucket"
            " AND x.address = a.address"
        )
        self.session.run("DELETE FROM address")
        held = {row[0] for row in found}
        if held:
            self.session.many(
                "INSERT INTO settled VALUES (:b, :e, :o, 'refused', 'suppressed', NULL, NULL, NULL) ON CONFLICT"
                " DO NOTHING",
                [{"b": r.bucket, "e": r.enrollment, "o": r.ordinal} for r in rows if r.address_folded in held],
            )
        return [r for r in rows if r.address_folded not in held]


def _joined(record: str) -> str:
    """The record that is enrolled, as `r`, for templates that print it beside who gets the mail (X36)."""
    return f" LEFT JOIN {quoted(record)} r ON r.bucket = e.bucket AND r.id = e.contact_id" if record else ""
