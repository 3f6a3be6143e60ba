"""Worlds as the engine's tests have them, and surveys answered in them."""

from __future__ import annotations

from runtime.access.roles import Actor
from runtime.store.ids import record_id
from runtime.surveys.answering import Answered, answer
from runtime.surveys.inviting import Invitations, invite
from runtime.surveys.results import Result, results
from tests.runtime.engine.conftest import emptied_url, shared, world, worlds  # noqa: F401 - fixtures
from tests.runtime.engine.harness import World
from tests.runtime.talks.conftest import REP, loaded


def ask(of: World, survey: str, *names: str, who: Actor = REP) -> Invitations:
    ids = [record_id("contact", name) for name in names]
    return invite(of.deliver().engine.session, loaded(of), survey, ids, who)


def reply(of: World, token: str, who: Actor = REP, **answers: object) -> Answered:
    return answer(of.deliver().engine.session, loaded(of), token, answers, who)


def token(of: World, survey: str, name: str) -> str:
    return ask(of, survey, name).invited[0].token


def told(of: World, survey: str, by: str | None = None) -> list[Result]:
    return results(of.deliver().engine.session, loaded(of), survey, by)
