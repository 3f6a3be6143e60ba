"""Who leaves when the rules go live: those inside a definition that is to be stopped (X26), and those whose user was
deactivated (S36)."""

from __future__ import annotations

from ...store.session import Session
from ..rows import OPEN
from .ending import Ending


class Leavers:
    def __init__(self, session: Session, ending: Ending) -> None:
        self.session, self.ending = session, ending

    def __call__(self, stopped: frozenset[int], t: int) -> None:
        """`stopped`: numbers of definitions."""
        for number in sorted(stopped):
            kind = self.session.one("SELECT kind FROM segue_definition WHERE id = :number", number=number)
            self._end(f"{kind}_removed", "'stopped'", "e.definition_id = :number", {"number": number})
        if self.session.one("SELECT 1 FROM segue_user WHERE NOT active LIMIT 1"):
            gone = "IN (SELECT u.name FROM segue_user u WHERE NOT u.active)"
            # A sequence is its enroller's, who gets its tasks; a workflow needs no more than who it mails for.
            theirs = (
                f"(e.sender {gone} OR e.enrolled_by {gone} AND EXISTS (SELECT 1 FROM segue_definition f"
                " WHERE f.id = e.definition_id AND f.kind = 'sequence'))"
            )
            who = f"CASE WHEN e.sender {gone} THEN e.sender ELSE e.enrolled_by END"
            self._end("user_deactivated", who, theirs, {})
        self.ending.finish(t)

    def _end(self, reason: str, detail: str, which: str, values: dict[str, object]) -> None:
        """`detail` and `which` are SQL about an enrollment `e`."""
        self.ending.gather(
            f"SELECT e.bucket, e.id, 'unenrolled', :reason, {detail}, NULL, NULL FROM segue_enrollment e"
            f" WHERE {OPEN} AND {which}",
            values | {"reason": reason},
        )


def stopped_numbers(session: Session, names: frozenset[str]) -> frozenset[int]:
    """Numbers of the definitions named, by name or by kind and name, vanished ones among them."""
    rows = session.run("SELECT id, kind, name FROM segue_definition")
    return frozenset(number for number, kind, name in rows if name in names or f"{kind} {name}" in names)
