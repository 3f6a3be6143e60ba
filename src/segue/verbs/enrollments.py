"""`segue enrollments`: the list, and what operators do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import AsUser, Json, Limit, ProjectDir, root_of

if TYPE_CHECKING:
    from runtime.operators.commands import Asked
    from runtime.operators.listing import Chosen, NotEnrolled


def enrollments(
    definition: Annotated[str | None, Parameter(help="A sequence or workflow; all without it.")] = None,
    /,
    *,
    status: Annotated[
        tuple[str, ...], Parameter(help="pending, active, waiting_task, paused, errored, finished or unenrolled.")
    ] = (),
    contact: Annotated[str | None, Parameter(help="Of one contact: id, external id or e-mail address.")] = None,
    company: Annotated[
        tuple[str, ...], Parameter(help="Of the people of these companies: name, external id or id.")
    ] = (),
    by: Annotated[str | None, Parameter(help="Those that this user enrolled.")] = None,
    refused: Annotated[bool, Parameter(help="Those who were not let in, and why, instead.")] = False,
    pause: Annotated[bool, Parameter(help="Pause those listed; what is left of a wait is kept (S40).")] = False,
    until: Annotated[
        str | None, Parameter(help='With `--pause`: when they go on by themselves, "2026-03-02" or "+14 days".')
    ] = None,
    resume: Annotated[bool, Parameter(help="Let those go on that are paused.")] = False,
    unenroll: Annotated[bool, Parameter(help="End those listed, for good.")] = False,
    as_user: AsUser = None,
    limit: Limit = 50,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """List enrollments, the newest first; with `--pause`, `--resume` or `--unenroll` act on all that fit.

    An act needs a definition, a company, a contact or `--by`. The next tick obeys.

    For instance:
        segue enrollments trial_welcome --contact ann@example.com --pause --until "+14 days"
    """
    from runtime.access.roles import actor
    from runtime.operators import listing
    from runtime.operators.arguments import ahead
    from runtime.project.loading import load_settings, open_store
    from runtime.reading import called
    from runtime.store.inbox import present

    settings = load_settings(root_of(project))
    acts = _acts(pause, resume, unenroll, until)
    with open_store(settings, readonly=not acts) as store, store.session() as session:
        choice = listing.choose(session, settings.schema, definition, status, contact, by, company)
        if acts:
            end = ahead(until, settings.zone, present(session)) if until is not None else None
            asked = listing.act(session, choice, acts, actor(settings.project, as_user), end)
            return _told(acts[0], asked, json)
        if refused:
            many, those = listing.refused(session, choice, limit)
            return _refused(many, called(session, settings.schema, those), settings.zone, json)
        count, found = listing.enrollments(session, choice, limit)
        found = called(session, settings.schema, found)
    return _listed(count, found, settings.zone, json)


def _acts(pause: bool, resume: bool, unenroll: bool, until: str | None) -> list[str]:
    from runtime.errors import InvalidInput

    acts = [name for name, on in (("pause", pause), ("resume", resume), ("unenroll", unenroll)) if on]
    if until is not None and acts != ["pause"]:
        raise InvalidInput("only a pause has an end", "`--until` goes with `--pause`")
    return acts


def _told(act: str, asked: Asked, json: bool) -> int:
    from ..output import plural, put, remark, show_json

    if json:
        show_json(asked)
    else:
        put(f"asked for: {act} {plural(asked.asked, 'enrollment')}")
    if asked.ended:
        remark(f"{plural(asked.ended, 'enrollment')} had ended already")
    if asked.leaving:
        remark(f"{plural(asked.leaving, 'enrollment')} will have ended: somebody asked for that before")
    if asked.already:
        remark(f"{plural(asked.already, 'enrollment')} {'paused already' if act == 'pause' else 'not paused'}")
    if asked.otherwise:
        other = "resumed" if act == "pause" else "paused"
        remark(f"{plural(asked.otherwise, 'enrollment')} will be {other}: somebody asked for that before")
    return 0


def _refused(count: int, found: list[NotEnrolled], zone: str, json: bool) -> int:
    from runtime.reading.values import instant

    from ..output import more_than, show_json, table

    if json:
        show_json({"count": count, "refused": found}, zone)
        return 0
    table(
        ("contact", "definition", "when", "why"),
        [(r.contact, r.definition, instant(r.at, zone), r.words) for r in found],
    )
    more_than(len(found), count)
    return 0


def _listed(count: int, found: list[Chosen], zone: str, json: bool) -> int:
    from runtime.reading.values import instant

    from ..output import more_than, show_json, table

    if json:
        show_json({"count": count, "enrollments": found}, zone)
        return 0
    columns = ("contact", "company", "definition", "status", "why", "enrolled", "last step", "next due")
    rows = [
        (c.contact, c.company, c.definition, c.awaits or c.status, c.words, instant(c.enrolled_at, zone), c.last_step,
         instant(c.due, zone))
        for c in found
    ]  # fmt: skip
    table(columns, rows)
    more_than(len(found), count)
    return 0
