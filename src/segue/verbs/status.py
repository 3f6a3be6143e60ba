"""`segue status`: where the store stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..options import Json, ProjectDir, root_of

if TYPE_CHECKING:
    from runtime.service.standing import Standing


def status(*, json: Json = False, project: ProjectDir = None) -> int:
    """Say where the store stands: its clock, what waits, what is late, and every definition.

    For instance:
        segue status --json
    """
    import time

    from runtime.project.left_out import not_run_in
    from runtime.project.loading import load_settings, open_store
    from runtime.service.standing import standing

    from ..output import Told, show_json

    settings = load_settings(root_of(project))
    with open_store(settings, readonly=True) as store:
        found = replace(
            standing(store, time.time_ns() // 1000, settings.zone), not_run=tuple(not_run_in(settings.root))
        )
    if json:
        show_json(replace(found, loops=Told(found.loops)), settings.zone)
    else:
        _show(found, settings.zone)
    return 0


def _show(found: Standing, zone: str) -> None:
    from runtime.reading.values import instant

    from ..output import plural, remark, table

    rows: list[tuple[str, object]] = [
        ("store", found.store),
        (
            "clock",
            f"{instant(found.clock_at, zone)} {zone}, {found.clock_kind or 'real'}"
            if found.clock_at
            else "not run yet",
        ),
        ("worker", found.worker or "none"),
        ("next due", instant(found.next_due, zone) or "nothing"),
        ("facts waiting", found.inbox),
        ("tasks open", f"{found.tasks_open:,}, {found.tasks_overdue:,} overdue"),
        *((f"mails {state}", n) for state, n in found.outbox.items()),
        *((f"calls {state}", n) for state, n in found.calls.items()),
        *((f"loop in {name}", f"stopped {plural(n, 'time')} in 24 hours") for name, n in found.loops.items()),
    ]
    table(("", ""), rows)
    if found.unknown is not None:
        since = instant(found.unknown.since, zone)
        remark(
            f"{found.unknown.waiting:,} may have gone out or not, the oldest since {since}",
            f"`segue outbox --sent {found.unknown.key}`, or `--refused`, once you know",
        )
    if found.held:
        print()
        table(("put off by", "messages"), list(found.held.items()), ("messages",))
    _show_lags(found)
    if found.definitions:
        print()
        columns = ("definition", "since", "inside", "ended", "")
        lines = [
            (d.name, instant(d.since, zone), d.inside, d.ended, _note(d.vanished, d.inside)) for d in found.definitions
        ]
        table(columns, lines, ("inside", "ended"))
        for d in found.definitions:
            if d.errored:
                stopped = f"{plural(d.errored, 'enrollment')} of {d.name} stopped with an error"
                remark(stopped, f"`segue enrollments {d.name.split()[1]} --status errored` says why")
    if found.not_run:
        print()
        table(("not run yet",), [(words,) for words in found.not_run])


def _show_lags(found: Standing) -> None:
    """Only phases in which something waits."""
    from runtime.reading.values import lasting

    from ..output import table

    waiting = [lag for lag in found.lags if lag.waiting]
    if waiting:
        print()
        rows = [(lag.phase, lag.waiting, lag.late, lasting(lag.behind(found.looked_at))) for lag in waiting]
        table(("phase", "waiting", "late", "behind"), rows, ("waiting", "late"))


def _note(vanished: bool, inside: int) -> str:
    return "" if not vanished else "vanished; those inside finish" if inside else "vanished"
