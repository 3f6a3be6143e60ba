"""A store with enrollments that are all due at one instant, for the benchmarks: written in bulk, no engine runs."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.compile import compile_project
from dsl.program import blocks
from dsl.program.definitions import Program
from dsl.source import Source
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.store.statistics import analyse
from runtime.store.store import Store
from runtime.times.zones import DAY, MINUTE

T0 = 1_772_452_800_000_000  # 2026-03-02 12:00 UTC
T = T0 + MINUTE  # when they are due
_SCHEMA = """\
extends: standard
objects:
  contact:
    properties:
      cups: {type: number}
      renewal_on: {type: date}
      plan: {type: choice, options: [trial, paid]}
topics:
  news: {label: News, kind: transactional}
"""
_PROJECT = "name: bench\nusers:\n  ada: {name: Ada, email: ada@bench.example}\n"
_RULES = """\
workflow stepping of contact {
  when: manually
  sender: ada
  wait 1 day
  if cups > 10 { set plan = paid } else { set plan = trial }
  wait 2 days
}
workflow mailing of contact {
  when: manually
  sender: ada
  wait 1 day
  send hello
  wait 2 days
}
template hello { topic: news subject: "Hello" body: "Hello." }
"""
# What a tick has to keep on top of the steps: memberships that the steps touch, windows that time alone turns.
KEPT = """\
segment paying of contact { plan = paid }
segment fresh of contact { created_at within 30 days }
segment looking of contact { has viewed_page within 14 days and not in segment paying }
segment keen of contact { has viewed_page(path starts with "/prices") at least 2 times within 14 days }
segment due_soon of contact { renewal_on within next 14 days and renewal_on is known }
sequence thanking of contact {
  when: in segment paying and cups > 15  sender: ada  goal: cups > 1_000
  send hello
  wait 3 days
}
"""


@dataclass(frozen=True)
class Place:
    """Where a definition's enrollments stand, by numbers the store gave."""

    definition: int
    version: int
    block: int


class DueStore:
    """`people` contacts, all inside `name` just behind its first wait. The first `due` of them are due at `T`, as many
    more a minute later, and so on for `minutes`; the others have a year to go. `rules` are added to ours. `made`: the
    store at `url` is a copy of one that was made so."""

    def __init__(
        self,
        url: str,
        people: int,
        due: int,
        name: str = "stepping",
        minutes: int = 1,
        rules: str = "",
        made: bool = False,
    ) -> None:
        self.program = program(rules)
        self.store = Store.open(url) if made else Store.create(url, self.program.schema)
        self.engine = Engine(self.store, self.program, MemoryChannel())
        self.session = self.engine.session
        if not made:
            with self.session.transaction():
                self._contacts(people)
                self._views(people)
        self.engine.go_live(T0)
        self.place = self._place(name)
        if not made:
            with self.session.transaction():
                self._enrollments(people, due, minutes)
            analyse(self.session)

    def close(self) -> None:
        self.engine.close()
        self.store.close()

    def _place(self, name: str) -> Place:
        live = next(d for d in self.engine.rules.live if d.definition.name == name)
        graph = live.definition.pinned.graph
        first = graph.blocks[graph.entry]
        assert isinstance(first, blocks.Wait)
        return Place(live.id, live.version_id, first.next)

    def _contacts(self, people: int) -> None:
        self.session.run(
            f"INSERT INTO contact (bucket, id, external_id, created_at, email, email__n, cups, renewal_on,"
            f" lifecycle_stage) {_NUMBERS}"
            " SELECT n % 256, n, 'c' || n, :t, 'c' || n || '@bench.example', 'c' || n || '@bench.example', n %"
            f" 21, {_RENEWAL[self.session.dialect]}, 'lead'"
            " FROM numbers",
            people=people,
            t=T0 - 90 * DAY,
        )

    def _views(self, people: int) -> None:
        """One page view each, spread over three weeks."""
        self.session.run(
            f"INSERT INTO event_viewed_page (bucket, record_id, at, id, path, path__n) {_NUMBERS}"
            " SELECT n % 256, n, :t - (n % 500) * 3600000000, n, '/prices', '/prices' FROM numbers",
            people=people,
            t=T0,
        )
        self.session.run(
            "INSERT INTO segue_activity (bucket, id, event, count, first_at, last_at)"
            " SELECT bucket, record_id, 'viewed_page', 1, at, at FROM event_viewed_page"
        )

    def _enrollments(self, people: int, due: int, minutes: int) -> None:
        self.session.run(
            "INSERT INTO segue_enrollment (bucket, id, contact_id, definition_id, version_id, nr, status,"
            " block, due, waited,"
            f" ordinal, enrolled_at, entered_at, by_hand, sender, zone, person_zone) {_NUMBERS}"
            " SELECT n % 256, n, n, :definition, :version, 1, 'active', :block, CASE WHEN n <= :soon THEN :t +"
            " (n - 1) / :due * :minute ELSE :later END,"
            " TRUE, 1, :t0, :t0, FALSE, 'ada', 'UTC', 'UTC' FROM numbers",
            people=people, due=due, soon=due * minutes, minute=MINUTE, t=T, later=T + 365 * DAY, t0=T0 - DAY,
            definition=self.place.definition, version=self.place.version, block=self.place.block,
        )  # fmt: skip


_RENEWAL = {
    "sqlite": "date('2026-03-02', '+' || (n % 300) || ' days')",
    "postgresql": "date '2026-03-02' + (n % 300)",
}
_NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :people)"


def program(rules: str) -> Program:
    compiled = compile_project(
        [Source("bench.segue", _RULES + rules)], Source("schema.yaml", _SCHEMA), Source("segue.yaml", _PROJECT)
    )
    assert compiled.program is not None, compiled.diagnostics
    return compiled.program
