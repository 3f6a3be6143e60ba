"""Whole projects run over outside data: compiled, migrated, imported live and run in virtual time, as `segue` does it.

Oracles never import from here: they see the CSV files and nothing of Segue but its documents.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Mapping, Sequence
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
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.store.imports import import_file, read_map
from runtime.store.migrate import apply, plan
from runtime.store.session import Row
from runtime.store.store import Store

from .data import data_folder

HERE = Path(__file__).parent


def data(*names: str) -> Path:
    """A folder of the outside data; the test is skipped where it is absent."""
    folder = data_folder(*names)
    if folder is None:
        pytest.skip(
            f"no outside data {'/'.join(names)}: set SEGUE_DATA, or put it into ../shared/data beside the clone"
        )
    return folder


def program(name: str) -> Program:
    """The project in tests/real/NAME, without any finding."""
    folder = HERE / name
    rules = [Source(p.name, p.read_text()) for p in sorted(folder.glob("*.segue"))]
    schema, project = (Source(n, (folder / n).read_text()) for n in ("schema.yaml", "segue.yaml"))
    compiled = compile_project(rules, schema, project)
    serious = [d for d in compiled.diagnostics if d.severity is not Severity.INFO]
    assert not serious, "\n".join(f"{d.label.span.file}:{d.label.span.line} {d.code}: {d.message}" for d in serious)
    assert compiled.program is not None
    return compiled.program


@dataclass
class World:
    """A project after its run, for reading. `took`: seconds by stage."""

    program: Program
    store: Store
    channel: MemoryChannel
    engine: Engine
    took: dict[str, float] = field(default_factory=dict)
    instants: int = 0

    def rows(self, sql: str, **values: object) -> list[Row]:
        with self.store.session() as session:
            return session.run(sql, **values)

    def names(self, object_name: str) -> dict[int, str]:
        """External ids by id, without the source."""
        found = self.rows(f'SELECT id, external_id FROM "{object_name}"')
        return {id_: name.partition(":")[2] for id_, name in found}

    def history(self, segment: str, object_name: str = "contact") -> set[tuple[str, datetime, datetime | None]]:
        """Who joined and left a segment, when."""
        found = self.rows(
            f'SELECT o.external_id, m.joined_at, m.left_at FROM segue_membership m JOIN "{object_name}" o ON o.bucket = m.bucket'
            " AND o.id = m.id JOIN segue_segment g ON g.id = m.segment_id WHERE g.kind = 'segment' AND g.name = :name",
            name=segment,
        )
        return {(name.partition(":")[2], moment(joined), moment(left)) for name, joined, left in found}

    def close(self) -> None:
        self.engine.close()
        self.store.close()


def run(
    name: str, files: Sequence[tuple[Path, str]], start: datetime, until: datetime, store: str = "sqlite://"
) -> World:
    """Migrate a new store, import `files` (file, map) live at `start`, run to `until`."""
    took: dict[str, float] = {}
    began = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal began
        took[stage], began = time.perf_counter() - began, time.perf_counter()

    compiled = program(name)
    lap("compile")
    opened = Store.open(store, create=True)
    apply(plan(opened, compiled.schema))
    lap("migrate")
    for path, map_name in files:
        load(opened, compiled, path, HERE / name / "maps" / f"{map_name}.yaml", start)
    lap("import")
    channel = MemoryChannel()
    engine = Engine(opened, compiled, channel)
    engine.go_live(micros(start))
    instants = engine.run(micros(until))
    lap("run")
    return World(compiled, opened, channel, engine, took, instants)


def load(store: Store, compiled: Program, path: Path, map_path: Path, now: datetime) -> None:
    map_, problems = read_map(Source(map_path.name, map_path.read_text()), compiled.schema)
    assert not problems, problems
    assert map_ is not None
    result = import_file(
        store, compiled.schema, path, map_, zone=compiled.project.account.time_zone, now=micros(now), live=True
    )
    assert result.rejected == 0, result.first_rejects[:5]


# --- instants ---------------------------------------------------------------------------------


def micros(when: datetime) -> int:
    return round(when.timestamp() * 1_000_000)


def moment(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at / 1_000_000, UTC)


def local(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[misc, arg-type]


# --- comparing --------------------------------------------------------------------------------


def same(what: str, ours: Any, theirs: Any) -> int:
    """Assert that a set (or mapping) equals the oracle's; on a difference show its first five. Gives back its size."""
    if isinstance(ours, Mapping):
        ours, theirs = set(ours.items()), set(theirs.items())
    ours, theirs = set(ours), set(theirs)
    if ours != theirs:
        more, fewer = sorted(ours - theirs, key=repr), sorted(theirs - ours, key=repr)
        lines = [f"{what}: {len(ours):,} here, {len(theirs):,} by the oracle"]
        lines += [f"  only here ({len(more):,}): {x!r}" for x in more[:5]]
        lines += [f"  only by the oracle ({len(fewer):,}): {x!r}" for x in fewer[:5]]
        pytest.fail("\n".join(lines), pytrace=False)
    return len(ours)


def members(history: set[tuple[str, datetime, datetime | None]], at: datetime) -> set[str]:
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
    print(
        "  "
        + ", ".join(f"{k} {v:.2f} s" for k, v in world.took.items())
        + f"; {world.instants:,} instants; peak {peak:.0f} MB"
    )
