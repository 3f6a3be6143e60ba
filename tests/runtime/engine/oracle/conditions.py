"""Whether a condition is true of one person at one instant."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from dsl.program import conditions as c
from dsl.schema.model import Kind
from tests.runtime.engine.dates import Moment, compare

from .people import Enrollment, Person
from .values import Values


class Conditions(Values):
    def holds(
        self, x: c.Condition, p: Person, t: Moment, e: Enrollment | None = None, deal: dict[str, Any] | None = None
    ) -> bool:
        def again(y: c.Condition) -> bool:
            return self.holds(y, p, t, e, deal)

        match x:
            case c.All(parts):
                return all(again(y) for y in parts)
            case c.AnyOf(parts):
                return any(again(y) for y in parts)
            case c.Not(part):
                return not again(part)
            case c.Between(left, low, high):
                return again(c.Compare(left, ">=", low)) and again(c.Compare(left, "<=", high))
            case c.Happened():
                return self.happened(x, p, t, e) != x.negated
            case c.Quantified():
                return self.of_deals(x, p, t, e)
            case c.Moved():
                return self.moved(x, p, t)
            case c.InSegment(name, negated):
                return p.member.get(name, False) != negated
            case c.InDefinition() | c.WasMember():
                return self.was_inside(x, p)
            case c.WasEver() | c.Changed():
                return self.once(x, p, t)
        return self.tested(x, self.value(x.left, p, e, deal, t), lambda v: self.value(v, p, e, deal, t), t)

    def tested(self, x: c.Condition, value: Any, of: Callable[[c.Value], Any], t: Moment) -> bool:
        """A test of one value; `of` gives others."""
        match x:
            case c.Compare(_, op, c.Ago(length)):
                return self.against_ago(value, op, length, t)
            case c.Compare(_, op, right):
                return compare(value, op, of(right))
            case c.OneOf(_, options, negated):
                return value is not None and (value in [o.value for o in options]) != negated
            case c.Missing(_, negated):
                return (value is None) != negated
            case c.DateTest(_, op, length):
                return self.date_test(value, op, length, t)
            case c.InPeriod(_, which, unit):
                return self.in_period(value, which, unit, t)
            case c.Matches(_, pattern):
                return value is not None and re.search(pattern, value) is not None
            case c.ContainsList(_, quantifier, options):
                held = [f";{o.value};" in (value or "") for o in options]
                return any(held) if quantifier == "any" else all(held)
        raise NotImplementedError(x)

    def once(self, x: c.WasEver | c.Changed, p: Person, t: Moment) -> bool:
        """What the history of a property says (X34)."""
        rows = p.past.get(x.left.property, [])
        if isinstance(x, c.Changed):
            return any(x.within is None or self.date_test(at, "within", x.within, t) for at, *_ in rows)
        names = [o.value for o in x.options]
        ever = [value for _, *pair in rows for value in pair] + [p.props.get(x.left.property)]
        if x.left.type.kind is Kind.MULTI_CHOICE:
            return any(f";{name};" in value for name in names for value in ever if value is not None)
        return any(value in names for value in ever if value is not None)

    def was_inside(self, x: c.InDefinition | c.WasMember, p: Person) -> bool:
        """Inside a definition now or ever, or ever in a segment."""
        if isinstance(x, c.WasMember) and x.kind == "segment":
            return x.name in p.was
        mine = [e for e in self.enrollments if e.person is p and (e.ended is None or isinstance(x, c.WasMember))]
        return any((e.definition.kind, e.definition.name) == (x.kind, x.name) for e in mine)

    def of_deals(self, x: c.Quantified, p: Person, t: Moment, e: Enrollment | None) -> bool:
        held = [x.condition is None or self.holds(x.condition, p, t, e, row) for row in p.deals.values()]
        if x.quantifier == "count":
            return compare(sum(held), x.op, x.number)
        return {"any": any(held), "no": not any(held), "every": bool(held) and all(held)}[x.quantifier]
