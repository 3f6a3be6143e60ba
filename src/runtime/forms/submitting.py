"""A form that was filled in: checked, then written in one transaction with what is to follow (P13, X27)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import randbits

from dsl.program.conversations import PERSON, Conversation

from ..access.audit import About, permit, write
from ..access.roles import Actor
from ..errors import InvalidInput
from ..project.loading import Loaded
from ..store import inbox
from ..store.ids import BUCKETS, stable_hash
from ..store.names import folded, folded_column
from ..store.session import Session
from ..store.values import Storage
from ..talks.answers import checked
from ..talks.opening import named, reader, sitting
from ..talks.questions import Sitting
from ..talks.saved_talks import answers_of, found
from ..talks.saving import Written, save
from .senders import address_question, row_of, sender
from .waiting import one_by_one
from .written import Linked, effects

_ACT, _EVENT = "form", "submitted_form"
_LONGEST = 200  # characters of a key


@dataclass(frozen=True, slots=True)
class Submitted:
    """`again`: the key was used for this before, and nothing was written now. `kept`: answers that went to no property,
    as the tied record has a value there already (X27)."""

    talk_id: int
    form: str
    contact_id: int
    new_contact: bool
    again: bool
    answers: Mapping[str, Storage]
    written: tuple[Written, ...]
    linked: tuple[Linked, ...]
    kept: tuple[str, ...]
    follows: bool


def submit(
    session: Session, loaded: Loaded, name: str, answers: Mapping[str, object], who: Actor, key: str | None = None
) -> Submitted:
    """`answers`: as they were typed, or as JSON has them; `key`: the sender's own name of this submission, which counts
    once however often it comes. Nothing is written unless all of it is right. Raises UnknownName, InvalidInput,
    NotAllowed."""
    talk = named(loaded, "form", name)
    stranger = sitting(session, loaded, talk, None, None)
    permit(session, who, _ACT, About(PERSON, (), f"form {name}"))
    right = checked(stranger, reader(session, loaded), answers)
    address = str(right[address_question(talk).name])
    id_ = _id_of(talk, key)
    with session.transaction():
        if key is not None and (before := _before(session, talk, id_, right)) is not None:
            return before
        one_by_one(session)
        at = inbox.present(session)
        from_whom = sender(session, address, at)
        write(session, who, _ACT, About(PERSON, (from_whom.id,), f"form {name}"))
        here = Sitting(session, stranger.scope, talk, from_whom.id, from_whom.id, at)
        cause = f"form {name} {id_}"
        done = effects(here, right, cause)
        made = [row_of(from_whom, at, f"{cause}/contact")] if from_whom.new else []
        inbox.put(session, [*made, *done.rows, *_happened(here, id_)])
        saved = save(here, right, None, talk_id=id_, note=False, writes=done.written)
    return Submitted(
        saved.id, name, from_whom.id, from_whom.new, False, saved.answers, saved.written, done.linked, done.kept,
        saved.follows,
    )  # fmt: skip


def _id_of(talk: Conversation, key: str | None) -> int:
    """The talk of a key is the same wherever it is asked for."""
    if key is None:
        return randbits(63) or 1
    if not key.strip() or len(key) > _LONGEST:
        raise InvalidInput("this is no key of a submission", f"write 1 to {_LONGEST} characters, or leave it out")
    return stable_hash(f"form\x1f{talk.name}\x1f{key}")


def _before(session: Session, talk: Conversation, id_: int, right: Mapping[str, Storage]) -> Submitted | None:
    """What the key was used for already. Of two who come at once the second one waits here for the first. Raises
    InvalidInput where that was something else."""
    if session.dialect == "postgresql":
        session.run("SELECT pg_advisory_xact_lock(:id)", id=id_)
    buckets = ", ".join(map(str, range(BUCKETS)))  # it lies with the contact, whom another address may have led to
    bucket = session.one(f"SELECT bucket FROM segue_talk WHERE bucket IN ({buckets}) AND id = :id", id=id_)
    if bucket is None:
        return None
    before = found(session, f"{bucket}.{id_}")
    answers = answers_of(session, before, talk)
    if answers != dict(right):
        raise InvalidInput(
            f"this key was used for other answers to the form `{talk.name}`", "each submission has a key of its own"
        )
    return Submitted(id_, talk.name, before.record_id, False, True, answers, (), (), (), False)


def _happened(here: Sitting, id_: int) -> list[inbox.InboxRow]:
    """The event that workflows and conditions see, under the number of the talk; none where the schema has none."""
    assert here.record is not None
    if _EVENT not in here.scope.schema.events:
        return []
    form = here.talk.name
    payload: dict[str, Storage] = {"form": form, folded_column("form"): folded(form), "id": id_}
    key = f"form {form} {id_}/event"
    return [
        inbox.row("event", _EVENT, here.record, None, payload, at=here.at, fields="form", rank=inbox.now(), key=key)
    ]
