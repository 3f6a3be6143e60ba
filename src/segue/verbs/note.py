"""`segue note`: what was said and decided, on the records that it is about."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import AsUser, Json, Limit, Of, ProjectDir, Record, once, pairs, root_of

if TYPE_CHECKING:
    from runtime.writing.notes import Noted


def add(
    record: Record | None = None,
    /,
    *,
    of: Of = "contact",
    field: Annotated[
        tuple[str, ...], Parameter(help="A field of the template: channel=phone; `--template` shows them.")
    ] = (),
    text: Annotated[
        str,
        Parameter(help="Words of your own; a line #suc becomes its snippet; - reads stdin.", allow_leading_hyphen=True),
    ] = "",
    link: Annotated[tuple[str, ...], Parameter(help="What else it is about: deal=acme-renewal.")] = (),
    template: Annotated[bool, Parameter(help="Only print the template.")] = False,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Write a note on a record.

    A talk by phone belongs to its deal. The note is there after the next tick.

    For instance:
        segue note add ann@example.com --field channel=phone --field "decisions=Renews" --link deal=4711
        segue note add --template
    """
    from runtime.access.roles import actor
    from runtime.errors import InvalidInput
    from runtime.operators.arguments import record as record_of
    from runtime.project.loading import load, load_settings, open_store
    from runtime.writing import notes

    from ..output import put, show_json

    if template:
        words = notes.template(load_settings(root_of(project)))
        show_json({"template": words}) if json else put(words)
        return 0
    if record is None:
        raise InvalidInput("on which record?", "write `segue note add RECORD`")
    loaded = load(root_of(project))
    fields = once(pairs(field, "write `--field channel=phone`; `--template` shows them"))
    words = sys.stdin.read(_MOST) if text == "-" else text
    with open_store(loaded) as store, store.session() as session:
        id_ = record_of(session, loaded.schema, of, record)
        ties = notes.ties_of(session, loaded, pairs(link, "write `--link deal=acme-renewal`"))
        done = notes.add(session, loaded, of, id_, actor(loaded.project, as_user), fields, words, ties)
    _told(done, json)
    return 0


def _told(done: Noted, json: bool) -> None:
    from ..output import put, remark, show_json

    if json:
        show_json({"note_id": done.id, "body": done.body, "tied": _tied(done.tied), "lacking": done.lacking})
        return
    put(f"note #{done.id} on {', '.join(f'{other} #{number}' for other, number in done.tied)}\n{done.body}")
    if done.lacking:
        which = " and ".join(done.lacking)
        remark(f"a talk by phone belongs to its {which}, and this note is tied to none", "say `--link deal=RECORD`")


def list_(
    record: Record,
    /,
    *,
    of: Of = "contact",
    limit: Limit = 50,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """List the notes of a record, the newest first; of a company or deal those of its contacts too.

    For instance:
        segue note list ann@example.com
        segue note list 4711 --of deal
    """
    from runtime.operators.arguments import record as record_of
    from runtime.project.loading import load_settings, open_store
    from runtime.reading.values import instant
    from runtime.writing import notes

    from ..output import put, show_json, title

    settings = load_settings(root_of(project))
    with open_store(settings, readonly=True) as store, store.session() as session:
        found = notes.listed(session, settings.schema, of, record_of(session, settings.schema, of, record), limit)
    if json:
        show_json(found, settings.zone)
        return 0
    for note in found:
        by = f", by {note.owner}" if note.owner else ""
        title(f"{instant(note.at, settings.zone)}{by}{f', on {note.of}' if note.of else ''}")
        for line in note.body.splitlines():
            put(f"  {line}")
    return 0


COMMANDS = {"add": add, "list": list_}
_MOST = 200_000  # characters of stdin


def _tied(tied: tuple[tuple[str, int], ...]) -> list[dict[str, str]]:
    return [{"object": of, "id": str(id_)} for of, id_ in tied]
