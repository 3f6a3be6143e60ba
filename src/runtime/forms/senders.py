"""Whose form it is: the contact with the e-mail address, or a new one (X27)."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.program.conversations import PERSON, Ask, Conversation

from ..store import inbox
from ..store.ids import record_id
from ..store.names import folded, folded_column
from ..store.session import Session
from ..talks.questions import asks
from .waiting import external_id
from .written import unused

EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Sender:
    """`external_id` of a contact who is not there yet; None of one who is."""

    id: int
    address: str
    external_id: str | None

    @property
    def new(self) -> bool:
        return self.external_id is not None


def address_question(talk: Conversation) -> Ask:
    """The question for the address: the checker wants one that is asked in any case."""
    return next(
        ask for ask in asks(talk).values()
        if ask.target is not None and not ask.target.path and ask.target.property == EMAIL and ask.required
    )  # fmt: skip


def sender(session: Session, address: str, at: int) -> Sender:
    """Of several contacts with one address the first by id, as everywhere. One that waits in the inbox is found too:
    two forms that come before the next tick are of one contact."""
    mail = folded(address)
    coming = external_id(session, PERSON, EMAIL, mail, at)
    known = session.one(f"SELECT min(id) FROM {PERSON} WHERE {folded_column(EMAIL)} = :mail", mail=mail)
    if known is not None:
        return Sender(int(known), address, None)
    external = coming or unused(session, PERSON, address)
    return Sender(record_id(PERSON, external), address, external)


def row_of(who: Sender, at: int, key: str) -> inbox.InboxRow:
    """What makes a new contact."""
    assert who.external_id is not None
    values = {EMAIL: who.address, folded_column(EMAIL): folded(who.address)}
    return inbox.record_row(PERSON, who.external_id, values, at=at, rank=inbox.now(), key=key)
