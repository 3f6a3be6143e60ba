"""What was: earlier values of properties, and memberships that may have ended, to SQL (G5, G6, X34)."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.conditions import Changed, Field, WasEver, WasMember
from dsl.schema.model import Kind

from ..times import edges
from .comparisons import Comparisons
from .values import Values

# Kinds whose values stand in the history, which is text, as numbers do; the others stand there as they are.
_NUMBERS = frozenset({Kind.NUMBER, Kind.PERCENT, Kind.MONEY, Kind.DURATION, Kind.DATETIME})


@dataclass(frozen=True)
class History:
    values: Values
    comparisons: Comparisons

    def was_ever(self, c: WasEver, subject: str) -> str:
        """The present value, or one that was replaced since. The first one wrote no row when it came, but left its
        name in the row of what replaced it (X34)."""
        kind, options = c.left.type.kind, c.options
        now = self.comparisons.among(self.values.sql(c.left, subject, fold=kind is Kind.TEXT), kind, options)
        earlier = " OR ".join(
            self.comparisons.among(self._kept(f"h.{side}", c.left), kind, options)
            for side in (("old_n", "new_n") if kind is Kind.TEXT else ("old", "new"))
        )
        return f"(coalesce({now}, FALSE) OR EXISTS (SELECT 1 {self._rows(c.left, subject)} AND ({earlier})))"

    def changed(self, c: Changed, subject: str) -> str:
        window = ""
        if (within := c.within) is not None:
            zone = self.values.scope.zone
            window = f" AND h.at > {self.values.params.moment(lambda t: edges.cut(t, within, zone))}"
        return f"EXISTS (SELECT 1 {self._rows(c.left, subject)}{window})"

    def _rows(self, field: Field, subject: str) -> str:
        """The rows `h` of a property of the subject, or of the record at the end of to-one associations."""
        rows, end = "FROM segue_property_history h WHERE", subject
        if field.path:
            joins, end = self.values.hops(field.path, self.values.objects[subject], subject)
            before, where = joins.split(" WHERE ", 1)
            rows = f"{before} CROSS JOIN segue_property_history h WHERE {where} AND"
        return f"{rows} h.bucket = {end}.bucket AND h.id = {end}.id AND {self._mine(field)}"

    def _mine(self, field: Field) -> str:
        const = self.values.params.const
        return f"h.object = {const(field.object)} AND h.property = {const(field.property)}"

    def _kept(self, column: str, field: Field) -> str:
        """A value of the history in the type of its property. CASE keeps the texts of others from being read."""
        kind = field.type.kind
        if kind in _NUMBERS:
            return f"(CASE WHEN {self._mine(field)} THEN CAST({column} AS NUMERIC) END)"
        if kind is Kind.BOOL:  # as the two databases write it
            return f"({column} IN ('1', 'true'))"
        return column

    def was_member(self, c: WasMember, subject: str) -> str:
        """Is inside, or was; of a sequence or workflow: was enrolled."""
        scope, const = self.values.scope, self.values.params.const
        if c.kind == "segment":
            return (
                f"EXISTS (SELECT 1 FROM segue_membership m WHERE m.bucket = {subject}.bucket"
                f" AND m.segment_id = {const(scope.segment_ids[c.name])} AND m.id = {subject}.id)"
            )
        number = const(scope.definition_ids.get((c.kind, c.name), -1))
        return (
            f"EXISTS (SELECT 1 FROM segue_enrollment n WHERE n.bucket = {subject}.bucket"
            f" AND n.contact_id = {subject}.id AND n.definition_id = {number})"
        )
