"""Why somebody is not enrolled: the checks at entry, in order (S27, X4-X6, X9, X21, X28)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dsl.program.blocks import Send
from dsl.program.conversations import KINDS as TALKS

from ...query.conditions import Predicate
from ...store.names import quoted
from ...store.session import Session
from ...times.calendars import WorkingCalendar
from ...times.durations import after
from ...times.zones import HOUR
from ..intake.opt_outs import opted_in, opted_out, refusable
from ..rules import Judged, Live, Rules

# One that only waited for its turn and lapsed never was (X7); one that stopped with an error may be begun again by
# hand, once its reason has been put right (S43).
_WAS_INSIDE = "n.reason IS DISTINCT FROM 'condition' AND NOT (n.status = 'errored' AND entrant.by_hand)"
# Passes of one instant after which nobody comes round again, and after which nothing that was made there makes more.
# Of what makes two of itself there are some thousands by then.
_ROUNDS = 100
_GENERATIONS = 16
Refusal = tuple[str, str, dict[str, object]]  # reason, SQL about a row of `entrant`, parameters


class Refusals:
    """`passed`: how many passes there were at this instant, by which a circle is known (X28)."""

    passed = 0

    def __init__(self, session: Session, rules: Rules, calendars: Mapping[str | None, WorkingCalendar]) -> None:
        self.session, self.rules, self.calendars = session, rules, calendars

    def __call__(self, live: Live, t: int) -> list[Refusal]:
        """(reason, SQL about a row of entrant, parameters) in the order they are given."""
        d = live.definition
        if d.kind in TALKS:  # what was said follows, however often, and whoever may not be mailed (P5)
            return []
        found: list[Refusal] = [
            ("already_enrolled", self._earlier("n.ended_at IS NULL"), {"d": live.id}),
            *self._again(live, t),
        ]
        if live.id in self.rules.only:
            found.append(("only", *self._judged(self.rules.only[live.id], t, negated=True)))
        for name, reason in (("goal", "goal_met"), ("suppress", "suppressed"), ("stop_when", "stop_when")):
            if name in self.rules.guards[live.id]:
                found.append((reason, *self._judged(self.rules.guards[live.id][name], t)))
        if d.pinned.object == "contact":
            found += self._address(live)
        if d.kind == "sequence":
            working = (
                "EXISTS (SELECT 1 FROM segue_user u WHERE u.name = entrant.sender AND u.active AND u.email IS NOT NULL)"
            )
            gone = "EXISTS (SELECT 1 FROM segue_user u WHERE u.name = entrant.enrolled_by AND NOT u.active)"
            found.append(("no_sender", f"(NOT {working} OR {gone})", {}))
        found.append(("loop_guard", self._busy(), self._limit(t)))
        if self.passed >= _ROUNDS:
            found.append(("loop_guard", self._comes_round(), {"d": live.id, "t": t}))
        if self.passed >= _GENERATIONS:
            found.append(("loop_guard", self._makes_more(live), {"d": live.id, "t": t}))
        return found

    def _earlier(self, which: str) -> str:
        return (
            "EXISTS (SELECT 1 FROM segue_enrollment n WHERE n.bucket = entrant.bucket AND n.contact_id ="
            " entrant.contact_id"
            f" AND n.definition_id = :d AND {which})"
        )

    def _again(self, live: Live, t: int) -> list[Refusal]:
        """X5."""
        again = live.definition.again
        if again.policy == "never":
            return [("enrolled_before", self._earlier(_WAS_INSIDE), {"d": live.id})]
        if again.policy == "after" and again.after is not None:
            zone, calendar = self.rules.scope.zone, self.calendars[live.definition.pinned.calendar]
            ends = {
                row[0]: after(row[0], again.after, zone, calendar)
                for row in self.session.run(
                    "SELECT DISTINCT n.ended_at FROM entrant x CROSS JOIN segue_enrollment n WHERE n.bucket = x.bucket"
                    " AND n.contact_id = x.contact_id AND n.definition_id = :d AND n.ended_at IS NOT NULL",
                    d=live.id,
                )
            }
            latest = max((end for end, free in ends.items() if free <= t), default=None)
            too_early = "n.ended_at IS NOT NULL" if latest is None else "n.ended_at > :latest"
            return [
                (
                    "too_early",
                    self._earlier(f"{too_early} AND {_WAS_INSIDE}"),
                    {"d": live.id} | ({"latest": latest} if latest is not None else {}),
                )
            ]
        return []

    def _judged(self, judged: Judged, t: int, negated: bool = False) -> tuple[str, dict[str, object]]:
        predicate: Predicate = judged.predicate
        holds = (
            f"EXISTS (SELECT 1 FROM {quoted(judged.object)} s CROSS JOIN entrant e WHERE s.bucket ="
            " entrant.bucket AND s.id = entrant.contact_id"
            f" AND e.bucket = entrant.bucket AND e.contact_id = entrant.contact_id AND {predicate.sql})"
        )
        return ("NOT " if negated else "") + holds, predicate.at(t)

    def _address(self, live: Live) -> list[Refusal]:
        """Who cannot or must not be mailed does not enter what mails (S27, X9)."""
        pinned = live.definition.pinned
        sends = {b.template for b in pinned.graph.blocks if isinstance(b, Send)}
        if not sends:
            return []
        mail = "SELECT s.email__n FROM contact s WHERE s.bucket = entrant.bucket AND s.id = entrant.contact_id"
        found: list[Refusal] = [("no_address", f"trim(coalesce(({mail}), '')) = ''", {})]
        templates = self.rules.program.templates
        topics = sorted({templates[name].topic for name in sends if name in templates})
        if pinned.kind == "sequence":
            # The address's own bucket is not known to SQL: a named exception to the rule that joins are on the bucket.
            found += _shut(f"EXISTS (SELECT 1 FROM segue_suppression x WHERE x.address = ({mail}) AND {{}})")
            values: dict[str, object] = {f"t{i}": topic for i, topic in enumerate(topics)}
            if topics:
                out = opted_out("entrant.contact_id", ", ".join(f":{n}" for n in values))
                found.append(("unsubscribed_topic", out, values))
        if pinned.kind == "broadcast":
            # Of a crowd: from the few addresses that take no mail to whoever has them.
            has = "SELECT k.bucket, k.id FROM segue_suppression x CROSS JOIN contact k WHERE k.email__n = x.address"
            found += _shut(f"(bucket, contact_id) IN ({has} AND {{}})")
            found += self._unasked(topics)
        return found

    def _unasked(self, topics: list[str]) -> Iterator[Refusal]:
        """Who refused a topic, or was never asked (X24). Nobody is in a broadcast for nothing: who opts in later may
        get the next sending of it."""
        for topic, asked in refusable(self.rules.program):
            if topic in topics:
                yield "unsubscribed_topic", opted_out("entrant.contact_id", ":topic"), {"topic": topic}
                if asked:
                    yield "no_consent", f"NOT {opted_in('entrant.contact_id', ':topic')}", {"topic": topic}

    def _busy(self) -> str:
        """X28: what the checker could not see is stopped here."""
        return (
            "NOT by_hand AND (SELECT count(*) FROM segue_enrollment n WHERE n.bucket = entrant.bucket"
            " AND n.contact_id = entrant.contact_id AND n.entered_at > :hour_ago) >= :limit"
        )

    def _comes_round(self) -> str:
        """Who came into this definition at this very instant already."""
        return f"NOT by_hand AND {self._earlier('n.entered_at = :t')}"

    def _makes_more(self, live: Live) -> str:
        """A record that was made at this very instant, and others came in at it too: what is made makes more."""
        of = quoted(live.definition.pinned.object)
        made = f"{of} s WHERE s.bucket = entrant.bucket AND s.id = entrant.contact_id"
        return (
            f"NOT by_hand AND EXISTS (SELECT 1 FROM {made} AND s.created_at = :t)"
            " AND EXISTS (SELECT 1 FROM segue_enrollment n WHERE n.definition_id = :d AND n.entered_at = :t)"
        )

    def _limit(self, t: int) -> dict[str, object]:
        return {"hour_ago": t - HOUR, "limit": self.rules.program.project.limits.enrollments_per_record_per_hour}


def _shut(hit: str) -> list[Refusal]:
    """Whose address takes no mail. `hit`: SQL with room for which rows `x` of the suppressed ones."""
    reasons = {"bounced": "'bounce'", "marked_spam": "'spam'", "unsubscribed": "'unsubscribed', 'blocked', 'deleted'"}
    return [(reason, hit.format(f"x.reason IN ({words})"), {}) for reason, words in reasons.items()]
