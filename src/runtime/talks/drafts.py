"""Playbooks put aside before they were saved, taken up later, or dropped (P5). A draft is its writer's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import randbits

import orjson

from ..access.audit import About, Detail, acting, permit
from ..access.roles import Actor
from ..errors import InvalidInput, UnknownName
from ..operators.arguments import still_there
from ..store.ids import id_in
from ..store.session import Row, Session
from .questions import OUTCOME, Sitting

_ACT = "talk"
_MOST = 1_000_000  # characters of answers that one draft keeps


@dataclass(frozen=True, slots=True)
class Draft:
    """`answers`: as they were typed, by name, the outcome among them; `at` in µs."""

    id: int
    name: str
    object: str
    record_id: int
    contact_id: int | None
    by_user: str
    at: int
    answers: Mapping[str, str]


def put_aside(at: Sitting, answers: Mapping[str, str], who: Actor, draft: int | None = None) -> int:
    """Keep what was typed so far; `draft`: in the place of what was put aside before. Its id. Raises
    NotAllowed, InvalidInput for more than can be kept."""
    about = About(at.talk.object, () if at.record is None else (at.record,), f"playbook {at.talk.name}")
    permit(at.session, who, _ACT, about)
    kept = orjson.dumps({name: text for name, text in answers.items() if text.strip()}).decode()
    if len(kept) > _MOST:
        raise InvalidInput(f"these answers are too long to put aside: {len(kept):,} characters", "save them, or less")
    id_ = draft or fresh()
    with at.session.transaction():
        if at.record is not None:
            still_there(at.session, (at.talk.object, at.record))
        drop_in(at.session, id_)
        at.session.bound(
            "INSERT INTO segue_draft (id, name, object, record_id, contact_id, by_user, at, answers)"
            " VALUES (:id, :name, :object, :record, :person, :by, :at, :answers)",
            {
                "id": id_, "name": at.talk.name, "object": at.talk.object, "record": at.record, "person": at.person,
                "by": who.name, "at": at.at, "answers": kept,
            },
        )  # fmt: skip
    return id_


def fresh() -> int:
    """The id of a draft to be."""
    return randbits(63) or 1


def hold(at: Sitting, answers: Mapping[str, str], who: Actor, draft: int) -> None:
    """What a form keeps by itself under that id while it is filled in; nothing typed is no draft."""
    if any(text.strip() for text in answers.values()):
        put_aside(at, answers, who, draft)
    else:
        drop(at.session, draft)


def drafts(session: Session, by: str | None = None) -> list[Draft]:
    """The newest first; `by`: of one user."""
    where = "WHERE by_user = :by" if by is not None else ""
    rows = session.bound(
        f"SELECT {_COLUMNS} FROM segue_draft {where} ORDER BY at DESC, id", {} if by is None else {"by": by}
    )
    return [_draft(row) for row in rows]


def draft(session: Session, text: str, who: Actor) -> Draft:
    """One by its id, of one's own. Raises UnknownName, NotAllowed."""
    found = _found(session, text)
    permit(session, who, _ACT, _about(found), own=found.by_user == who.name)
    return found


def let_go(session: Session, text: str, who: Actor) -> None:
    """Lose one by its id, of one's own. Raises UnknownName, NotAllowed."""
    found = _found(session, text)
    with acting(session, who, _ACT, _about(found, {"draft": "let go"}), own=found.by_user == who.name):
        drop_in(session, found.id)


def _found(session: Session, text: str) -> Draft:
    if (number := id_in(text)) is not None:
        rows = session.run(f"SELECT {_COLUMNS} FROM segue_draft WHERE id = :id", id=number)
        if rows:
            return _draft(rows[0])
    raise UnknownName(f"there is no draft `{text}`", "`segue playbook drafts` lists them")


def _about(found: Draft, detail: Detail | None = None) -> About:
    return About(found.object, (found.record_id,), f"playbook {found.name}", detail)


def drop(session: Session, id_: int) -> None:
    with session.transaction():
        drop_in(session, id_)


def drop_in(session: Session, id_: int) -> None:
    """In the caller's transaction."""
    session.run("DELETE FROM segue_draft WHERE id = :id", id=id_)


def outcome_in(answers: Mapping[str, str]) -> tuple[dict[str, str], str | None]:
    """The answers of a draft without the outcome, and that."""
    return {name: text for name, text in answers.items() if name != OUTCOME}, answers.get(OUTCOME)


def _draft(row: Row) -> Draft:
    id_, name, of, record, person, by, at, answers = row
    return Draft(id_, name, of, record, person, by, at, orjson.loads(answers))


_COLUMNS = "id, name, object, record_id, contact_id, by_user, at, answers"
