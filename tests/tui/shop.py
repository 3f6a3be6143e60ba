"""The demo's shop with something in every room, a user of each role, and a way to every screen there is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast

from textual.pilot import Pilot

from runtime.access.roles import ADMIN, OPERATOR, Actor
from runtime.demo.run import run_demo
from runtime.hygiene.finding import Findings
from runtime.pipelines.making import create
from runtime.project.loading import Loaded, load, open_store
from runtime.reading import segments
from runtime.store.ids import record_id
from runtime.store.session import Session
from runtime.talks import drafts, saved_talks
from runtime.talks.listing import Chosen
from runtime.talks.opening import named, opened
from segue.main import main
from tui.app import SegueApp
from tui.frame.desk import Desk
from tui.frame.desk_screen import DeskScreen
from tui.hygiene.queue import QueueScreen
from tui.operations.source import SourceScreen
from tui.pages.which import page_of
from tui.records.search import SearchScreen
from tui.reports.dashboard import DashboardScreen
from tui.reports.report import ReportScreen
from tui.segments.segment import SegmentScreen
from tui.segments.why import WhyScreen
from tui.sequences.sequence import SequenceScreen
from tui.talks.about import TalksAboutScreen
from tui.talks.saved import TalksScreen
from tui.talks.saved_talk import SavedTalkScreen
from tui.talks.talk import TalkScreen
from tui.talks.whom import WhomScreen
from tui.today.notices import NoticesScreen
from tui.workflows.workflow import WorkflowScreen

from .driving import settled

VIEWER, REP = "grace", "marek"
_ROLES = {"zofia": OPERATOR, "marek": "rep", "grace": "viewer", "kenji": ADMIN}
_BOSS = Actor("kenji", ADMIN)


def made_shop(folder: Path) -> None:
    """Sixty people and twelve days, two deals, a saved talk and a draft of the boss, a message nobody knows of."""
    run_demo(folder, 60, 12)
    settings = folder / "segue.yaml"
    text = settings.read_text(encoding="utf-8")
    for name, role in _ROLES.items():
        text = text.replace(f"{name}: {{", f"{name}: {{role: {role}, ")
    settings.write_text(text, encoding="utf-8")
    loaded = load(folder)
    with open_store(loaded) as store, store.session() as session:
        contact = session.one("SELECT external_id FROM contact ORDER BY external_id LIMIT 1")
        for nr in (1, 2):
            written = {"name": f"Deal {nr}", "owner": "kenji"}
            create(session, loaded, "deal", written, [("contact", contact)], _BOSS, external_id=f"D{nr}")
        at = opened(session, loaded, named(loaded, "playbook", "tasting_call"), contact)
        saved_talks.save(loaded, at, {"cups": "20"}, "voicemail", _BOSS)
        drafts.put_aside(at, {"cups": "30"}, _BOSS)
    assert main(["run", "--until", "+1 hour", "--as", _BOSS.name, "--project", str(folder)]) == 0
    with open_store(loaded) as store, store.session() as session, session.transaction():
        some = "SELECT bucket, key FROM segue_outbox LIMIT 2"
        session.run(f"UPDATE segue_outbox SET state = 'unknown' WHERE (bucket, key) IN ({some})")


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in the shop, to open pages of it."""

    loaded: Loaded
    contact: int
    company: int
    ticket: int
    talk: saved_talks.Talk

    @classmethod
    def of(cls, session: Session, loaded: Loaded) -> Known:
        (bucket, talk), *_ = session.run("SELECT bucket, id FROM segue_talk")
        return cls(
            loaded,
            session.one("SELECT contact_id FROM segue_task WHERE state = 'open' ORDER BY contact_id LIMIT 1"),
            session.one("SELECT id FROM company ORDER BY id LIMIT 1"),
            session.one("SELECT id FROM ticket WHERE stage = 'new' ORDER BY id LIMIT 1"),
            saved_talks.found(session, f"{bucket}.{talk}"),
        )


Open = Callable[[Desk], DeskScreen]


def screens(desk: Desk) -> Mapping[str, Open]:
    """Every screen by a name: the rooms, and what is opened from them."""
    known = desk.ask(lambda s: Known.of(s, desk.rulebook().loaded()))
    loaded, contact, call = known.loaded, known.contact, named(known.loaded, "playbook", "tasting_call")
    pages = {"contact": contact, "company": known.company, "ticket": known.ticket, "deal": record_id("deal", "D1")}
    (rule,) = desk.ask(lambda s: [one for one in Findings(s, loaded).overview() if one.rule == "tickets.1"])
    (segment,) = desk.ask(lambda s: [one for one in segments(s) if one.name == "new_tastings"])
    return {room.name: room.screen for room in desk.rooms} | {
        **{f"page of a {of}": _page(of, id_) for of, id_ in pages.items()},
        "sequence": lambda d: SequenceScreen(d, "tasting_follow_up", "Tasting", "enrollments"),
        "workflow": lambda d: WorkflowScreen(d, "welcome", "Welcome"),
        "segment": lambda d: SegmentScreen(d, segment),
        "hygiene queue": lambda d: QueueScreen(d, rule),
        "report": lambda d: ReportScreen(d, "deals_by_stage"),
        "dashboard": lambda d: DashboardScreen(d, "monday"),
        "why": lambda d: WhyScreen(d, "contact", contact, "them"),
        "source": lambda d: SourceScreen(d, "rules/desk.segue"),
        "search": SearchScreen,
        "notices": NoticesScreen,
        "talks": lambda d: TalksScreen(d, loaded, Chosen("tasting_call"), "Tasting call"),
        "talks about": lambda d: TalksAboutScreen(d, loaded, "contact", known.talk.record_id, "them"),
        "saved talk": lambda d: SavedTalkScreen(d, loaded, known.talk),
        "with whom": lambda d: WhomScreen(d, loaded, call),
        "form": lambda d: TalkScreen(d, loaded, call, contact, contact),
    }


def _page(of: str, id_: int) -> Open:
    return lambda desk: page_of(desk, of, id_)


async def shown(pilot: Pilot[None], open_: Open) -> DeskScreen:
    """That screen above Home, and nothing else, whatever was there before."""
    app = cast(SegueApp, pilot.app)
    while len(app.screen_stack) > 2:
        app.pop_screen()
    screen = open_(cast(Desk, app.desk))
    app.push_screen(screen)
    await settled(pilot)
    return screen


def sums(path: Path) -> dict[str, str]:
    """What is in each table, as a checksum."""
    with sqlite3.connect(path) as store:
        names = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: _sum(store, name) for name in names}


def _sum(store: sqlite3.Connection, table: str) -> str:
    rows = sorted(repr(row) for row in store.execute(f'SELECT * FROM "{table}"'))
    return sha256("\n".join(rows).encode()).hexdigest()
