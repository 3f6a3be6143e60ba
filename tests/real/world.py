"""Whole projects run over outside data: compiled, migrated, imported live and run in virtual time, as `segue` does it.

Oracles never import from here: they see the CSV files and nothing of Segue but its documents.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dsl.compile import compile_project
from dsl.diagnostics.diagnostic import Severity
from dsl.program.definitions import Program
from dsl.source import Source
from runtime.channels.base import Channel
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.store.imports import import_file, read_map
from runtime.store.migrate import apply, plan
from runtime.store.session import Row
from runtime.store.store import Store

from .data import data_folder
from .projects import Project

HERE = Path(__file__).parent
HISTORY = "segue_property_history"
# Our tables that call the record they are about its contact.
ABOUT = ("segue_enrollment", "segue_outbox", "segue_task", "segue_notification", "segue_refusal")
Stay = tuple[str, datetime, datetime | None]


def data(*names: str) -> Path:
    """A folder of the outside data; the test is skipped where it is absent."""
    folder = data_folder(*names)
    if folder is None:
        where = "set SEGUE_DATA, or put it into ../shared/data beside the clone"
        pytest.skip(f"no outside data {'/'.join(names)}: {where}")
    return folder


def program(name: str) -> Program:
    """The project in tests/real/NAME, without any finding."""
    folder = HERE / name
    rules = [Source(p.name, p.read_text()) for p in sorted(folder.glob("*.segue"))]
    schema, project = (Source(n, (folder / n).read_text()) for n in ("schema.yaml", "segue.yaml"))
    compiled = compile_project(rules, schema, project)
    serious = [d for d in compiled.diagnostics if d.severity is not Severity.INFO]
    assert not serious, "\n".join(f"{d.label.span} {d.code}: {d.message}" for d in serious)
    assert compiled.program is not None
    return compiled.program


@dataclass
class World:
    """A project after its run, for reading. `took`: seconds by stage."""

    program: Program
    store: Store
    channel: Channel
    engine: Engine
    took: dict[str, float] = field(default_factory=dict)
    instants: int = 0

    def rows(self, sql: str, **values: object) -> list[Row]:
        with self.store.session() as session:
            return session.run(sql, **values)

    def count(self, table: str, where: str = "TRUE") -> int:
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    def about(
        self, table: str, columns: str, of: str = "contact", definition: str | None = None, where: str = "TRUE"
    ) -> set[Any]:
        """(external id without its source, columns ..) of the rows `x` of a table that are about a record of `of`.

        `*` before a column: it holds an instant. `definition`: rows of that sequence or workflow alone."""
        names = columns.split(", ")
        picked = ", ".join(name.lstrip("*") for name in names)
        id_ = "contact_id" if table in ABOUT or table.startswith("(") else "id"
        if definition:
            where += f" AND x.definition_id IN (SELECT f.id FROM segue_definition f WHERE f.name = '{definition}')"
        found = self.rows(
            f'SELECT o.external_id, {picked} FROM {table} x JOIN "{of}" o ON o.bucket = x.bucket AND o.id = x.{id_}'
            f" WHERE {where}"
        )
        at = [name.startswith("*") for name in names]
        return {
            (who.partition(":")[2], *(moment(v) if instant else v for v, instant in zip(rest, at, strict=True)))
            for who, *rest in found
        }

    def steps(self, definition: str, where: str) -> set[Any]:
        """(external id, instant) of steps `x` of the enrollments of contacts."""
        enrolled = (
            "(SELECT s.*, e.contact_id, e.definition_id FROM segue_step s JOIN segue_enrollment e"
            " ON e.bucket = s.bucket AND e.id = s.enrollment_id)"
        )
        return self.about(enrolled, "*x.at", definition=definition, where=where)

    def history(self, segment: str, of: str = "contact") -> set[Stay]:
        """Who joined and left a segment, when."""
        number = self.rows(
            "SELECT id FROM segue_segment WHERE kind IN ('segment', 'static') AND name = :name", name=segment
        )[0][0]
        return self.about("segue_membership", "*x.joined_at, *x.left_at", of, where=f"x.segment_id = {number}")

    def close(self) -> None:
        self.engine.close()
        self.store.close()


def run(project: Project, store: str = "sqlite://", channel: Channel | None = None) -> World:
    """Migrate a new store, import the files live at the project's start, run it to its end."""
    folder, began = data(project.data), time.perf_counter()
    took: dict[str, float] = {}

    def lap(stage: str) -> None:
        nonlocal began
        took[stage], began = time.perf_counter() - began, time.perf_counter()

    compiled = program(project.name)
    lap("compile")
    opened = Store.open(store, create=True)
    apply(plan(opened, compiled.schema))
    lap("migrate")
    for file, name in project.files:
        load(opened, compiled, folder / file, HERE / project.name / "maps" / f"{name}.yaml", project.start)
    lap("import")
    mail = channel or MemoryChannel()
    engine = Engine(opened, compiled, mail)
    engine.go_live(micros(project.start))
    instants = engine.run(micros(project.until))
    lap("run")
    return World(compiled, opened, mail, engine, took, instants)


def load(store: Store, compiled: Program, path: Path, map_path: Path, now: datetime) -> None:
    map_, problems = read_map(Source(map_path.name, map_path.read_text()), compiled.schema)
    assert map_ is not None and not problems, problems
    zone = compiled.project.account.time_zone
    with tempfile.TemporaryDirectory() as folder:  # nothing is written beside the outside data
        rejects = Path(folder) / "rejects.csv"
        result = import_file(store, compiled.schema, path, map_, zone=zone, now=micros(now), live=True, rejects=rejects)
    assert result.rejected == 0, result.first_rejects[:5]


# --- instants ---------------------------------------------------------------------------------


def micros(when: datetime) -> int:
    return round(when.timestamp() * 1_000_000)


def moment(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at / 1_000_000, UTC)


def local(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))


# --- comparing --------------------------------------------------------------------------------


def each(subtests: pytest.Subtests, world: World, oracle: Any, *checks: Callable[[World, Any], None]) -> None:
    """Every check of one run. They are one test, so that the run is made once however tests are spread over workers."""
    try:
        for check in checks:
            with subtests.test(check.__name__):
                check(world, oracle)
    finally:
        world.close()


def same(what: str, ours: set[Any], theirs: set[Any]) -> int:
    """Assert that a set equals the oracle's; on a difference show the first five of each side. Gives back its size."""
    if ours != theirs:
        more, fewer = sorted(ours - theirs, key=repr), sorted(theirs - ours, key=repr)
        lines = [f"{what}: {len(ours):,} here, {len(theirs):,} by the oracle"]
        lines += [f"  only here ({len(more):,}): {x!r}" for x in more[:5]]
        lines += [f"  only by the oracle ({len(fewer):,}): {x!r}" for x in fewer[:5]]
        pytest.fail("\n".join(lines), pytrace=False)
    return len(ours)


def members(history: set[Stay], at: datetime) -> set[str]:
    """Who is in at an instant."""
    return {who for who, joined, left in history if joined <= at and (left is None or left > at)}


def report(title: str, rows: Sequence[tuple[str, int, int]], world: World) -> None:
    """A table of counts beside the oracle's (`pytest -s`)."""
    print(f"\n{title}")
    width = max(len(name) for name, _, _ in rows)
    print(f"  {'':{width}}  {'Segue':>9}  {'oracle':>9}")
    for name, ours, theirs in rows:
        print(f"  {name:{width}}  {ours:>9,}  {theirs:>9,}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in world.took.items())
    print(f"  {took}; {world.instants:,} instants; peak so far {peak:.0f} MB")
