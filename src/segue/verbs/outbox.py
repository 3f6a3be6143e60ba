"""`segue outbox`: what is on its way, and what nobody knows the outcome of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import AsUser, Json, Limit, ProjectDir, root_of

if TYPE_CHECKING:
    from runtime.operators.outbox import Waiting


def outbox(
    *,
    sent: Annotated[
        tuple[str, ...],
        Parameter(help="Settle some of unknown outcome: they have arrived. By their keys.", consume_multiple=1),
    ] = (),
    refused: Annotated[tuple[str, ...], Parameter(help="Settle some: they never arrived.", consume_multiple=1)] = (),
    as_user: AsUser = None,
    limit: Limit = 50,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """List messages that are on their way or put off, those of unknown outcome first; or settle some of these.

    A message is never sent again because its outcome is unknown. A bounce, reply or click settles it by itself, and
    so do seven days without any.

    For instance:
        segue outbox
        segue outbox --sent 95703c3b6113.121.2.1
    """
    from runtime.access.roles import actor
    from runtime.operators.outbox import settle, waiting
    from runtime.project.loading import load_settings, open_store

    from ..output import show_json

    settings = load_settings(root_of(project))
    marks = [(key, "sent") for key in sent] + [(key, "refused") for key in refused]
    with open_store(settings, readonly=not marks) as store, store.session() as session:
        if marks:
            settle(session, marks, actor(settings.project, as_user))
            return _told(marks, json)
        count, found = waiting(session, limit)
    if json:
        show_json({"count": count, "messages": found}, settings.zone)
    else:
        _show(count, found, settings.zone)
    return 0


def _told(marks: list[tuple[str, str]], json: bool) -> int:
    from ..output import put, show_json

    if json:
        show_json([{"key": key, "state": state} for key, state in marks])
    else:
        for key, state in marks:
            put(f"asked for: {state}: {key}")
    return 0


def _show(count: int, found: list[Waiting], zone: str) -> None:
    from runtime.reading.values import instant

    from ..output import more_than, table

    columns = ("key", "state", "at", "kind", "name", "contact", "to", "tries", "reason")
    table(
        columns,
        [(m.key, m.state, instant(m.at, zone), m.kind, m.name, m.contact, m.address, m.tries, m.words) for m in found],
    )
    more_than(len(found), count)
