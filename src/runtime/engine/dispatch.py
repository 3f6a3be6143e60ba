"""Dispatch and settle: mail leaves once, and whoever rests at a send goes on when its fate is known (architecture 4).

planned -> claimed -> sending -> sent | refused | unknown. A message is whole on disk before `sending` is committed,
and published only after; so a crash at any point loses none and repeats none: `recover` asks the channel.
"""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.codec import digest
from dsl.program.definitions import Template
from dsl.schema.model import TopicKind

from ..channels.base import Channel
from ..channels.mime import Letter, MailSettings, MailTemplate
from ..channels.templates import Renderer
from ..channels.values import Formats
from ..errors import BadAddress, BlankValue
from ..query.scope import Params
from ..query.values import full_name
from ..store.dialect import json_object
from ..store.ids import bucket_of, stable_hash
from ..store.names import folded_column
from ..store.session import Row, Session
from .ending import Ending
from .rules import Rules
from .texts import Texts

_OPEN = "o.settled_at IS NULL AND o.state = 'claimed' AND o.owner = :owner"


@dataclass(frozen=True, slots=True)
class _Due:
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


class Dispatch:
    """`owner` names this worker in claimed rows."""

    def __init__(
        self, session: Session, rules: Rules, ending: Ending, channel: Channel, store_id: str, owner: str = "worker"
    ) -> None:
        self.session, self.rules, self.ending, self.channel = session, rules, ending, channel
        self.store_id, self.owner = store_id[:12], owner
        self.texts = Texts(session, rules.scope)
        self.composed: dict[tuple[str, bool], tuple[MailTemplate, str]] = {}

    # --- claim --------------------------------------------------------------------------------

    def claim(self, now: int) -> int:
        """Claim what is planned and may go: its enrollment is active. Part of the pass's transaction."""
        return self.session.count(
            "UPDATE segue_outbox SET state = 'claimed', owner = :owner WHERE settled_at IS NULL AND state ="
            " 'planned' AND due <= :now AND EXISTS"
            " (SELECT 1 FROM segue_enrollment e WHERE e.bucket = segue_outbox.bucket AND e.id ="
            " segue_outbox.enrollment_id"
            " AND e.status = 'active' AND e.ended_at IS NULL)",
            {"owner": self.owner, "now": now},
        )

    def waiting(self, now: int) -> bool:
        return self.session.one(
            "SELECT 1 FROM segue_outbox o WHERE o.settled_at IS NULL AND o.state = 'planned' AND o.due <= :now"
            " AND EXISTS (SELECT 1 FROM segue_enrollment e"
            " WHERE e.bucket = o.bucket AND e.id = o.enrollment_id AND e.status = 'active') LIMIT 1",
            now=now,
        ) is not None  # fmt: skip

    # --- send ---------------------------------------------------------------------------------

    def send(self, t: int, now: int) -> None:
        """Send all that is claimed. Runs between transactions: commits `sending` before, and the outcome after."""
        with self.session.transaction():
            self._refuse()
            staged = self._stage(now)
            self._note(
                "UPDATE segue_outbox SET state = 'sending', key = q.key, address = q.address,"
                " template_hash = q.hash, subject = q.reason",
                "sending",
                now,
            )
            self.session.run("UPDATE settled SET state = 'sent', reason = NULL WHERE state = 'sending'")
        self.channel.publish(staged)
        with self.session.transaction():
            self.settle(now)

    def _key(self, row: _Due) -> str:
        """(enrollment, ordinal of the step taken), unique in the world by the store's own id."""
        return f"{self.store_id}.{row.bucket}.{row.enrollment}.{row.ordinal}"

    def _refuse(self) -> None:
        """Checked just before: consent (X24) and suppression (L3)."""
        strict = self.rules.program.project.consent == "strict"
        topics = self.rules.program.schema.topics.values()
        for topic in topics:
            state = "n.state = 'opted_in'" if topic.kind is TopicKind.MARKETING and strict else "n.state = 'opted_out'"
            if topic.kind is TopicKind.TRANSACTIONAL:
                continue
            wanted = topic.kind is TopicKind.MARKETING and strict
            self.session.run(
                "INSERT INTO settled SELECT o.bucket, o.enrollment_id, o.ordinal, 'refused', :why, NULL, NULL,"
                " NULL FROM segue_outbox o"
                f" WHERE {_OPEN} AND o.topic = :topic AND {'NOT ' if wanted else ''}EXISTS (SELECT 1 FROM"
                " segue_consent n"
                f" WHERE n.bucket = o.bucket AND n.id = o.contact_id AND n.topic = o.topic AND {state}) ON"
                " CONFLICT DO NOTHING",
                owner=self.owner,
                topic=topic.name,
                why="no_consent" if wanted else "opted_out",
            )

    def _stage(self, now: int) -> list[str]:
        """Render and stage every claimed mail that was not refused; the keys staged."""
        keys, marks = [], []
        for row in self._due():
            state, reason, key, hash_ = self._one(row, now)
            marks.append(
                {
                    "b": row.bucket,
                    "e": row.enrollment,
                    "o": row.ordinal,
                    "s": state,
                    "r": reason,
                    "a": row.address,
                    "k": key,
                    "h": hash_,
                }
            )
            if state == "sending" and key is not None:
                keys.append(key)
        self.session.many("INSERT INTO settled VALUES (:b, :e, :o, :s, :r, :a, :k, :h) ON CONFLICT DO NOTHING", marks)
        return keys

    def _one(self, row: _Due, now: int) -> tuple[str, str | None, str | None, str | None]:
        """(state, reason or subject, key, template hash) of one mail. One bad row is set aside, the batch goes on."""
        if not row.address:
            return "refused", "no_address", None, None
        if row.sender_address is None:
            return "refused", "no_sender", None, None
        template, hash_ = self._template(row.template, row.kind == "workflow")
        key = self._key(row)
        try:
            references, first = self._thread(row)
            letter = Letter(
                key,
                now,
                row.sender_name or "",
                row.sender_address,
                row.name,
                row.address,
                row.subject,
                row.body,
                references,
                first,
            )
            message = template.compose(letter)
        except (BlankValue, BadAddress) as problem:
            return "refused", problem.message, None, None
        self.channel.stage(key, message)
        return "sending", template.subject_of(letter), key, hash_

    def _template(self, name: str, automatic: bool) -> tuple[MailTemplate, str]:
        """Templates are read live at each use; the log keeps the hash of what was sent (X26)."""
        if (name, automatic) not in self.composed:
            program, template = self.rules.program, self.rules.program.templates[name]
            topic = program.schema.topics[template.topic]
            project = program.project
            settings = MailSettings.of(
                project.channels.get("email", {}), project.account.postal_address, project.account.time_zone
            )
            renderer = Renderer(Formats.of(project), strict=True)
            one_to_one = topic.kind is not TopicKind.TRANSACTIONAL
            composed = MailTemplate(template, renderer, settings, topic.kind, automatic, unsubscribe=one_to_one)
            self.composed[(name, automatic)] = (composed, digest(template))
        return self.composed[(name, automatic)]

    def _thread(self, row: _Due) -> tuple[tuple[str, ...], str | None]:
        """Message-IDs of the enrollment's earlier mails and the first one's subject, if it threads (S24, S25)."""
        if not row.threading:
            return (), None
        earlier = self.session.run(
            "SELECT key, subject FROM segue_outbox WHERE bucket = :b AND enrollment_id = :e AND state = 'sent'"
            " AND ordinal < :o ORDER BY ordinal",
            b=row.bucket, e=row.enrollment, o=row.ordinal,
        )  # fmt: skip
        domain = (row.sender_address or "").rpartition("@")[2]
        own = self.rules.program.project.channels.get("email", {}).get("domain")
        return tuple(f"<{key}@{own or domain}>" for key, _ in earlier), (earlier[0][1] if earlier else None)

    def _due(self) -> list[_Due]:
        """The claimed rows not refused, template by template, with their merge values; suppressed ones marked."""
        found: list[_Due] = []
        for template, version in self.session.run(
            f"SELECT DISTINCT o.template, e.version_id FROM segue_outbox o CROSS JOIN segue_enrollment e WHERE {_OPEN}"
            " AND e.bucket = o.bucket AND e.id = o.enrollment_id ORDER BY 1, 2",
            owner=self.owner,
        ):
            found += self._rows(self.rules.program.templates[template], version)
        return self._unsuppressed(found)

    def _rows(self, template: Template, version: int) -> list[_Due]:
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
            f" WHERE {_OPEN} AND o.template = :template AND e.bucket = o.bucket AND e.id = o.enrollment_id AND"
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
            _Due(
                r[0], r[1], r[2], template.name, pinned.kind, pinned.threading, r[3], r[4], r[5],
                r[6] or account.name, r[7] or fallback, r[8:split], r[split:],
            )
            for r in rows
        ]  # fmt: skip

    def _unsuppressed(self, rows: list[_Due]) -> list[_Due]:
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

    # --- settle -------------------------------------------------------------------------------

    def _note(self, sets: str, state: str, now: int) -> None:
        self.session.bound(
            f"{sets} FROM settled q WHERE q.state = :state AND segue_outbox.bucket = q.bucket"
            " AND segue_outbox.enrollment_id = q.enrollment_id AND segue_outbox.ordinal = q.ordinal",
            {"state": state} | ({"now": now} if ":now" in sets else {}),
        )

    def settle(self, now: int) -> None:
        """Mark what went and what was refused; those who rest there go on, and wait from now on (X12)."""
        for state in ("sent", "refused"):
            sets = "UPDATE segue_outbox SET state = q.state, settled_at = :now" + (
                ", reason = q.reason" if state == "refused" else ""
            )
            self._note(sets, state, now)
        self._received(now)
        self._onward(now)
        self.session.run("DELETE FROM settled")

    def _received(self, now: int) -> None:
        """A mail sent is an event of its own: `received_email` on the contact's timeline."""
        if "received_email" not in self.rules.scope.schema.events:
            return
        pairs = [
            ("id", "o.id"), ("template", "o.template"), ("template__n", "o.template"), ("topic", "o.topic"), (
                "topic__n",
                "o.topic"),
            ("enrollment", "o.enrollment_id"), ("ordinal", "o.ordinal"),
        ]  # fmt: skip
        payload = json_object(self.session.dialect, pairs)
        number = "(o.bucket + 256 * (o.enrollment_id * 4096 + o.ordinal))"
        self.session.run(
            "INSERT INTO segue_inbox (bucket, at, key, rank, kind, object, id, name, fields, payload, live,"
            " received_at)"
            " SELECT o.bucket, :now, 'sent ' || o.key, 0, 'event', 'received_email', o.contact_id, NULL,"
            f" 'template,topic', {payload}, TRUE, :now"
            " FROM (SELECT o.bucket, o.key, o.contact_id, o.template, o.topic, o.enrollment_id, o.ordinal,"
            f" {number} AS id FROM settled q"
            " CROSS JOIN segue_outbox o WHERE q.state = 'sent' AND o.bucket = q.bucket AND o.enrollment_id ="
            " q.enrollment_id"
            " AND o.ordinal = q.ordinal) o WHERE TRUE ON CONFLICT DO NOTHING",
            now=now,
        )

    def _onward(self, now: int) -> None:
        log = (
            "INSERT INTO segue_step (bucket, enrollment_id, ordinal, at, block, what, name, outcome, detail)"
            " SELECT e.bucket, e.id, e.ordinal + 1, :now, e.block, 'send', o.template, q.state, q.reason FROM"
            " settled q CROSS JOIN"
            " segue_outbox o CROSS JOIN segue_enrollment e WHERE o.bucket = q.bucket AND o.enrollment_id ="
            " q.enrollment_id"
            " AND o.ordinal = q.ordinal AND e.bucket = q.bucket AND e.id = q.enrollment_id"
        )
        self.session.run(log, now=now)
        for version, block in self.session.run(
            "SELECT DISTINCT e.version_id, e.block FROM settled q CROSS JOIN segue_enrollment e WHERE e.bucket"
            " = q.bucket"
            " AND e.id = q.enrollment_id ORDER BY 1, 2"
        ):
            self._past(version, block, now)

    def _past(self, version: int, block: int, now: int) -> None:
        """Those who rest at one send go on. A refused one is a step: a workflow goes on, a sequence ends (X24). What
        became of an unknown one shows later; it counts as sent."""
        pinned = self.rules.versions[version].pinned
        here = pinned.graph.blocks[block]
        ends = pinned.kind == "sequence" and self._end_refused(version, block)
        settled = "SELECT q.bucket, q.enrollment_id FROM settled q" + (" WHERE q.state <> 'refused'" if ends else "")
        self.session.run(
            "UPDATE segue_enrollment SET block = :next, waited = FALSE, ordinal = ordinal + 1,"
            " due = CASE WHEN status = 'active' THEN :now END,"
            " resume_due = CASE WHEN status = 'paused' THEN paused_at END, last_step_at = :now, last_step = :label"
            f" WHERE version_id = :version AND block = :block AND ended_at IS NULL AND (bucket, id) IN ({settled})",
            version=version,
            block=block,
            now=now,
            next=getattr(here, "next", block),
            label=f"send {getattr(here, 'template', '')}",
        )
        if ends:
            self.ending.some = True
            self.ending.finish(now)

    def _end_refused(self, version: int, block: int) -> bool:
        """Whether there are any; they end with the reason of the refusal."""
        found = self.session.count(
            "INSERT INTO ended SELECT e.bucket, e.id, 'unenrolled', q.reason, 'send refused', NULL, e.block"
            " FROM settled q CROSS JOIN segue_enrollment e WHERE q.state = 'refused'"
            " AND e.bucket = q.bucket AND e.id = q.enrollment_id"
            " AND e.version_id = :version AND e.block = :block AND e.ended_at IS NULL ON CONFLICT DO NOTHING",
            {"version": version, "block": block},
        )
        if found:
            self.session.run(
                "UPDATE segue_enrollment SET ordinal = ordinal + 1 WHERE (bucket, id) IN (SELECT n.bucket, n.id"
                " FROM ended n)"
            )
        return found > 0

    # --- after a crash ------------------------------------------------------------------------

    def recover(self, t: int, now: int) -> None:
        """What was claimed at the instant `t` that a crash cut short was never sent: it is planned anew, for window
        and guards may say otherwise now. What was being sent is settled by what the channel knows of it; `now` is when
        a message goes out that was only staged."""
        with self.session.transaction():
            self._plan_anew(t)
            rows = self.session.run(
                "SELECT bucket, enrollment_id, ordinal, key FROM segue_outbox WHERE settled_at IS NULL AND"
                " state = 'sending'"
            )
        outcomes = {row[3]: self.channel.outcome(row[3]) for row in rows}
        staged = [row for row in rows if outcomes[row[3]] == "staged"]
        self._settle_known([row for row in rows if outcomes[row[3]] != "staged"], t)
        self.channel.publish([row[3] for row in staged])
        self._settle_known(staged, max(t, now))

    def _plan_anew(self, t: int) -> None:
        """As if these had not been planned: the enrollment is due again at its send, without a trace in the log."""
        mine = (
            "(bucket, {}) IN (SELECT o.bucket, o.enrollment_id FROM segue_outbox o WHERE o.settled_at IS NULL"
            " AND o.state IN ('planned', 'claimed'))"
        )
        if self.session.one(
            "SELECT 1 FROM segue_outbox WHERE settled_at IS NULL AND state IN ('planned', 'claimed') LIMIT 1"
        ):
            self.session.run(
                "DELETE FROM segue_step WHERE (bucket, enrollment_id, ordinal) IN (SELECT o.bucket, o.enrollment_id,"
                " o.ordinal FROM segue_outbox o WHERE o.settled_at IS NULL AND o.state IN ('planned', 'claimed'))"
            )
            self.session.run(
                "UPDATE segue_enrollment SET ordinal = ordinal - 1,"
                " due = CASE WHEN status = 'paused' THEN NULL ELSE :t END,"
                f" resume_due = CASE WHEN status = 'paused' THEN paused_at END WHERE {mine.format('id')}",
                t=t,
            )
            self.session.run("DELETE FROM segue_outbox WHERE settled_at IS NULL AND state IN ('planned', 'claimed')")

    def _settle_known(self, rows: list[Row], now: int) -> None:
        if not rows:
            return
        marks = [
            {"b": b, "e": e, "o": o, "s": "unknown" if self.channel.outcome(key) is None else "sent"}
            for b, e, o, key in rows
        ]
        with self.session.transaction():
            self.session.many("INSERT INTO settled VALUES (:b, :e, :o, :s, NULL, NULL, NULL, NULL)", marks)
            self._note("UPDATE segue_outbox SET state = 'unknown', settled_at = :now", "unknown", now)
            self.settle(now)
