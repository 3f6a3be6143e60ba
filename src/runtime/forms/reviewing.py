"""What a form would do, for whoever fills it in for somebody and looks before it is sent (P13, X27). Nothing is written
here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dsl.program.conversations import PERSON

from ..project.loading import Loaded
from ..store import inbox
from ..store.session import Session
from ..talks.answers import checked
from ..talks.following import follows
from ..talks.opening import reader
from ..talks.questions import Sitting
from ..talks.reviewing import Change, Review, changed
from ..talks.sheets import Sheet
from .senders import Sender, address_question, sender
from .written import Effects, effects


def review(session: Session, loaded: Loaded, at: Sitting, form: Sheet) -> Review:
    """`at`: with nobody, as a form is while it is filled in. Raises InvalidInput as sending it would."""
    answers = checked(at, reader(session, loaded), form.typed)
    whose = sender(session, str(answers[address_question(at.talk).name]), inbox.present(session))
    here = replace(at, record=whose.id, person=whose.id)
    does = effects(here, answers, "looked at")
    return Review("", tuple(_changes(here, does, whose)), (), follows(here, answers), tuple(_besides(does, whose)))


def _changes(here: Sitting, does: Effects, whose: Sender) -> Iterator[Change]:
    for one in does.written:
        change = changed(here, one, one.record) if one.record is not None else None
        if change is not None:
            new = whose.new and one.object == PERSON
            yield replace(change, record=whose.address) if new else change


def _besides(does: Effects, whose: Sender) -> Iterator[str]:
    if whose.new:
        yield f"nobody has the address {whose.address}: a new contact is made"
    for tie in does.linked:
        yield f"the contact is tied to {'a new' if tie.new else 'the'} {tie.object} {tie.name}"
    for name in does.kept:
        yield f"only the talk keeps {name}: what it goes to has a value, or is not there"
