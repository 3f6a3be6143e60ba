"""What a condition is compiled against: the schema, the account's zone and the kept segments' numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dsl.program.definitions import Program
from dsl.schema.model import Schema

# What a name means today: a segment that was dynamic and static in turns is there twice, the present one last.
SEGMENT_NUMBERS = """
SELECT name, id FROM segue_segment WHERE kind IN ('segment', 'static')
ORDER BY CASE WHEN vanished_at IS NULL THEN 1 ELSE 0 END, id
"""
ACTED = "acted"  # any act: all kinds of event the schema counts as one


@dataclass(frozen=True)
class Scope:
    """`segment_ids` and `definition_ids` are the store's numbers of what the program names."""

    program: Program
    dialect: str
    segment_ids: Mapping[str, int] = field(default_factory=dict)
    definition_ids: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def schema(self) -> Schema:
        return self.program.schema

    @property
    def zone(self) -> str:
        """Conditions are judged in the account's zone, for everybody (X13)."""
        return self.program.project.account.time_zone

    def acts(self) -> tuple[str, ...]:
        """The kinds of event that count as `acted`."""
        return tuple(k.name for k in self.schema.events.values() if k.act and k.builtin is None)

    def kinds(self, event: str) -> tuple[str, ...]:
        """The stored kinds behind an event's name."""
        return self.acts() if event == ACTED else (event,)


Moment = Callable[[int], object]  # instant -> the value of a parameter at that instant


class Params:
    """Collects the parameters of one statement: constants, and values that move with the instant judged."""

    def __init__(self) -> None:
        self.constants: dict[str, object] = {}
        self.moments: dict[str, Moment] = {}

    def const(self, value: object) -> str:
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return f":{name}"

    def moment(self, value: Moment) -> str:
        name = f"t{len(self.moments)}"
        self.moments[name] = value
        return f":{name}"

    def at(self, t: int) -> dict[str, object]:
        return self.constants | {name: moment(t) for name, moment in self.moments.items()}
