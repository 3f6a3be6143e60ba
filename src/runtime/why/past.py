"""The past of one record in words: earlier values of a property, stays in a segment or definition (G5, G6, X34)."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.conditions import Field
from dsl.schema.model import Kind

from ..reading.values import instant, shown
from ..store.ids import bucket_of
from ..store.session import Session

_TOLD = 3  # earlier values at most


@dataclass(frozen=True, slots=True)
class Past:
    session: Session
    zone: str

    def values(self, field: Field, id_: int, now: str) -> str:
        """`plan is paid, was trial from A to B, was free until A`: `now` says the present value."""
        rows = self._history(field, id_)
        told = [now]
        for n, (at, old, _) in enumerate(rows[:_TOLD]):
            if old is not None:
                until = instant(at, self.zone)
                since = (
                    f"from {instant(rows[n + 1][0], self.zone)} to {until}" if n + 1 < len(rows) else f"until {until}"
                )
                told.append(f"was {self._shown(old, field)} {since}")
        if len(rows) > _TOLD:
            told.append(f"{len(rows) - _TOLD:,} more")
        return ", ".join(told)

    def change(self, field: Field, id_: int) -> str:
        """`2 times, the last at T from trial to paid`"""
        rows = self._history(field, id_)
        if not rows:
            return "never"
        at, *sides = rows[0]
        old, new = ("missing" if side is None else self._shown(side, field) for side in sides)
        last = f"at {instant(at, self.zone)} from {old} to {new}"
        return f"once, {last}" if len(rows) == 1 else f"{len(rows):,} times, the last {last}"

    def _shown(self, text: str, field: Field) -> str:
        """A value of the history, which keeps all of them as text."""
        whole = field.type.kind in (Kind.MONEY, Kind.DATETIME, Kind.DURATION)
        return shown(int(float(text)) if whole else text, field.type, self.zone)

    def _history(self, field: Field, id_: int) -> list[tuple[int, str | None, str | None]]:
        """The newest first."""
        rows = self.session.run(
            "SELECT at, old, new FROM segue_property_history WHERE bucket = :bucket AND object = :object AND id = :id"
            " AND property = :property ORDER BY at DESC, seq DESC",
            bucket=bucket_of(id_), object=field.object, id=id_, property=field.property,
        )  # fmt: skip
        return [(at, old, new) for at, old, new in rows]

    def membership(self, segment: int, id_: int) -> str:
        rows = self.session.run(
            "SELECT joined_at, left_at FROM segue_membership WHERE segment_id = :segment AND bucket = :bucket"
            " AND id = :id ORDER BY joined_at DESC LIMIT 1",
            segment=segment, bucket=bucket_of(id_), id=id_,
        )  # fmt: skip
        return self._stay(rows)

    def enrollment(self, definition: int, id_: int, at: int) -> str:
        rows = self.session.run(
            "SELECT entered_at, CASE WHEN ended_at <= :at THEN ended_at END FROM segue_enrollment"
            " WHERE definition_id = :definition AND bucket = :bucket AND contact_id = :id ORDER BY nr DESC LIMIT 1",
            definition=definition, bucket=bucket_of(id_), id=id_, at=at,
        )  # fmt: skip
        return self._stay(rows)

    def _stay(self, rows: list[tuple[int, int | None]]) -> str:
        if not rows:
            return "never was"
        joined, left = (instant(at, self.zone) for at in rows[0])
        return f"from {joined} to {left}" if left else f"since {joined}"
