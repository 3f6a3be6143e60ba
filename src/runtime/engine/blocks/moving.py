"""How a group of enrollments moves: what every kind of block shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dsl.program.blocks import RecordRef

from ...errors import NeverOpen
from ...query.conditions import values_of
from ...query.scope import Params
from ...query.values import Values
from ...store.names import quoted
from ...store.session import Session
from ...times import windows
from ...times.calendars import WorkingCalendar
from ..leaving.ending import Ending
from ..rows import STEP, STEPPED
from ..rules import Rules, Version
from .texts import Texts

HERE = (
    "m.slice = :slice AND m.version_id = :version AND m.block = :block AND m.zone = :zone AND m.person_zone ="
    " :person_zone AND m.first_by_hand = :first"
)
FROM = f"FROM mover m CROSS JOIN segue_enrollment e WHERE {HERE} AND e.bucket = m.bucket AND e.id = m.id"
MINE = f"(bucket, id) IN (SELECT m.bucket, m.id FROM mover m WHERE {HERE})"
# What a step's inbox row is called: unique, and the cause that the property history names.
KEY = "'step ' || CAST(e.bucket AS TEXT) || '/' || CAST(e.id AS TEXT) || '/' || CAST(e.ordinal + 1 AS TEXT)"


# Of an enrollment that a step has changed: as it was before, as far as what the step writes reads it.
_BEFORE = "bucket, id, ordinal - 1 AS ordinal, contact_id, definition_id, sender"
_LOGGED = f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :at, :block, :what, :name, :outcome, NULL"


@dataclass(frozen=True)
class Group:
    """Enrollments that move together."""

    slice: int
    version: Version
    block: int
    zone: str
    person_zone: str
    first_by_hand: bool  # the first step of an enrollment made by hand: at once, window or not (X16)

    @property
    def values(self) -> dict[str, object]:
        return {
            "slice": self.slice,
            "version": self.version.id,
            "block": self.block,
            "zone": self.zone,
            "person_zone": self.person_zone,
            "first": int(self.first_by_hand),
        }


class Moving:
    def __init__(
        self, session: Session, rules: Rules, ending: Ending, calendars: Mapping[str | None, WorkingCalendar]
    ) -> None:
        self.session, self.rules, self.ending, self.calendars = session, rules, ending, calendars
        self.texts = Texts(session, rules.scope)

    def go(
        self,
        g: Group,
        block: int,
        due: int | None,
        also: str = "waited = FALSE",
        where: str = "",
        values: Mapping[str, object] | None = None,
    ) -> None:
        """Move the group to `block`, to be looked at again at `due`."""
        self.session.bound(
            f"UPDATE segue_enrollment SET block = :next, due = :due, began_at = NULL, {also} WHERE {MINE}{where}",
            g.values | {"next": block, "due": due} | dict(values or {}),
        )

    def hold(self, g: Group, until: int | None) -> None:
        """Look again at `until`, at the same block; None: never."""
        self.session.bound(f"UPDATE segue_enrollment SET due = :due WHERE {MINE}", g.values | {"due": until})

    def closed(self, g: Group, opens: int | None, now: int) -> None:
        """It is not the hour: look again when it is. By `began_at` a pause tells that from a delay (S40)."""
        self.session.bound(
            f"UPDATE segue_enrollment SET due = :due, began_at = coalesce(began_at, :now) WHERE {MINE}",
            g.values | {"due": opens, "now": now},
        )

    def log(
        self,
        g: Group,
        at: int,
        what: str,
        name: str | None,
        outcome: str,
        where: str = "",
        values: Mapping[str, object] | None = None,
    ) -> None:
        self.session.bound(
            f"{_LOGGED} {FROM}{where}",
            g.values | {"at": at, "what": what, "name": name, "outcome": outcome} | dict(values or {}),
        )

    def step(self, g: Group, block: int, at: int, what: str, name: str) -> None:
        """Note a step done and go on to `block` at once."""
        said = {"at": at, "what": what, "name": name, "outcome": "done", "next": block, "label": f"{what} {name}"}
        self.take(g, f"block = :next, due = :at, began_at = NULL, {STEPPED}", said)

    def take(self, g: Group, sets: str, said: Mapping[str, object], effect: str = "") -> int:
        """Take a step: change the group by `sets`, which counts it, with its row of the log and of `effect`, an INSERT
        that reads the enrollments `e` as they were before; how many there are. PostgreSQL finds them once for all."""
        *others, last = [_LOGGED, effect] if effect else [_LOGGED]
        change, values = f"UPDATE segue_enrollment SET {sets} WHERE {MINE}", g.values | dict(said)
        if self.session.dialect == "postgresql":
            also = "".join(f", logged AS ({insert} FROM e)" for insert in others)
            return self.session.count(f"WITH e AS ({change} RETURNING {_BEFORE}){also} {last} FROM e", values)
        found = [self.session.count(f"{insert} {FROM}", values) for insert in (*others, last)]
        self.session.bound(change, values)
        return found[-1]

    # --- steps whose outcome is each one's own ------------------------------------------------

    def values(self, g: Group) -> Values:
        """Writes values of the enrollments `e` of a group and their records `s`."""
        return values_of(self.rules.scope, g.version.pinned.object, Params(), "e")

    def rows(self, g: Group, chosen: bool = False) -> str:
        """FROM and WHERE of the group's enrollments `e` with their records `s`, and the table `chosen` as `c`."""
        joined, where = (" CROSS JOIN chosen c", " AND c.bucket = e.bucket AND c.id = e.id") if chosen else ("", "")
        return (
            f"FROM mover m CROSS JOIN segue_enrollment e CROSS JOIN {quoted(g.version.pinned.object)} s{joined}"
            f" WHERE {HERE} AND e.bucket = m.bucket AND e.id = m.id AND s.bucket = e.bucket AND s.id ="
            f" e.contact_id{where}"
        )

    def record(self, g: Group, values: Values, ref: RecordRef) -> str:
        """SQL of the id of the record a step names; NULL where there is none."""
        if ref.name:
            return values.created_id(ref.name)
        if not ref.path:
            return "s.id"
        joins, end = values.hops(ref.path, g.version.pinned.object, "s")
        return f"(SELECT {end}.id {joins} LIMIT 1)"

    def meant(self, g: Group, of: str) -> str:
        """SQL of the id of the `of` that a step is about: the record enrolled, or the person on the line (X20)."""
        if of == g.version.pinned.object:
            return "e.contact_id"
        return (
            "(SELECT k.contact_id FROM segue_talk k WHERE k.bucket = e.bucket AND k.id = e.trigger_id"
            " AND k.contact_id IS NOT NULL)"
        )

    def steps(
        self, g: Group, block: int, at: int, what: str, name: str, outcome: str, rows: str, values: Mapping[str, object]
    ) -> None:
        """Note a step with the SQL of its outcome and go on to `block` at once."""
        self.session.bound(
            f"{STEP} SELECT e.bucket, e.id, e.ordinal + 1, :now, :block, :what, :name, {outcome}, NULL {rows}",
            g.values | dict(values) | {"now": at, "what": what, "name": name},
        )
        also = STEPPED
        self.go(g, block, at, also, "", {"at": at, "label": f"{what} {name}"})

    def calendar(self, g: Group) -> WorkingCalendar:
        return self.calendars[g.version.pinned.calendar]

    def open(
        self, g: Group, at: int, rows: str = "", values: Mapping[str, object] | None = None, quiet: bool = True
    ) -> int | None:
        """The first instant from `at` on at which this group may reach people (X16). None if there never is one: then
        these (all of the group, or `rows`) are set aside and the batch goes on."""
        window = None if g.first_by_hand else g.version.pinned.window
        hours = self.rules.program.project.limits.quiet_hours if quiet else None
        try:
            return windows.clip(at, window, self.calendar(g), g.zone, hours, g.person_zone)
        except NeverOpen as never:
            self.ending.gather(
                f"SELECT e.bucket, e.id, 'errored', 'never_open', :words, NULL, e.block {rows or FROM}",
                g.values | dict(values or {}) | {"words": never.message},
            )
            return None
