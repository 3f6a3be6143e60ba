"""`segue plan`: what a run would do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import Json, ProjectDir, at_least, root_of

if TYPE_CHECKING:
    from runtime.service.planning import Person, Plan


def plan(
    *,
    until: Annotated[str | None, Parameter(help='How far to look: a date, or "+7 days".')] = None,
    from_: Annotated[str | None, Parameter(name="--from", help="Where virtual time of a new store begins.")] = None,
    most: Annotated[int, Parameter(help="How many people to name per definition.", validator=at_least(0))] = 10,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Show what changed in the rules since the last run, and who would enter, leave or be mailed.

    Writes nothing: it runs the engine on a copy of the store in memory. Without `--until` it looks at what a run would
    do now; on the virtual clock, at the next day.

    For instance:
        segue plan --until +7days
    """
    from runtime.project import loading as projects
    from runtime.service.orders import Order
    from runtime.service.planning import plan as make_plan

    from ..output import say, show_json
    from ..progress import progress
    from .run import watch_days

    loaded = projects.load(root_of(project))
    with projects.open_store(loaded, readonly=True) as store, progress("plan") as begin:
        found = make_plan(loaded, store, Order(until, from_), watch_days(begin, loaded.zone))
    for words in found.not_run:
        say(words)
    if json:
        show_json(found, loaded.zone)
    else:
        _show(found, loaded.zone, most)
    return 0


def _show(found: Plan, zone: str, most: int) -> None:
    from runtime.reading.values import instant

    from ..output import plural, put, remark, table

    remark(
        f"{instant(found.began, zone)} to {instant(found.until, zone)} {zone} ({found.clock} clock); nothing is written"
    )
    if found.changes:
        put("Changed since the last run")
        table(("what", "how"), [(c.name, c.what) for c in found.changes])
    parts = (("Would enter", found.entering), ("Would be refused", found.refused), ("Would leave", found.leaving))
    for title, people in (*parts, ("Would be mailed", found.mails), ("Would be tasks", found.tasks)):
        _people(title, people, zone, most)
    if not any((found.changes, found.entering, found.leaving, found.mails, found.tasks)):
        put("Nothing would happen.")
    if found.already_true:
        match = plural(found.already_true, "record matches", "records match")
        remark(f"{match} already and would not enter (X1); `existing: enroll` takes them in")
    for name, n in found.crowds:
        remark(
            f"{name} would take in {n:,} at once",
            f"a run stops there; to let it: `segue run --confirm {name.split()[-1]}`",
        )


def _people(title: str, people: Sequence[Person], zone: str, most: int) -> None:
    from runtime.reading.values import instant

    from ..output import put, table

    if not people:
        return
    put(f"\n{title}: {len(people):,}")
    rows: list[tuple[str, ...]] = []
    for name, group in groupby(people, key=lambda p: p.definition):
        of_one = list(group)
        rows += [(name, p.contact, instant(p.at, zone), p.detail) for p in of_one[:most]]
        if len(of_one) > most:
            rows.append((name, f"and {len(of_one) - most:,} more", "", ""))
    table(("definition", "who", "when", "what"), rows)
