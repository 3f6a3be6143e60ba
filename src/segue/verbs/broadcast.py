"""`segue broadcast`: one mail to many, looked at before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import AsUser, Json, Limit, ProjectDir, root_of

if TYPE_CHECKING:
    from runtime.broadcasts.planned import Person, Plan

Name = Annotated[str, Parameter(help="A broadcast of the rule files.")]


def list_(*, json: Json = False, project: ProjectDir = None) -> int:
    """List the broadcasts of the rule files, and how they stand.

    For instance:
        segue broadcast list
    """
    from runtime.broadcasts.listing import broadcasts
    from runtime.project.loading import load, open_store
    from runtime.reading.values import instant

    from ..output import show_json, table

    loaded = load(root_of(project))
    with open_store(loaded, readonly=True) as store, store.session() as session:
        found = broadcasts(session, loaded)
    if json:
        show_json(found, loaded.zone)
        return 0
    rows = [
        (b.name, b.state, instant(b.at, loaded.zone), b.template, b.sent, b.refused, b.waiting,
         instant(b.last_at, loaded.zone))
        for b in found
    ]  # fmt: skip
    columns = ("broadcast", "state", "at", "template", "sent", "refused", "waiting", "last")
    table(columns, rows, ("sent", "refused", "waiting"))
    return 0


def plan(
    name: Name,
    /,
    *,
    who: Annotated[
        str | None, Parameter(help="Name those of one group: now, later, or a reason such as no_consent.")
    ] = None,
    after: Annotated[str | None, Parameter(help="Go on behind this one, the last id of the page before.")] = None,
    limit: Limit = 50,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Tell who would get it now and who not, and why. Writes nothing.

    What a mail's own text comes to, such as an empty subject, shows only when it is sent.

    For instance:
        segue broadcast plan spring
        segue broadcast plan spring --who no_consent
    """
    from runtime.broadcasts.planned import planned
    from runtime.project.loading import load, open_store
    from runtime.store.session import FOR_EVER

    from ..output import show_json

    loaded = load(root_of(project))
    with open_store(loaded) as store, store.session() as session, planned(session, loaded, name) as found:
        people = found.people(who, _number(after), limit or FOR_EVER) if who is not None else []
    if json:
        show_json({"plan": found.plan} | ({"people": people} if who is not None else {}), loaded.zone)
    elif who is not None:
        _people(people, loaded.zone)
    else:
        _plan(found.plan, loaded.zone)
    return 0


def send(
    name: Name,
    /,
    *,
    confirm: Annotated[int | None, Parameter(help="How many get it, as `plan` says; needed for a crowd.")] = None,
    dry_run: Annotated[bool, Parameter(help="Only tell what it would do.")] = False,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Send it at the next tick to all it is for who have not had it.

    Above `limits.enroll_at_once` of segue.yaml the number that `plan` shows is to be confirmed.

    For instance:
        segue broadcast send spring --dry-run
        segue broadcast send spring --confirm 1204
    """
    from runtime.access.roles import actor
    from runtime.broadcasts.sending import send as ask
    from runtime.project.loading import load, open_store
    from runtime.store.worker import worker_of

    from ..output import plural, put, remark, show_json

    loaded = load(root_of(project))
    with open_store(loaded) as store:
        working = worker_of(store)
        with store.session() as session:
            told = ask(session, loaded, name, actor(loaded.project, as_user), confirm, dry_run, working is not None)
    if json:
        show_json(told, loaded.zone)
        return 0
    _plan(told.plan, loaded.zone)
    if told.asked:
        put(f"asked for: broadcast {name}, to {plural(told.plan.receive, 'person', 'people')}")
    if told.asked and working is None:
        remark("no worker runs now; the next `segue run` sends it")
    return 0


COMMANDS = {"list": list_, "plan": plan, "send": send}


def _number(text: str | None) -> int:
    """Raises InvalidInput."""
    from runtime.errors import InvalidInput
    from runtime.store.ids import id_in

    if (id_ := id_in(text or "0")) is None:
        raise InvalidInput(f"`{text}` is no id", "the list shows them, such as #123")
    return id_


def _plan(p: Plan, zone: str) -> None:
    from runtime.reading.values import instant

    from ..output import plural, put, remark, table

    put(f"{p.label or p.name}: {p.template} ({p.topic}), as of {instant(p.at, zone)}")
    put(f"{plural(p.receive, 'person gets', 'people get')} it of {p.asked:,} it is for")
    table(("people", "group", "why"), [(g.count, g.reason, g.words) for g in p.groups], ("people",))
    if p.waiting:
        remark(f"{plural(p.waiting, 'fact waits', 'facts wait')} for the next tick and may change this")


def _people(people: list[Person], zone: str) -> None:
    from runtime.reading.values import instant

    from ..output import table

    table(("id", "name", "address", "until"), [(f"#{p.id}", p.name, p.email, instant(p.until, zone)) for p in people])
