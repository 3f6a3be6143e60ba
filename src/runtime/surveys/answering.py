"""An answer to an invitation: one, and the first one stays (X27)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import randbits

from dsl.program.conversations import PERSON

from ..access.audit import About, acting, permit
from ..access.roles import Actor
from ..errors import InvalidInput, UnknownName
from ..forms.waiting import one_by_one
from ..forms.written import Linked, effects
from ..operators import arguments
from ..project.loading import Loaded
from ..query.asked import EVENT
from ..reading.values import instant
from ..store import inbox
from ..store.invitations import Invitation, invitation, use
from ..store.names import folded, folded_column
from ..store.session import Session
from ..store.values import Storage
from ..talks.answers import checked
from ..talks.opening import named, reader, sitting
from ..talks.questions import SCORE, Sitting
from ..talks.saving import Written, save


@dataclass(frozen=True, slots=True)
class Answered:
    """`kept`: answers that went to no property, as the tied record has a value there already (X27)."""

    talk_id: int
    survey: str
    contact_id: int
    at: int
    answers: Mapping[str, Storage]
    written: tuple[Written, ...]
    linked: tuple[Linked, ...]
    kept: tuple[str, ...]
    follows: bool


def opened(session: Session, loaded: Loaded, token: str) -> tuple[Invitation, Sitting]:
    """The invitation and what it asks. Raises UnknownName, InvalidInput where it was answered, or nobody is there."""
    found = invitation(session, token)
    if found is None:
        raise UnknownName(
            "no invitation has this token", "it stands in the mail, or where `segue survey invite` told it"
        )
    talk = named(loaded, "survey", found.survey)
    if found.talk_id is not None:
        raise _twice(session, loaded, found)
    if arguments.record_if_any(session, loaded.schema, PERSON, f"#{found.contact_id}") is None:
        raise InvalidInput("who was invited is no contact any more", "they were deleted; nothing is asked of them")
    return found, sitting(session, loaded, talk, found.contact_id, found.contact_id)


def answer(session: Session, loaded: Loaded, token: str, answers: Mapping[str, object], who: Actor) -> Answered:
    """`answers`: as they were typed, or as JSON has them, `score` that on the scale. Nothing is written unless all
    of it is right. Raises UnknownName, InvalidInput, NotAllowed."""
    found, at = opened(session, loaded, token)
    about = About(PERSON, (found.contact_id,), f"survey {found.survey}")
    permit(session, who, "survey", about)
    right = checked(at, reader(session, loaded), answers)
    id_ = randbits(63) or 1
    cause = f"survey {found.survey} {id_}"
    with acting(session, who, "survey", about):
        if not use(session, found, id_):
            raise _twice(session, loaded, found)
        one_by_one(session)
        here = Sitting(session, at.scope, at.talk, at.record, at.person, inbox.present(session))
        done = effects(here, right, cause)
        inbox.put(session, [*done.rows, *_happened(here, id_, right[SCORE])])
        saved = save(here, right, None, talk_id=id_, note=False, writes=done.written)
    return Answered(
        id_, found.survey, found.contact_id, saved.at, saved.answers, saved.written, done.linked, done.kept,
        saved.follows,
    )  # fmt: skip


def _twice(session: Session, loaded: Loaded, found: Invitation) -> InvalidInput:
    at = session.one(
        "SELECT k.at FROM segue_talk k JOIN segue_invitation i ON i.bucket = k.bucket AND i.talk_id = k.id"
        " WHERE i.bucket = :bucket AND i.id = :id",
        bucket=found.bucket,
        id=found.id,
    )
    when = f" on {instant(at, loaded.zone)}" if at is not None else ""
    message = f"this invitation to `{found.survey}` was answered{when}"
    return InvalidInput(message, "one answer belongs to each; nothing is changed")


def _happened(here: Sitting, id_: int, score: Storage) -> list[inbox.InboxRow]:
    """The event that workflows and conditions see, under the number of the talk; none where the schema has none."""
    assert here.record is not None
    if EVENT not in here.scope.schema.events:
        return []
    survey = here.talk.name
    payload: dict[str, Storage] = {
        "survey": survey, folded_column("survey"): folded(survey), SCORE: score, "id": id_,
    }  # fmt: skip
    key, fields = f"survey {survey} {id_}/event", inbox.names_of(("survey", SCORE))
    rank = inbox.now()
    return [inbox.row("event", EVENT, here.record, None, payload, at=here.at, fields=fields, rank=rank, key=key)]
