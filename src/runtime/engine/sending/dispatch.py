"""Dispatch: what is claimed leaves once, a slice at a time (architecture 4).

claimed -> sending -> sent | refused | deferred | unknown. `sending` is committed before a channel is called and never
goes back; a channel answers for each message, so one that fails holds nobody else up. What a crash leaves between is
for `recovery`. Of what it leaves unknown there is not more than goes in about a second; a signal leaves nothing so.
"""

from __future__ import annotations

import time

from ...channels.base import Channel, Message
from ...store import invitations
from ...store.session import Session
from ..intake.opt_outs import barred, refusable
from ..rows import SAME
from ..rules import Rules
from .answers import Answers
from .asking import asks_with_pause, refuse_lately
from .composing import Composed, Composing, Thread
from .outgoing import Call, Claimed, Mail
from .settle import Settle
from .to_the_end import to_the_end

SLICE = 5_000  # messages in memory at once, and between two commits, at most
FIRST = 32  # in the first slice: enough for all connections of a channel
_LONG = 1.0  # seconds a slice may be on its way


class Dispatch:
    def __init__(
        self, session: Session, rules: Rules, channel: Channel, settle: Settle, store_id: str, owner: str = "worker"
    ) -> None:
        self.session, self.rules, self.channel, self.settle = session, rules, channel, settle
        self.claimed = Claimed(session, rules, owner)
        self.composed = Composing(rules, store_id)
        self.pauses = asks_with_pause(rules.program)
        self.answers = Answers(session, rules, settle)
        self.most = self.proved = min(FIRST, SLICE)

    def send(self, now: int) -> None:
        """Send all that is claimed. Runs between transactions: commits `sending` before, and the outcome after."""
        more, self.most = True, self.proved
        while more:
            with to_the_end():
                more = self._slice(now)

    def _slice(self, now: int) -> bool:
        with self.session.transaction():
            taken = self.claimed.take(self.most)
            if not taken:
                return False
            self._refuse(now)
            keys = self._stage(now)
            self.settle.note(
                "UPDATE segue_outbox SET state = 'sending', key = q.key, address = q.address,"
                " template_hash = q.hash, subject = q.reason, tried_at = coalesce(segue_outbox.tried_at, :now)",
                "sending",
                now,
            )
            self.session.run("DELETE FROM outgoing")
        began = time.monotonic()
        results = self.channel.publish(keys) if keys else {}
        self._suit(taken, time.monotonic() - began, left=any(result.state != "later" for result in results.values()))
        with self.session.transaction():
            self.answers(results, now)
            self.settle(now)
        return True

    def _suit(self, taken: int, seconds: float, left: bool) -> None:
        """The next slice is as large as leaves in time: a mail server takes ten mails a second, or ten thousand.
        What is put off while it is down is put off fast: that proves nothing of how fast it will be."""
        if seconds > _LONG:
            self.most = max(min(FIRST, SLICE), int(taken * _LONG / seconds))
        elif taken == self.most and seconds < _LONG / 2:
            self.most = min(SLICE, self.most * 2)
        if left:
            self.proved = self.most

    def _refuse(self, now: int) -> None:
        """Checked just before: consent (X24), that somebody is there (X9), and that nobody is asked too often (P12);
        suppression (L3) where the addresses are read."""
        self.session.run(
            "INSERT INTO settled SELECT o.bucket, o.enrollment_id, o.ordinal, 'refused', 'no_address', NULL, NULL, NULL"
            f" FROM outgoing q CROSS JOIN segue_outbox o WHERE q.kind = 'email' AND {SAME}"
            " AND NOT EXISTS (SELECT 1 FROM contact c"
            " WHERE c.bucket = o.contact_id % 256 AND c.id = o.contact_id) ON CONFLICT DO NOTHING"
        )
        for topic, asked in refusable(self.rules.program):
            self.session.run(
                "INSERT INTO settled SELECT o.bucket, o.enrollment_id, o.ordinal, 'refused', :why, NULL, NULL, NULL"
                f" FROM outgoing q CROSS JOIN segue_outbox o WHERE q.kind = 'email' AND {SAME} AND o.topic = :topic"
                f" AND {barred('o.contact_id', 'o.topic', asked)} ON CONFLICT DO NOTHING",
                topic=topic,
                why="no_consent" if asked else "opted_out",
            )
        for template, survey in self.pauses:
            refuse_lately(self.session, self.rules.program, template, survey, now)

    def _stage(self, now: int) -> list[str]:
        """Compose and stage every message of the slice that was not refused; their keys."""
        marks: list[dict[str, object]] = []
        messages: list[Message] = []
        mails = self.claimed.mails()
        threads = self._threads(mails)
        pairs: list[tuple[Mail | Call, Composed]] = [(r, self.composed.mail(r, threads, now)) for r in mails]
        pairs += [(row, self.composed.call(row)) for row in self.claimed.calls()]
        for row, made in pairs:
            if made.message is not None:
                messages.append(made.message)
            marks.append(_mark(row, made))
        self.session.many("INSERT INTO settled VALUES (:b, :e, :o, :s, :r, :a, :k, :h) ON CONFLICT DO NOTHING", marks)
        invitations.write(self.session, (one for _, made in pairs for one in made.asked), now)
        self.channel.stage(messages)
        return [message.key for message in messages]

    def _threads(self, mails: list[Mail]) -> dict[tuple[int, int, int], Thread]:
        """By (bucket, enrollment, ordinal), for those whose mails go on in one thread."""
        senders = {(r.bucket, r.enrollment, r.ordinal): r.sender_address or "" for r in mails}
        found: dict[tuple[int, int, int], Thread] = {}
        for bucket, enrollment, ordinal, key, subject in self.claimed.threads():
            of = (bucket, enrollment, ordinal)
            earlier, first = found.get(of, ((), subject))
            found[of] = ((*earlier, self.composed.message_id(key, senders.get(of, ""))), first)
        return found


def _mark(row: Mail | Call, made: Composed) -> dict[str, object]:
    """A row of `settled`: of one that goes, `reason` is its subject."""
    gone = made.message
    return {
        "b": row.bucket,
        "e": row.enrollment,
        "o": row.ordinal,
        "s": "sending" if gone is not None else "refused",
        "r": made.subject if gone is not None else made.refused,
        "a": gone.recipient or gone.name if gone is not None else None,
        "k": gone.key if gone is not None else None,
        "h": made.hash,
    }
