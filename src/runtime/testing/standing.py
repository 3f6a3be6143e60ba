"""Expectations on where somebody stands: in a segment, in a definition, or how that ended."""

from __future__ import annotations

from collections.abc import Iterable

from dsl.program.tests import ExpectEnded, ExpectMember, Person

from .happened import Enrollment, Happened, Key
from .outcome import Failure
from .reasons import not_in_segment
from .stage import Stage


class Standing:
    """What happened on a stage so far, and who stands where by it."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.happened = stage, Happened(stage)

    def member(self, e: ExpectMember) -> Failure | None:
        inside = self._in_segment(e) if e.kind == "segment" else self._enrolled(e)
        if inside is not e.negated:
            return None
        if e.negated:
            return Failure(e.span, f"`{e.who.name}` is in {e.kind} `{e.name}`", "a member at this moment")
        return Failure(e.span, f"`{e.who.name}` is not in {e.kind} `{e.name}`", self._outside(e))

    def _in_segment(self, e: ExpectMember) -> bool:
        id_ = self.stage.id_of(e.who)
        found = self.stage.session.one(
            "SELECT 1 FROM segue_membership WHERE segment_id = :segment AND bucket = :b AND id = :id AND left_at"
            " IS NULL",
            segment=self.stage.engine.rules.scope.segment_ids[e.name],
            b=id_ % 256,
            id=id_,
        )
        return found is not None

    def _enrolled(self, e: ExpectMember) -> bool:
        return any(n.ended_at is None for n in self._enrollments(e.who, (e.kind, e.name)))

    def _enrollments(self, who: Person, key: Key) -> list[Enrollment]:
        id_ = self.stage.id_of(who)
        return [n for n in self.happened.enrollments() if n.who == id_ and n.source == key]

    def _outside(self, e: ExpectMember) -> str:
        if e.kind == "segment":
            return not_in_segment(self.stage, e.name, self.stage.id_of(e.who))
        return self._state(e.who, (e.kind, e.name))

    def _state(self, who: Person, key: Key) -> str:
        """How somebody stands with a definition, in words."""
        found = self._enrollments(who, key)
        if found:
            return "; ".join(f"{n.status.replace('_', ' ')}{_because(n)}" for n in found)
        refused = [r for r in self.happened.refusals() if r.who == self.stage.id_of(who) and r.source == key]
        return f"refused: {', '.join(r.reason for r in refused)}" if refused else "never enrolled"

    def ended(self, e: ExpectEnded) -> Failure | None:
        key = (e.kind, e.definition)
        reasons = self._refused(e, key) if e.status == "refused" else self._how_ended(e, key)
        if any(e.reason is None or _same_reason(e.reason, given) for given in reasons):
            return None
        word = {"unenrolled": "unenrolled from", "refused": "refused by"}.get(e.status, e.status)
        because = f" because `{e.reason}`" if e.reason is not None else ""
        message = f"`{e.who.name}` has not been {word} `{e.definition}`{because}"
        if e.status in ("finished", "errored"):
            message = f"`{e.who.name}` has not {word} `{e.definition}`{because}"
        return Failure(e.span, message, self._state(e.who, key))

    def _refused(self, e: ExpectEnded, key: Key) -> list[tuple[str, ...]]:
        id_ = self.stage.id_of(e.who)
        return [(r.reason,) for r in self.happened.refusals() if r.who == id_ and r.source == key]

    def _how_ended(self, e: ExpectEnded, key: Key) -> list[tuple[str, ...]]:
        return [(n.reason, n.detail) for n in self._enrollments(e.who, key) if n.status == e.status]


def _same_reason(wanted: str, given: Iterable[str]) -> bool:
    """`exit "not the buyer"` ends with the reason `exit` and these words; `already_enrolled(x)` is named without x."""
    return any(wanted in (reason, reason.partition("(")[0]) for reason in given)


def _because(enrollment: Enrollment) -> str:
    said = ": ".join(part for part in (enrollment.reason, enrollment.detail) if part)
    return f" ({said})" if said else ""


def named(source: Key) -> str:
    """A definition as messages name it."""
    return f"{source[0]} `{source[1]}`"
