"""What people write to name an instant, a definition, a record or a user, and what to say where it means nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from dsl.diagnostics.articles import article
from dsl.diagnostics.suggest import closest, did_you_mean, of_those_declared
from dsl.program.conditions import Duration, Unit
from dsl.program.definitions import Program
from dsl.schema.model import Schema, User

from ..errors import InvalidInput, UnknownName
from ..reading.values import instant as shown
from ..store.ids import bucket_of, id_in, record_id
from ..store.names import folded, folded_column, quoted
from ..store.session import Session
from ..times import zones
from ..times.calendars import working_calendar
from ..times.durations import after

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_LATER = re.compile(r"\+\s*(\d+)\s*(minute|hour|day|week|month|year)s?\Z")
_DIGITS = 12  # of a length of time: more of any unit is beyond the last date
_NEIGHBOURS = 2_000  # addresses looked at for "did you mean"


def instant(text: str, zone: str, clock: int | None = None) -> int:
    """µs of `2026-03-02` (its 00:00), `2026-03-02 09:00`, one with an offset of its own, or `+30 days` after `clock`.

    Raises InvalidInput."""
    wanted = text.strip()
    if (later := _LATER.match(wanted)) and clock is not None:
        length = Duration(int(later[1][:_DIGITS]), Unit(later[2] + "s"))
        return _reached(text, after(clock, length, zone, working_calendar(None)), zone)
    try:
        moment = datetime.fromisoformat(wanted)
        at = zones.from_datetime(moment) if moment.tzinfo else zones.parse_local(wanted, zone)
    except (ValueError, OverflowError):
        raise InvalidInput(f"`{text}` is no date", 'write `2026-03-02`, `"2026-03-02 09:00"` or `"+30 days"`') from None
    return _reached(text, at, zone)


def _reached(text: str, at: int, zone: str) -> int:
    """A slip of the finger must not carry a store's clock to the end of time: there is no way back."""
    if zones.local_day(at, zone) >= zones.LAST_DAY:
        raise InvalidInput(f"`{text}` is too far ahead: dates end with the year 9998", "name an earlier day")
    return at


def end_of(text: str, zone: str) -> int:
    """As `instant`, but a bare date means all of that day: the first instant of the next one."""
    start = instant(text, zone)
    if _DAY.match(text.strip()):
        return zones.day_start(zones.local_day(start, zone) + 1, zone)
    return start


def ahead(text: str, zone: str, present: int) -> int:
    """As `instant`, but one that is still to come. Raises InvalidInput."""
    at = instant(text, zone, present)
    if at < present:
        raise InvalidInput(f"`{text}` is over: it is {shown(present, zone)} now", "name a moment that is to come")
    return at


def definition(program: Program, text: str, among: Collection[tuple[str, str]] | None = None) -> tuple[str, str]:
    """(kind, name) of `welcome` or `sequence welcome`; `among`: others than sequences and workflows too. Raises
    UnknownName, InvalidInput."""
    kind, _, name = text.strip().rpartition(" ")
    keys = program.definitions if among is None else among
    found = [key for key in keys if key[1] == name and kind in ("", key[0])]
    if len(found) > 1:
        kinds = sorted(key[0] for key in found)
        said = "a sequence and a workflow" if kinds == ["sequence", "workflow"] else f"a {' and a '.join(kinds)}"
        raise InvalidInput(f"there is {said} `{name}`", f'write `"{kinds[0]} {name}"`')
    if not found:
        raise _no_definition(program, kind, name, keys)
    return found[0]


def _no_definition(program: Program, kind: str, name: str, keys: Collection[tuple[str, str]]) -> UnknownName:
    kinds = sorted({"sequence", "workflow", *(key[0] for key in keys)})
    if kind not in ("", "segment", *kinds):
        meant = next((f'write `"{key[0]} {name}"`' for key in keys if key[1] == name), f"known are {', '.join(kinds)}")
        return UnknownName(f"there is no kind `{kind}`", meant)
    if kind in ("", "segment") and name in program.segments:
        return UnknownName(
            f"`{name}` is a segment, no sequence and no workflow", f"`segue segments {name}` lists its members"
        )
    what = kind if kind in kinds else "sequence or workflow"
    names = sorted({key[1] for key in keys if what in (key[0], "sequence or workflow")})
    return UnknownName(f"there is no {what} `{name}`", of_those_declared(what, name, names))


def known(what: str, text: str, names: Iterable[str]) -> str:
    """`text` if it is among `names`. Raises UnknownName."""
    there = sorted(names)
    if text not in there:
        raise UnknownName(f"there is no {what} `{text}`", of_those_declared(what, text, there))
    return text


