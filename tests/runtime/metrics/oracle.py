"""The rules of section 3 in plain Python over the rows of a `World`: slow, short, and written from the rules alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from runtime.metrics import FunnelStep

from .world import DAY, NOW, Row, World

FINAL = ("errored", "finished", "unenrolled")
NO_STEPS = ("entered", "ended", "status", "paused", "resumed", "switch")


class Oracle:
    """Sets of contacts for one list of enrollments E."""

    def __init__(self, world: World, enrollments: list[Row], now: int = NOW) -> None:
        self.world, self.enrollments, self.now = world, enrollments, now

    def events(self, kind: str) -> list[Row]:
        return [v for v in self.world.rows[f"event_{kind}"] if v["at"] <= self.now]

    def contacts(self, test: str) -> set[int]:
        return {e["contact_id"] for e in self.enrollments if getattr(self, test)(e)}

    def enrolled(self, e: Row) -> bool:
        return True

    def _has(self, e: Row, kind: str, *classes: str | None) -> bool:
        return any(
            (v.get("enrollment_id"), v["record_id"]) == (e["id"], e["contact_id"])
            and (not classes or v["class"] in classes)
            for v in self.events(kind)
        )

    def opened(self, e: Row) -> bool:
        return self._has(e, "opened_email", "human", "unknown", None)

    def opened_unknown(self, e: Row) -> bool:
        return self._has(e, "opened_email", "unknown")

    def opened_by_machine(self, e: Row) -> bool:
        return self._has(e, "opened_email", "machine")

    def clicked(self, e: Row) -> bool:
        return self._has(e, "clicked_email", "human", None)

    def clicked_by_machine(self, e: Row) -> bool:
        return self._has(e, "clicked_email", "machine")

    def clicked_unknown(self, e: Row) -> bool:
        return self._has(e, "clicked_email", "unknown")

    def replied(self, e: Row) -> bool:
        return self._has(e, "replied") or (e["status"], e["reason"]) == ("unenrolled", "reply")

    def meetings(self, e: Row) -> list[int]:
        end = self.now if e["ended_at"] is None else max(e["ended_at"], e["enrolled_at"] + 7 * DAY)
        mine = [v["at"] for v in self.events("booked_meeting") if v["record_id"] == e["contact_id"]]
        return [at for at in mine if e["enrolled_at"] <= at <= end]

    def met(self, e: Row) -> bool:
        return bool(self.meetings(e)) or (e["status"], e["reason"]) == ("unenrolled", "meeting")

    def no_reply(self, e: Row) -> bool:
        return e["status"] == "finished" and not self._has(e, "replied")

    def lost(self, e: Row) -> bool:
        return self.bounced(e) or self.unsubscribed(e)

    def bounced(self, e: Row) -> bool:
        end = self.now if e["ended_at"] is None else e["ended_at"]
        mine = [v for v in self.events("bounced") if v["record_id"] == e["contact_id"]]
        during = any(e["enrolled_at"] <= v["at"] <= end or v.get("enrollment_id") == e["id"] for v in mine)
        return during or (e["status"], e["reason"]) == ("unenrolled", "bounce")

    def unsubscribed(self, e: Row) -> bool:
        return self._has(e, "unsubscribed") or (e["status"], e["reason"]) == ("unenrolled", "unsubscribed")

    def engaged(self, e: Row) -> bool:
        return self.drawn(e) or self.replied(e)

    def drawn(self, e: Row) -> bool:
        automated = {
            o["ordinal"] for o in self.world.rows["segue_outbox"] if o["enrollment_id"] == e["id"] and o["automated"]
        }
        opens = {
            v["ordinal"]
            for v in self.events("opened_email")
            if v["enrollment_id"] == e["id"] and v["class"] != "machine"
        }
        clicks = {
            v["ordinal"]
            for v in self.events("clicked_email")
            if v["enrollment_id"] == e["id"] and v["class"] in ("human", None)
        }
        return bool(automated & (opens | clicks))

    def rep_led(self, e: Row) -> bool:
        steps = [s for s in self.world.rows["segue_step"] if s["enrollment_id"] == e["id"]]
        switch = [s["ordinal"] for s in steps if s["what"] == "switch"]
        mails = [
            o["ordinal"]
            for o in self.world.rows["segue_outbox"]
            if o["enrollment_id"] == e["id"] and o["contact_id"] == e["contact_id"] and o["kind"] == "email"
            if o["state"] in ("sent", "unknown")
        ]
        given = [s["ordinal"] for s in steps if s["what"] in ("send", "task") and s["outcome"] in ("created", "done")]
        return self.drawn(e) and any(n > o for n in (*mails, *given) for o in switch)

    # --- mails --------------------------------------------------------------------------------

    def mails(self) -> dict[tuple[int, int], tuple[str, int]]:
        ids = {e["id"] for e in self.enrollments}
        sent = [(o, o["settled_at"]) for o in self.world.rows["segue_outbox"] if o["state"] in ("sent", "unknown")]
        sent += [
            (t, t["done_at"]) for t in self.world.rows["segue_task"] if t["kind"] == "email" and t["state"] == "done"
        ]
        return {(m["enrollment_id"], m["ordinal"]): (m["template"], at) for m, at in sent if m["enrollment_id"] in ids}

    def theirs(self, e: Row) -> dict[tuple[int, int], tuple[str, int]]:
        """The mails of the enrollment that went to who is enrolled."""
        others = {
            (o["enrollment_id"], o["ordinal"])
            for o in self.world.rows["segue_outbox"]
            if o["enrollment_id"] == e["id"] and o["contact_id"] != e["contact_id"]
        }
        return {key: mail for key, mail in self.mails().items() if key[0] == e["id"] and key not in others}

    def of_template(self) -> dict[str, Counter[str]]:
        mails = self.mails()
        hit: set[tuple[str, int, int]] = {("sent", *key) for key in mails}
        for what, kind, classes in (
            ("opened", "opened_email", ("human", "unknown", None)),
            ("clicked", "clicked_email", ("human", None)),
        ):
            hit |= {(what, v["enrollment_id"], v["ordinal"]) for v in self.events(kind) if v["class"] in classes}
        for e in self.enrollments:
            hit |= {("replied", *key) for at in self._reply_moments(e) for key in self._last_before(e, at)}
            hit |= {("meetings", *key) for at in self._meeting_moments(e) for key in self._last_before(e, at)}
        found: dict[str, Counter[str]] = {}
        for what, enrollment, ordinal in hit:
            if (enrollment, ordinal) in mails:
                found.setdefault(mails[enrollment, ordinal][0], Counter())[what] += 1
        return found

    def _reply_moments(self, e: Row) -> list[int]:
        mine = [v for v in self.events("replied") if v["record_id"] == e["contact_id"]]
        moments = [v["at"] for v in mine if v.get("enrollment_id") == e["id"]]
        return moments + ([e["ended_at"]] if (e["status"], e["reason"]) == ("unenrolled", "reply") else [])

    def _meeting_moments(self, e: Row) -> list[int]:
        return self.meetings(e) + ([e["ended_at"]] if (e["status"], e["reason"]) == ("unenrolled", "meeting") else [])

    def _last_before(self, e: Row, at: int) -> list[tuple[int, int]]:
        return sorted(key for key, (_, sent) in self.theirs(e).items() if sent <= at)[-1:]

    # --- steps --------------------------------------------------------------------------------

    def of_step(self, places: set[tuple[int, int]]) -> dict[str, object]:
        """Contacts at one step, which is at these (version, block): each once, whatever version they met it in."""
        found: dict[str, set[int]] = {name: set() for name in ("there", "done", "skipped", "waiting")}
        exited, standing = set[tuple[str, int]](), set[tuple[str, int]]()
        for e in self.enrollments:
            contact = e["contact_id"]
            for s in self.world.rows["segue_step"]:
                here = (s["bucket"], s["enrollment_id"]) == (e["bucket"], e["id"])
                if here and s["what"] not in NO_STEPS and (e["version_id"], s.get("block")) in places:
                    found["there"].add(contact)
                    found[_became(s["outcome"])].add(contact)
            if (e["version_id"], e["block"]) in places:
                found["there"].add(contact)
                standing.add((e["status"], contact))
                if e["status"] in FINAL:
                    exited.add((e["reason"], contact))
                else:
                    found["waiting"].add(contact)
        return {
            "reached": len(found["there"]), "executed": len(found["done"]),
            "skipped": len(found["skipped"] - found["done"]), "waiting": len(found["waiting"]),
            "exited": Counter(reason for reason, _ in exited), "standing": Counter(status for status, _ in standing),
        }  # fmt: skip

    # --- workflows ----------------------------------------------------------------------------

    def mailed(self, e: Row, topics: set[str], until: int) -> bool:
        """Whether a marketing mail of it went to them by then."""
        return any(
            o["enrollment_id"] == e["id"]
            and (o["kind"], o["contact_id"]) == ("email", e["contact_id"])
            and o["state"] in ("sent", "unknown")
            and o["topic"] in topics
            and o["settled_at"] <= until
            for o in self.world.rows["segue_outbox"]
        )

    def converted(self, e: Row, topics: set[str]) -> bool:
        """M23: by the goal while inside, or later once they had finished."""
        if (e["status"], e["reason"]) == ("unenrolled", "goal"):
            return self.mailed(e, topics, e["ended_at"])
        mine = [s for s in self.world.rows["segue_step"] if s["enrollment_id"] == e["id"] and s["what"] == "goal"]
        return e["status"] == "finished" and any(self.mailed(e, topics, s["at"]) for s in mine)

    def month(self, e: Row) -> str:
        return f"{datetime.fromtimestamp(e['enrolled_at'] / 1e6, UTC):%Y-%m}"


def _became(outcome: str) -> str:
    if outcome.startswith(("skipped", "refused")):
        return "skipped"
    return "there" if outcome in ("cancelled", "planned", "created", "deferred") else "done"


def told(step: FunnelStep) -> dict[str, object]:
    """What the product says of one step, as `Oracle.of_step` does."""
    shown = {name: getattr(step, name) for name in ("reached", "executed", "skipped", "waiting")}
    return {**shown, "exited": Counter(step.exited or {}), "standing": Counter(step.standing)}
