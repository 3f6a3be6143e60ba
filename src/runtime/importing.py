"""A CSV file into the project's store, and what is to be said about when its facts will hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dsl.compile import Compiled
from dsl.diagnostics import Severity

from .project import BrokenRules, load_settings, open_store, read_text
from .reading.values import instant
from .store import inbox, meta
from .store.imports import ImportResult, import_file, read_map
from .store.session import Session
from .store.statistics import BULK, analyse
from .store.store import Store
from .times.zones import MINUTE
from .worker import worker_of


@dataclass(frozen=True, slots=True)
class Imported:
    """`waiting` facts are in the inbox now, whoever put them there."""

    result: ImportResult
    waiting: int
    remarks: tuple[str, ...]


def import_rows(
    root: Path, file: Path, map_: Path, live: bool, rejects: Path | None, progress: Callable[[int, int], None]
) -> Imported:
    """Raises BrokenRules for a map with errors, InvalidInput for a file that cannot be read, StoreError."""
    settings = load_settings(root)
    source = read_text(map_)
    read, problems = read_map(source, settings.schema)
    if read is None or any(p.severity is Severity.ERROR for p in problems):
        raise BrokenRules(Compiled(None, tuple(problems), {source.name: source}), "the map")
    with open_store(settings) as store:
        with store.session() as session:
            moment, until = (inbox.present(session), None) if live else past(session)
        result = import_file(
            store, settings.schema, file, read,
            zone=settings.zone, now=moment, live=live, rejects=rejects, progress=progress, until=until,
        )  # fmt: skip
        if result.loaded >= BULK:
            with store.session() as session:
                analyse(session)
        return Imported(result, *_waiting(store, settings.zone, live, result.facts))


def past(session: Session) -> tuple[int, int]:
    """For rows that start nothing: when those without a date hold, and up to when records may be written at once.

    Virtual time stands still, so it is the clock. Before the first run it is the beginning of this minute, in which
    that run may begin; should it begin earlier, what lies ahead of it is put back (decision 0022)."""
    clock = meta.clock(session)
    if clock is None:
        moment = inbox.now() // MINUTE * MINUTE
        return moment, moment
    kind = meta.read(session, "clock_kind")
    return inbox.present(session) if kind == "real" else clock, clock


def _waiting(store: Store, zone: str, live: bool, facts: int) -> tuple[int, tuple[str, ...]]:
    with store.session() as session:
        count, first, last = session.run("SELECT count(*), min(at), max(at) FROM segue_inbox WHERE kind <> 'loaded'")[0]
    said = []
    if count and worker_of(store) is None:
        wait = "1 fact waits" if count == 1 else f"{count:,} facts wait"
        said.append(
            f"{wait} in the inbox, of {instant(first, zone)} to {instant(last, zone)}; no worker runs now, so the next"
            " `segue run` takes in what has come to its instant"
        )
    if facts and not live:
        said.append("these rows count as past: they count in conditions and start nothing (`--live` lets them)")
    return count, tuple(said)
