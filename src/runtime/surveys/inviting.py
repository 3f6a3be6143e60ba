"""Invitations made by hand: for whoever has not answered lately (P12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsl.program.conversations import PERSON

from ..access.audit import About, acting
from ..access.roles import Actor
from ..channels.links import SurveyLinks
from ..project.loading import Loaded
from ..query.asked import answered_since, pause_began
from ..store import inbox
from ..store.invitations import Asked, new_token, write
from ..store.session import Session
from ..talks.opening import named


@dataclass(frozen=True, slots=True)
class Invited:
    """`token` is told once, and here; `link` leads to where the survey is answered, None where segue.yaml names no
    such place."""

    contact_id: int
    token: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Invitations:
    """`lately`: contacts who answered so short a time ago that they are not asked again."""

    survey: str
    at: int
    invited: tuple[Invited, ...]
    lately: tuple[int, ...]


def invite(session: Session, loaded: Loaded, name: str, contacts: Sequence[int], who: Actor) -> Invitations:
    """Raises UnknownName, InvalidInput, NotAllowed."""
    survey = named(loaded, "survey", name)
    at = inbox.present(session)
    since = pause_began(loaded.program, survey, at)
    links = SurveyLinks.of(loaded.project.channels.get("email", {}))
    those = tuple(dict.fromkeys(contacts))
    invited, lately = [], []
    with acting(session, who, "survey", About(PERSON, those, f"survey {name}")):
        for contact in those:
            if since is not None and _answered(session, loaded, name, contact, since):
                lately.append(contact)
                continue
            token = new_token(contact)
            invited.append(Invited(contact, token, links.survey(name, token)))
        write(session, (Asked(name, one.contact_id, one.token) for one in invited), at)
    return Invitations(name, at, tuple(invited), tuple(lately))


def _answered(session: Session, loaded: Loaded, survey: str, contact: int, since: int) -> bool:
    sql = answered_since(loaded.schema, "CAST(:contact AS BIGINT)")
    found = session.one(f"SELECT 1 WHERE {sql}", survey=survey, contact=contact, since=since)
    return found is not None
