"""What is about to be sent: the claimed rows with all that a mail needs, read in one statement per template."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.definitions import Template

from ..query.scope import Params
from ..query.values import full_name
from ..store.ids import bucket_of, stable_hash
from ..store.names import folded_column
from ..store.session import Row, Session
from .rules import Rules
from .texts import Texts

CLAIMED = "o.settled_at IS NULL AND o.state = 'claimed' AND o.owner = :owner"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One claimed row with what a mail needs."""

    bucket: int
    enrollment: int
    ordinal: int
    template: str
    kind: str
    threading: bool
    name: str
    address: str | None
    address_folded: str | None
    sender_name: str | None
    sender_address: str | None
    subject: Row
    body: Row


class Claimed:
    """`owner` names this worker in claimed rows."""

    def __init__(self, session: Session, rules: Rules, owner: str) -> None:
        self.session, self.rules, self.owner = session, rules, owner
        self.texts = Texts(session, rules.scope)

    def mails(self) -> list[Outgoing]:
        """The claimed rows not refused, template by template, with their merge values; suppressed ones marked."""
        found: list[Outgoing] = []
        for template, version in self.session.run(
            "SELECT DISTINCT o.template, e.version_id FROM segue_outbox o CROSS JOIN segue_enrollment e"
            f" WHERE {CLAIMED} AND e.bucket = o.bucket AND e.id = o.enrollment_id ORDER BY 1, 2",
            owner=self.owner,
        ):
            found += self._rows(self.rules.program.templates[template], version)
        return self._unsuppressed(found)

    def _rows(self, template: Template, version: int) -> list[Outgoing]:
        pinned = self.rules.versions[version].pinned
        params = Params()
        subject = self.texts.columns(template.subject, pinned.object, params)
        body = self.texts.columns(template.body, pinned.object, params)
        columns = "".join(f", {sql}" for sql in (*subject, *body))
        email = 's."email"'
        rows = self.session.bound(
            f"SELECT o.bucket, o.enrollment_id, o.ordinal, {full_name('s')}, {email},"
            f" s.{folded_column('email')}, u.label, u.email{columns}"
            " FROM segue_outbox o CROSS JOIN segue_enrollment e CROSS JOIN contact s LEFT JOIN segue_user u ON"
            " u.name = o.sender"
            f" WHERE {CLAIMED} AND o.template = :template AND e.bucket = o.bucket AND e.id = o.enrollment_id AND"
            " e.version_id = :version"
            " AND s.bucket = o.bucket AND s.id = o.contact_id AND NOT EXISTS (SELECT 1 FROM settled d WHERE"
            " d.bucket = o.bucket"
            # The signs keep SQLite from walking all mail ever sent in the order of its key.
            " AND d.enrollment_id = o.enrollment_id AND d.ordinal = o.ordinal) ORDER BY +o.bucket, +o.enrollment_id",
            params.constants | {"owner": self.owner, "template": template.name, "version": version},
        )
        split = 8 + len(subject)
        account = self.rules.program.project
        # A workflow without a sender mails for the account (X21); `.invalid` reaches nobody's mailbox by mistake.
        own = account.channels.get("email", {}).get("address") or "no-reply@segue.invalid"
        fallback = str(own) if pinned.kind == "workflow" else None
        return [
            Outgoing(
                r[0], r[1], r[2], template.name, pinned.kind, pinned.threading, r[3], r[4], r[5],
                r[6] or account.name, r[7] or fallback, r[8:split], r[split:],
            )
            for r in rows
        ]  # fmt: skip

    def _unsuppressed(self, rows: list[Outgoing]) -> list[Outgoing]:
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
