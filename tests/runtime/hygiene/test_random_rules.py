"""Random rules over random records: the preview is what a fix writes, a fix broken off writes nothing, fixes come to an
end, and all of them taken back, the last run first, leave every byte of the records as it was (P15)."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from runtime.hygiene import fix
from tests.runtime.engine.disturbed import Death, Killed, dying
from tests.runtime.engine.harness import MakeWorld
from tests.runtime.hygiene.clinic import Clinic

FIXES = (
    'fix when last_name ends with "様" { set last_name = without_suffix(last_name, "様") }',
    'fix when last_name starts with "a8" { set last_name = trim(without_prefix(last_name, "A8")) }',
    'fix when last_name matches "^[a-z]" { set last_name = upper(last_name) }',
    'fix when last_name contains "O" { set last_name = lower(last_name)  set visits = 1 }',
    'fix when last_name contains "x" { set last_name = replace(last_name, "x", "xx") }',
    "fix when visits > 5 { set visits = 5 }",
    "fix when visits < 2 { set visits = 9  clear phone }",
    "fix when plan = free and visits > 1 { set plan = paid }",
    "fix when plan is missing { set plan = trial }",
    "fix when renewal < 2026-01-01 { set renewal = 2026-01-01  set plan = free }",
    "fix when first_name is missing { set first_name = \"{{ contact.last_name | default: '-' }} of {{ contact.plan |"
    " default: '?' }}\" }",
    "fix when phone is known { set phone = trim(phone) }",
    'fix when tags contains any [b] { set last_name = "B"  clear renewal }',
)
REVIEW = 'review when first_name is missing or last_name is missing "Both names are needed"'
VALUES: dict[str, tuple[object, ...]] = {
    "last_name": (None, "田中様", "Ａ８ Sato", "a8", "様様", "oxo", "mori", "  ", "Ｏｎｏ", "łódź"),
    "first_name": (None, "Taro", "Ｈａｎａ"),
    "visits": (None, 0, 1, 3, 7, 2.5, 10**6),
    "plan": (None, "free", "paid", "trial"),
    "renewal": (None, "2025-12-31", "2026-05-01"),
    "phone": (None, " 1", "2 "),
    "tags": (None, ["a"], ["b", "a"]),
}
COLUMNS = [*VALUES, "last_name__n", "first_name__n", "phone__n"]
Pair = tuple[str, str]  # the record's external id, the property


class Ward:
    """A clinic, and the values of its records on paper."""

    def __init__(self, worlds: MakeWorld, random: Random) -> None:
        self.random, self.minute = random, 0
        rules = random.sample(FIXES, random.randrange(2, 9))
        rules.insert(random.randrange(len(rules) + 1), REVIEW)
        self.world = worlds(f"hygiene names of contact {{\n{chr(10).join(rules)}\n}}\n")
        for n in range(random.randrange(1, 9)):
            values = {name: random.choice(some) for name, some in VALUES.items()}
            self.world.contact(f"p{n}", at="03-02 00:00", **values)
        self.clinic = Clinic(self.world)
        self.tick()
        self.held = self.values()
        self.runs: dict[int, dict[Pair, tuple[object, object]]] = {}

    def tick(self) -> None:
        self.minute += 1
        self.world.run_to(f"03-02 {self.minute // 60:02}:{self.minute % 60:02}")

    def values(self) -> dict[Pair, object]:
        rows = self.clinic.rows(f"SELECT external_id, {', '.join(COLUMNS)} FROM contact")
        return {(str(row[0]), name): v for row in rows for name, v in zip(COLUMNS, row[1:], strict=True)}

    def fix(self) -> bool:
        """Whether anything was written."""
        seen = self.clinic.preview()
        if self.random.random() < 0.3:
            self._broken_off()
        done = self.clinic.fix()
        assert (done.changes, done.stuck, done.written) == (seen.changes, seen.stuck, seen.written)
        assert done.waiting == 0 and (done.run is None) == (done.written == 0)
        if done.run is None:
            return False
        self.runs[done.run] = {(c.external_id, c.property): (c.old, c.new) for c in done.changes}
        assert len(self.runs[done.run]) == done.written
        self.tick()
        found = self.values()
        for pair, (old, new) in self.runs[done.run].items():
            assert (_plain(self.held[pair]), _plain(found[pair])) == (old, new)
        for pair in self.held.keys() - self.runs[done.run].keys():
            assert found[pair] == self.held[pair] or pair[1].endswith("__n")
        self.held = found
        return True

    def _broken_off(self) -> None:
        before = self._written()
        death = Death(self.random.randrange(1, 9), committed=False)
        with self.world.store.session() as session, pytest.raises(Killed), dying(session, death):
            fix(session, self.clinic.loaded, "names", self.clinic.who, 0)
        assert self._written() == before

    def _written(self) -> list[Any]:
        tables = ("inbox", "repair", "reviewed", "audit")
        return [self.clinic.rows(f"SELECT count(*) FROM segue_{table}") for table in tables]

    def edit(self) -> None:
        """Somebody says another value."""
        written = {pair for run in self.runs.values() for pair in run}
        mine = sorted(pair for pair in written if pair[1] in ("visits", "plan", "last_name"))
        if not mine:
            return
        name, property_ = self.random.choice(mine)
        new = self.random.choice([v for v in VALUES[property_] if v is not None])
        self.world.set(name, **{property_: new})
        self.tick()
        self.held = self.values()

    def undo(self, run: int) -> None:
        """What is still as the run wrote it becomes what it was."""
        wrote = self.runs.pop(run)
        mine = {pair: old for pair, (old, new) in wrote.items() if _plain(self.held[pair]) == new}
        done = self.clinic.undo(run)
        assert (done.back, done.changed, done.waiting) == (len(mine), len(wrote) - len(mine), 0)
        self.tick()
        found = self.values()
        assert all(_plain(found[pair]) == old for pair, old in mine.items())
        assert all(found[pair] == v or pair[1].endswith("__n") for pair, v in self.held.items() if pair not in mine)
        self.held = found


def _plain(value: object) -> object:
    """As the payload of a change has it: a number of PostgreSQL is no Decimal, a day is text."""
    if value is None or isinstance(value, str | int | float):
        return value
    text = str(value)
    return text if "-" in text[1:] else float(text)


def test_p15_all_taken_back_is_as_it_was(worlds: MakeWorld, seeds: range) -> None:
    wrote = 0
    for seed in seeds:
        ward = Ward(worlds, Random(seed))
        before, edited = ward.values(), ward.random.random() < 0.5
        for _ in range(12):
            if not ward.fix():
                break
            if edited and ward.random.random() < 0.5:
                ward.edit()
        else:
            assert edited, "it never comes to rest"
        wrote += sum(map(len, ward.runs.values()))
        for run in sorted(ward.runs, reverse=True):
            ward.undo(run)
        assert edited or ward.values() == before
    assert wrote > len(seeds)
