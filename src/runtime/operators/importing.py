"""A CSV file into the project's store, and what is to be said about when its facts will hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dsl.compile import Compiled
from dsl.diagnostics import Severity
from dsl.schema.model import Kind, Schema

from ..access.audit import About, acting
from ..access.roles import actor
from ..project.loading import BrokenRules, load_settings, open_store, read_text
from ..reading.values import instant
from ..store import inbox, meta
from ..store.dialect import json_value
from ..store.imports import ImportResult, import_file, read_map
from ..store.names import quoted
from ..store.session import Session
from ..store.statistics import BULK, analyse
from ..store.worker import worker_of
from ..times.zones import MINUTE


@dataclass(frozen=True, slots=True)
class Imported:
    """`waiting` facts are in the inbox now, whoever put them there. Of them `ahead` lie after the store's clock (before
    the first run: after the real one), `early` are events dated before their record existed. Both kinds are kept."""

    result: ImportResult
    waiting: int
    ahead: int
    early: int
    remarks: tuple[str, ...]


def import_rows(
    root: Path,
    file: Path,
    map_: Path,
    live: bool,
    rejects: Path | None,
    progress: Callable[[int, int], None],
    by: str | None = None,
) -> Imported:
    """`by`: who imports, without a name whoever sits at the machine. Raises NotAllowed, BrokenRules for a map with
    errors, InvalidInput for a file that cannot be read, StoreError."""
    settings = load_settings(root)
    source = read_text(map_)
    read, problems = read_map(source, settings.schema)
    if read is None or any(p.severity is Severity.ERROR for p in problems):
        raise BrokenRules(Compiled(None, tuple(problems), {source.name: source}), "the map")
    with open_store(settings) as store:
        about = About(name=file.name, detail={"map": map_.name, "live": live})
        with store.session() as session:
            with acting(session, actor(settings.project, by), "import", about):
                pass
            moment, until = (inbox.present(session), None) if live else past(session)
        result = import_file(
            store, settings.schema, file, read,
            zone=settings.zone, now=moment, live=live, rejects=rejects, progress=progress, until=until,
        )  # fmt: skip
        if result.loaded >= BULK:
            with store.session() as session:
                analyse(session)
        with store.session() as session:
            clock = meta.clock(session)
            found = waiting(session, settings.schema, inbox.now() if clock is None else clock)
        unattended = worker_of(store) is None
        return Imported(
            result, found.count, found.ahead, found.early, tuple(_said(found, settings.zone, unattended, live, result))
        )


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


@dataclass(frozen=True, slots=True)
class Waiting:
    """The facts in the inbox: how many, the first and the last instant, what is odd about their instants."""

    count: int
    first: int
    last: int
    ahead: int
    early: int


def waiting(session: Session, schema: Schema, clock: int) -> Waiting:
    """What waits in the inbox, against the clock (µs)."""
    facts = "FROM segue_inbox WHERE kind <> 'loaded'"
    count, first, last = session.run(f"SELECT count(*), min(at), max(at) {facts}")[0]
    ahead = session.one(f"SELECT count(*) {facts} AND at > :clock", clock=clock)
    early = sum(_early(session, of) for of in schema.objects) if count else 0
    return Waiting(count, first, last, ahead, early)


def _early(session: Session, of: str) -> int:
    """Events of such records, in the store or waiting, that are dated before the record begins."""
    created = json_value(session.dialect, "payload", "created_at", Kind.DATETIME)
    begins = (
        f"SELECT bucket, id, min(coalesce({created}, at)) AS at FROM segue_inbox"
        " WHERE kind = 'record' AND object = :object GROUP BY bucket, id"
    )
    return int(
        session.one(
            f"SELECT count(*) FROM segue_inbox e LEFT JOIN {quoted(of)} o ON o.bucket = e.bucket AND o.id = e.id"
            f" LEFT JOIN ({begins}) w ON w.bucket = e.bucket AND w.id = e.id"
            " WHERE e.kind = 'event' AND e.at < coalesce(o.created_at, w.at)",
            object=of,
        )
    )


def _said(found: Waiting, zone: str, unattended: bool, live: bool, result: ImportResult) -> Iterator[str]:
    if found.count and unattended:
        wait = "1 fact waits" if found.count == 1 else f"{found.count:,} facts wait"
        yield (
            f"{wait} in the inbox, of {instant(found.first, zone)} to {instant(found.last, zone)}; no worker runs now,"
            " so the next `segue run` takes in what has come to its instant"
        )
    if found.ahead:
        lie = "1 fact that waits lies" if found.ahead == 1 else f"{found.ahead:,} facts that wait lie"
        yield f"{lie} ahead of the clock: kept until it has come there"
    if found.early:
        are = "1 event that waits is" if found.early == 1 else f"{found.early:,} events that wait are"
        yield f"{are} dated before the record existed: kept, and marked on its timeline"
    if result.facts and not live:
        yield "these rows count as past: they count in conditions and start nothing (`--live` lets them)"
