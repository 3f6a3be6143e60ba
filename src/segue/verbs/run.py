"""`segue run`: the worker."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ..options import AsUser, Json, ProjectDir, root_of

if TYPE_CHECKING:
    from runtime.project.loading import Loaded
    from runtime.service.doings import Doings
    from runtime.service.orders import Order, Outcome, Watch

    from ..progress import Step


def run(
    *,
    until: Annotated[
        str | None, Parameter(help='A date, "2026-03-02 09:00" or "+30 days", in the account\'s zone.')
    ] = None,
    from_: Annotated[str | None, Parameter(name="--from", help="Where virtual time of a new store begins.")] = None,
    clock: Annotated[
        Literal["virtual", "real"] | None, Parameter(help="A store keeps the kind of its first run.")
    ] = None,
    once: Annotated[bool, Parameter(help="One tick, then end.")] = False,
    confirm: Annotated[tuple[str, ...], Parameter(help="A definition that may take in a crowd at once (X1).")] = (),
    stop: Annotated[
        tuple[str, ...], Parameter(help="A definition, vanished or not, that all those inside leave now (X26).")
    ] = (),
    resume_dispatch: Annotated[
        bool, Parameter(help="Send what a store far behind its clock holds back: a backup put back, or a long outage.")
    ] = False,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Run the rules: enroll, mail, wait, stop.

    On the real clock a tick each minute until Ctrl-C. On the virtual clock (`--until`) time flies to the date given, at
    each instant exactly what a tick each minute would have done; it begins at the midnight before the earliest fact.
    The rules are read at the start. One worker per store.

    For instance:
        segue run
        segue run --until 2026-04-01
    """
    from runtime.project.left_out import not_run_yet
    from runtime.project.loading import load
    from runtime.service.orders import Order

    loaded = load(root_of(project))
    not_run = not_run_yet(loaded)
    order = Order(until, from_, clock, once, frozenset(confirm), frozenset(stop), resume_dispatch, as_user)
    outcome = _worked(loaded, order, not_run)
    _show(outcome, not_run, loaded.zone, json)
    _show_loops(outcome, loaded.project.limits.enrollments_per_record_per_hour)
    if outcome.interrupted:
        raise outcome.interrupted
    return 0


def _worked(loaded: Loaded, order: Order, warnings: list[str]) -> Outcome:
    """What a worker is warned of goes to its journal; on the virtual clock somebody sits before it."""
    from runtime.project.loading import open_channel, open_store
    from runtime.service.clocks import clock_of
    from runtime.service.journal import journal
    from runtime.service.running import run as run_project

    from ..output import say
    from ..progress import progress

    log = journal()
    with open_store(loaded) as store, progress("run") as begin:
        with store.session() as session:
            virtual = clock_of(session, order) == "virtual"
        with closing(open_channel(loaded, virtual)) as channel:
            for words in (*warnings, *channel.problems()):
                say(words) if virtual else log("warning", words)
            return run_project(loaded, store, channel, order, watch_days(begin, loaded.zone), log)


def watch_days(begin: Callable[[int], Step], zone: str) -> Watch:
    """Progress over virtual time: how far between its two ends, and the day reached."""
    from runtime.reading.values import day

    def watch(start: int, end: int) -> Callable[[int, int], None]:
        step = begin(end - start)
        return lambda t, worked: step(t - start, day(t, zone))

    return watch


def _show(outcome: Outcome, not_run: list[str], zone: str, json: bool) -> None:
    from runtime.reading.values import instant
    from runtime.service.doings import total

    from ..output import Told, plural, remark, show_json

    if json:
        told = {
            name: getattr(outcome, name) for name in ("clock", "began_at", "ended_at", "instants", "changes", "done")
        }
        show_json({**told, "loops": Told(outcome.loops), "total": total(outcome.done), "not_run": not_run}, zone)
        return
    for word, names in (("new", outcome.changes.new), ("edited", outcome.changes.edited)):
        for name in names:
            remark(f"{word}: {name}")
    for name in outcome.changes.vanished:
        remark(f"vanished: {name} takes nobody in any more, those inside finish")
    show_doings(outcome.done)
    began = f"{instant(outcome.began_at, zone)} to " if outcome.began_at is not None else "began, "
    if outcome.ended_at is not None:
        worked = plural(outcome.instants, "instant")
        remark(f"{outcome.clock} clock: {began}{instant(outcome.ended_at, zone)} {zone}, {worked}")


def _show_loops(outcome: Outcome, limit: int) -> None:
    from runtime.reading.looping import words

    from ..output import say

    for name, count in outcome.loops.items():
        say(words(name, count, limit))


def show_doings(done: Doings) -> None:
    """A line per definition and one for all."""
    from dataclasses import astuple

    from runtime.service.doings import total

    from ..output import remark, table

    if not done:
        remark("nothing was due: nobody entered, was mailed or left")
        return
    columns = ("definition", "entered", "ended", "refused entry", "mails sent", "mails refused", "tasks", "notes")
    rows = [(name, *astuple(of)) for name, of in done.items()]
    if len(rows) > 1:
        rows.append(("all", *astuple(total(done))))
    table(columns, rows, columns[1:])
