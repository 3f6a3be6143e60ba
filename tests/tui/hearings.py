"""An office whose playbook is run with people in the app, by keys alone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from runtime.access.roles import Actor
from runtime.project.loading import Settings, load
from runtime.store import meta
from runtime.store.session import Session
from runtime.store.store import Store
from runtime.talks import drafts, saved_talks
from runtime.talks.opening import named, opened
from runtime.talks.questions import Sitting
from tests.runtime.engine.harness import PROJECT, SCHEMA, World
from tui.talks.form import FormScreen

from .driving import STORE, Then, driven, said, settled

SETTINGS = (
    PROJECT.replace("name: test", "name: Bright Bikes\nstore: sqlite:///crm.db")
    .replace("rep: {name: Rep One,", "rep: {name: Rep One, role: rep,")
    .replace("amy: {name: Amy Two,", "amy: {name: Amy Two, role: operator,")
    .replace("mute: {name: Mute}", "mute: {name: Mute, role: viewer}")
)
RULES = """\
playbook hearing "ヒアリング" for contact {
  outcome: つながった, 留守
  say "名乗り、{{ contact.first_name | default: 'お客様' }}さんの都合を聞く。"
  ask plan "どのプランですか" -> contact.plan required
  ask visits "How often do they ride?" -> contact.visits
  when answers.visits > 5 {
    say "A heavy rider: ask who signs."
    ask signer "Who signs?": text required
  }
  ask budget "予算": money
  ask start "開始希望日" -> contact.renewal
  ask agency "代理店経由ですか": bool
  ask likes "What do they like?" -> contact.tags
  ask keeper "Who looks after them?": user
  ask talk "会話内容": long_text
  on save { task todo "Send the offer" }
}

playbook handover "Hand over" for deal with contact {
  ask what "What was agreed?": text required
  ask visits "How often?" -> contact.visits
}
"""


def made_hearings(folder: Path) -> None:
    world = World(RULES, f"sqlite:///{folder / 'crm.db'}", project=SETTINGS)
    try:
        world.contact("ann", first_name="花子", last_name="佐藤", plan="free", visits=2, tags=["a"])
        world.contact("bob", first_name="Łucja", last_name="Nowak")
        world.contact("cid", first_name="Cid", last_name="Moon")
        for name, people in (("rail", ("ann", "bob")), ("road", ("cid",)), ("sea", ())):
            world.record("deal", name, "03-02 08:00", name=f"{name} deal")
            for one in people:
                world.link("deal", name, "contact", one, "03-02 08:01")
        world.run_to("03-02 09:00")
        with world.store.session() as session, session.transaction():
            meta.write(session, "clock_kind", "virtual")
    finally:
        world.close()
    for name, text in (("segue.yaml", SETTINGS), ("schema.yaml", SCHEMA), ("rules.segue", RULES)):
        (folder / name).write_text(text, encoding="utf-8")


def drive(
    project: Settings, *keys: str, then: Then | None = None, user: str = "amy", size: tuple[int, int] = (100, 40)
) -> Any:
    async def driving() -> Any:
        async with driven(STORE, settings=project, user=user, size=size) as pilot:
            await press(pilot, *keys)
            return await then(pilot) if then else said(pilot)

    return asyncio.run(driving())


async def press(pilot: Pilot[None], *keys: str) -> None:
    """A text is typed into a field in one go; after any other key all is waited for that it sets off."""
    for i, key in enumerate(keys):
        typed = isinstance(pilot.app.screen.focused, (Input, TextArea)) and len(key) == 1
        await pilot.press(key)
        if not typed or len((*keys[i + 1 :], "the end")[0]) > 1:
            await settled(pilot)


def form(pilot: Pilot[None]) -> FormScreen:
    assert isinstance(pilot.app.screen, FormScreen)
    return pilot.app.screen


def asked(pilot: Pilot[None]) -> list[str]:
    """The questions in sight."""
    return [field.asked for field in form(pilot).fields if field.display]


def wrong(pilot: Pilot[None]) -> dict[str, str]:
    """What is told beside the questions in sight."""
    told = {field.asked: field.query_one(".wrong", Static) for field in form(pilot).fields if field.display}
    return {name: str(one.content).removeprefix("↑ ") for name, one in told.items() if one.display}


def focused(pilot: Pilot[None]) -> str:
    return next(field.asked for field in form(pilot).fields if field.field.has_focus)


def ask(sql: str, **values: object) -> list[tuple[Any, ...]]:
    with Store.open(STORE) as opened, opened.session() as session:
        return session.run(sql, **values)


AMY = Actor("amy", "operator")
ROOM = ("g", "p")
HEARING = (*ROOM, "down", "enter", *"ann", "enter", "enter")  # the second playbook, with ann


TYPED = {
    "plan": "paid", "visits": "9", "signer": "A B", "budget": "1250", "start": "2026-04-01", "agency": "yes",
    "likes": "a, b", "keeper": "amy", "talk": "会話", "outcome": "つながった",
}  # fmt: skip
TAKEN_UP = (*ROOM, "tab", "enter")
TALKS = (*ROOM, "down", "l")


def put_aside(project: Settings) -> None:
    """All is answered with ann, and put aside."""
    with Store.open(STORE) as store, store.session() as session:
        drafts.put_aside(_opened(project, session), TYPED, AMY)


def save(project: Settings) -> None:
    """A talk is saved with ann."""
    answers = {name: text for name, text in TYPED.items() if name != "outcome"}
    with Store.open(STORE) as store, store.session() as session:
        saved_talks.save(load(project.root), _opened(project, session), answers, TYPED["outcome"], AMY)


def _opened(project: Settings, session: Session) -> Sitting:
    loaded = load(project.root)
    return opened(session, loaded, named(loaded, "playbook", "hearing"), "ann")
