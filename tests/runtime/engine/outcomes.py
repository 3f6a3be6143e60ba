"""What came of it all in a small CRM world: what was sent, logged, refused and kept; times by the account's clock."""

from __future__ import annotations

from runtime.engine.tick import Engine
from runtime.store.ids import record_id
from runtime.times.zones import to_datetime


class Outcomes:
    """Times are told as `03-02 10:00` in the year 2026, else as `2027-03-02 10:00`."""

    engine: Engine
    zone: str
    names: dict[int, str]  # of the records, by id

    def local(self, t: int) -> str:
        moment = to_datetime(t, self.zone)
        return moment.strftime("%m-%d %H:%M" if moment.year == 2026 else "%Y-%m-%d %H:%M")

    def sql(self, statement: str, **values: object) -> list[tuple]:
        return self.engine.session.bound(statement, values)

    def _rows_of(self, statement: str, name: str, of: str = "contact") -> list[tuple]:
        id_ = record_id(of, name)
        return self.sql(statement, b=id_ % 256, id=id_)

    def mails(self, name: str) -> list[tuple[str, str]]:
        """(time, template) of what was sent to this contact."""
        rows = self._rows_of(
            # A mail to another than who is enrolled lies in the bucket of the enrollment (X20).
            "SELECT settled_at, template FROM segue_outbox WHERE contact_id % 256 = :b AND contact_id = :id"
            " AND state = 'sent' AND kind = 'email' ORDER BY settled_at, enrollment_id, ordinal",
            name,
        )
        return [(self.local(at), template) for at, template in rows]

    def steps(self, name: str, definition: str = "%", of: str = "contact") -> list[tuple]:
        """(time, what, name, outcome) of all that was logged, without the plans of mails."""
        rows = self._rows_of(
            "SELECT t.at, t.what, t.name, t.outcome FROM segue_step t JOIN segue_enrollment e ON e.bucket = t.bucket"
            " AND e.id = t.enrollment_id JOIN segue_definition d ON d.id = e.definition_id"
            f" WHERE e.bucket = :b AND e.contact_id = :id AND d.name LIKE '{definition}' AND t.outcome <> 'planned'"
            " ORDER BY t.at, e.id, t.ordinal",
            name,
            of,
        )
        return [(self.local(r[0]), *r[1:]) for r in rows]

    def enrollments(self, name: str, definition: str, of: str = "contact") -> list[str]:
        rows = self._rows_of(
            "SELECT e.status, e.reason FROM segue_enrollment e JOIN segue_definition d ON d.id = e.definition_id"
            f" WHERE e.bucket = :b AND e.contact_id = :id AND d.name = '{definition}' ORDER BY e.nr",
            name,
            of,
        )
        return [f"{status}({reason})" if reason else status for status, reason in rows]

    def status(self, name: str, definition: str, of: str = "contact") -> str | None:
        """`active`, `finished(no_reply)`, .. of the last enrollment; None without one."""
        return (self.enrollments(name, definition, of) or [None])[-1]

    def entered(self, name: str, definition: str, of: str = "contact") -> list[str]:
        """`enrolled_at` of each enrollment."""
        rows = self._rows_of(
            "SELECT e.enrolled_at FROM segue_enrollment e JOIN segue_definition d ON d.id = e.definition_id"
            f" WHERE e.bucket = :b AND e.contact_id = :id AND d.name = '{definition}' ORDER BY e.nr",
            name,
            of,
        )
        return [self.local(r[0]) for r in rows]

    def ended(self, name: str, definition: str) -> str | None:
        rows = self._rows_of(
            "SELECT e.ended_at FROM segue_enrollment e JOIN segue_definition d ON d.id = e.definition_id"
            f" WHERE e.bucket = :b AND e.contact_id = :id AND d.name = '{definition}' ORDER BY e.nr DESC",
            name,
        )
        return self.local(rows[0][0]) if rows and rows[0][0] is not None else None

    def refusals(self, name: str, of: str = "contact") -> list[tuple[str, str, str]]:
        """(time, definition, reason)."""
        rows = self._rows_of(
            "SELECT r.at, d.name, r.reason FROM segue_refusal r JOIN segue_definition d ON d.id = r.definition_id"
            " WHERE r.bucket = :b AND r.contact_id = :id ORDER BY r.at, d.name",
            name,
            of,
        )
        return [(self.local(at), definition, reason) for at, definition, reason in rows]

    def tasks(self, name: str) -> list[tuple]:
        """(time, kind, assignee, state)."""
        rows = self._rows_of(
            "SELECT created_at, kind, assignee, state FROM segue_task WHERE bucket = :b AND contact_id = :id"
            " ORDER BY created_at, ordinal",
            name,
        )
        return [(self.local(r[0]), *r[1:]) for r in rows]

    def notes(self, name: str) -> list[tuple[str, str | None, str]]:
        """(time, recipient, words) of notifications."""
        rows = self._rows_of(
            "SELECT at, recipient, words FROM segue_notification WHERE bucket = :b AND contact_id = :id ORDER BY at",
            name,
        )
        return [(self.local(at), who, words) for at, who, words in rows]

    def members(self, segment: str) -> set[str]:
        rows = self.sql(
            "SELECT m.id FROM segue_membership m JOIN segue_segment g ON g.id = m.segment_id"
            " WHERE g.kind IN ('segment', 'static') AND g.name = :name AND m.left_at IS NULL",
            name=segment,
        )
        return {self.names[r[0]] for r in rows}

    def turns(self, name: str, segment: str) -> list[tuple[str, str | None]]:
        """(joined, left) of one record in a segment."""
        rows = self._rows_of(
            "SELECT m.joined_at, m.left_at FROM segue_membership m JOIN segue_segment g ON g.id = m.segment_id"
            f" WHERE m.bucket = :b AND m.id = :id AND g.name = '{segment}' AND g.kind IN ('segment', 'static')"
            " ORDER BY m.joined_at",
            name,
        )
        return [(self.local(a), self.local(z) if z is not None else None) for a, z in rows]

    def value(self, name: str, property_name: str, of: str = "contact") -> object:
        return self._rows_of(f'SELECT "{property_name}" FROM "{of}" WHERE bucket = :b AND id = :id', name, of)[0][0]
