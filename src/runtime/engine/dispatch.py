"""Dispatch and settle: mail leaves once, and whoever rests at a send goes on when its fate is known (architecture 4).

planned -> claimed -> sending -> sent | refused | unknown. A message is whole on disk before `sending` is committed,
and published only after; so a crash at any point loses none and repeats none: `recover` asks the channel.
"""

from __future__ import annotations

from dsl.program.codec import digest
from dsl.schema.model import TopicKind

from ..channels.base import Channel
from ..channels.mime import Letter, MailSettings, MailTemplate
from ..channels.templates import Renderer
from ..channels.values import Formats
from ..errors import BadAddress, BlankValue
from ..store.session import Session
from .outgoing import CLAIMED, Claimed, Outgoing
from .rules import Rules
from .settle import Settle


class Dispatch:
    def __init__(
        self, session: Session, rules: Rules, channel: Channel, settle: Settle, store_id: str, owner: str = "worker"
    ) -> None:
        self.session, self.rules, self.channel, self.settle = session, rules, channel, settle
        self.store_id, self.owner = store_id[:12], owner
        self.claimed = Claimed(session, rules, owner)
        self.composed: dict[tuple[str, bool], tuple[MailTemplate, str]] = {}

    def send(self, t: int, now: int) -> None:
        """Send all that is claimed. Runs between transactions: commits `sending` before, and the outcome after."""
        with self.session.transaction():
            self._refuse()
            staged = self._stage(now)
            self.settle.note(
                "UPDATE segue_outbox SET state = 'sending', key = q.key, address = q.address,"
                " template_hash = q.hash, subject = q.reason",
                "sending",
                now,
            )
            self.session.run("UPDATE settled SET state = 'sent', reason = NULL WHERE state = 'sending'")
        self.channel.publish(staged)
        with self.session.transaction():
            self.settle(now)

    def _key(self, row: Outgoing) -> str:
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
                f" WHERE {CLAIMED} AND o.topic = :topic AND {'NOT ' if wanted else ''}EXISTS (SELECT 1 FROM"
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
        for row in self.claimed.mails():
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

    def _one(self, row: Outgoing, now: int) -> tuple[str, str | None, str | None, str | None]:
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
            code = "blank_value" if isinstance(problem, BlankValue) else "bad_address"
            return "refused", code, None, problem.message
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

    def _thread(self, row: Outgoing) -> tuple[tuple[str, ...], str | None]:
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