def company(session: Session, text: str) -> int:
    """By id, external id or name. Raises UnknownName."""
    by_name = session.run("SELECT id FROM company WHERE name__n = :name ORDER BY id LIMIT 2", name=folded(text))
    if len(by_name) == 1:
        return int(by_name[0][0])
    sql = "SELECT id FROM company WHERE external_id = :text OR '#' || id = :text"
    if (found := session.one(sql, text=text.strip())) is not None:
        return int(found)
    if by_name:
        raise UnknownName(f"several companies are called `{text}`", "name it by its external id")
    some = [row[0] for row in session.run("SELECT name FROM company ORDER BY name LIMIT 2000")]
    hint = did_you_mean(text, some, most=6) or "say its name, its external id or its id (#123)"
    raise UnknownName(f"there is no company `{text}`", hint)


def user(session: Session, program_users: Iterable[str], text: str) -> str:
    """The name of a user of segue.yaml or of an import. Raises UnknownName."""
    imported = (row[0] for row in session.run("SELECT name FROM segue_user"))
    return known("user", text, {*program_users, *imported})


def colleague(session: Session, program_users: Mapping[str, User], text: str) -> str:
    """As `user`, but one who works here still: to whom something is given. Raises UnknownName, InvalidInput."""
    name = user(session, program_users, text)
    known = program_users.get(name)
    if known is not None and not known.active:
        raise InvalidInput(f"`{name}` works here no more", "name an active user")
    return name


def record(session: Session, schema: Schema, of: str, text: str) -> int:
    """The id of the record with that id, external id or (of a contact) e-mail address; one that still waits in the
    inbox is found by its external id. Raises UnknownName, also for an object that the schema does not have."""
    if (found := record_if_any(session, schema, of, text)) is not None:
        return found
    by_id = text.startswith("#") and id_in(text) is not None
    hint = "it may have been deleted" if by_id else ""
    hint = _deleted(session, of, text.strip()) or hint or _similar(session, schema, of, text.strip())
    raise UnknownName(f"there is no {of} `{text}`", hint)


def still_there(session: Session, *records: tuple[str, int]) -> None:
    """In the transaction of an act that was begun before: (object, id) of what it is about. Raises UnknownName."""
    for of, id_ in records:
        if not _is_there(session, of, id_):
            raise UnknownName(f"this {of} was deleted meanwhile", "nothing was written")


def record_if_any(session: Session, schema: Schema, of: str, text: str) -> int | None:
    """As `record`; None where there is none."""
    known("object", of, schema.objects)
    wanted = text.strip()
    for candidate in _meant(of, wanted):
        if _is_there(session, of, candidate):
            return candidate
    if "email" in schema.objects[of].properties:
        sql = f"SELECT min(id) FROM {quoted(of)} WHERE {folded_column('email')} = :mail"
        if (found := session.one(sql, mail=folded(wanted))) is not None:
            return int(found)
    return None


def _meant(of: str, text: str) -> list[int]:
    """The ids that a text may stand for: one itself, or what it is called outside."""
    return [id_ for id_ in (id_in(text), record_id(of, text)) if id_]


def _deleted(session: Session, of: str, text: str) -> str:
    """Who deleted it, in words, where somebody did: what is called alike is something else."""
    sql = (
        "SELECT by_user FROM segue_audit WHERE record_id = :id AND object = :of AND act = 'delete' AND refused = 0"
        " ORDER BY at DESC LIMIT 1"
    )
    by = next((row[0] for id_ in _meant(of, text) for row in session.run(sql, id=id_, of=of)), None)
    return f"it was deleted by {by}" if by is not None else ""


def _is_there(session: Session, of: str, id_: int) -> bool:
    inside = f"SELECT 1 FROM {quoted(of)} WHERE bucket = :bucket AND id = :id"
    waiting = "SELECT 1 FROM segue_inbox WHERE bucket = :bucket AND id = :id AND kind = 'record' AND object = :of"
    found = session.one(f"{inside} UNION ALL {waiting} LIMIT 1", bucket=bucket_of(id_), id=id_, of=of)
    return found is not None


def _similar(session: Session, schema: Schema, of: str, text: str) -> str:
    """The nearest of the addresses and ids that begin with the same letter and are about as long."""
    length = len(text)
    with_address = "email" in schema.objects[of].properties
    columns = ["external_id", "email"] if with_address else ["external_id"]
    near: list[str] = []
    for column in columns:
        like = f"substr({column}, 1, 1) = :first AND length({column}) BETWEEN :least AND :longest"
        sql = f"SELECT {column} FROM {quoted(of)} WHERE {like} ORDER BY {column} LIMIT :most"
        values = {"first": text[:1], "least": length - 2, "longest": length + 2, "most": _NEIGHBOURS}
        near += [row[0] for row in session.bound(sql, values)]
    guess = closest(text, near)
    names = "id, external id or e-mail address" if with_address else "id (#123) or external id"
    return f"did you mean `{guess}`?" if guess else f"name {article(of)} by {names}"
