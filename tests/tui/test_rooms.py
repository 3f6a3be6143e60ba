"""The rooms beside the sequences, driven by keys on a small shop that ran for two weeks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.pilot import Pilot
from textual.widgets import Static, TabbedContent

from runtime.access.audit import About, acting
from runtime.access.roles import ADMIN, Actor
from runtime.project.loading import Settings
from runtime.reading.ways import ways
from runtime.store import meta
from runtime.store.ids import record_id
from runtime.store.store import Store
from tests.runtime.reading.shop import RULES, made_shop
from tui.operations.source import SourceScreen
from tui.pages.company import CompanyScreen
from tui.pages.contact import ContactScreen
from tui.segments.why import WhyScreen
from tui.sequences.enrollment_table import EnrolledKey
from tui.tables.paged_table import PagedTable

from .driving import STORE, Then, copied, drive, picture, press, rows, settled, text


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    made_shop(folder)
    with Store.open(f"sqlite:///{folder / 'crm.db'}") as store, store.session() as session:
        with acting(session, Actor("rep", ADMIN), "note", About("contact", [record_id("contact", "p1")], "called")):
            pass
        # What is late does not hang on the day of the test; and there is a mail of which nobody knows whether it left.
        with session.transaction():
            meta.write(session, "clock_kind", "virtual")
            session.run(
                "UPDATE segue_outbox SET state = 'unknown', key = 'x.1.' || bucket || '.' || enrollment_id || '.' ||"
                " ordinal WHERE contact_id = :id",
                id=record_id("contact", "p0"),
            )
    return folder


@pytest.fixture
def shop(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return copied(built, tmp_path, monkeypatch)


def _rows(table: str) -> Then:
    """The texts of a table's first rows."""

    async def rows(pilot: Pilot[None]) -> list[tuple[str, ...]]:
        shown = pilot.app.screen.query_one(f"#{table}", PagedTable)
        found = filter(None, (shown.row_at(i) for i in range(shown.total)))
        return [tuple(str(cell if isinstance(cell, str) else cell[0]) for cell in row.cells) for row in found]

    return rows


async def _told(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#told", Static).content)


async def _screen(pilot: Pilot[None]) -> object:
    return type(pilot.app.screen)


def _inbox(shop: Settings) -> list[tuple[Any, ...]]:
    with Store.open(STORE) as opened, opened.session() as session:
        return session.run("SELECT kind, id, payload FROM segue_inbox ORDER BY rank, key")


# --- workflows ------------------------------------------------------------------------------------


def test_workflows_say_runs_goals_and_errors(shop: Settings) -> None:
    assert drive(shop, "g", "w", then=_rows("workflows")) == [("Greet a trial", "6", "0", "–", "5", "1", "–")]


def test_a_workflow_opens_with_the_ways_taken_and_then_its_runs(shop: Settings) -> None:
    taken = drive(shop, "g", "w", "enter", then=_rows("taken"))
    assert next(row[:4] for row in taken if row[1] == "yes") == ('if country = "PL"', "yes", "3", "50%")
    runs = drive(shop, "g", "w", "enter", "right_square_bracket", then=_rows("enrolled"))
    assert len(runs) == 6 and {row[5] for row in runs} == {"finished", "unenrolled"}


def test_a_step_of_a_workflow_shows_its_runs(shop: Settings) -> None:
    """By whatever way of it the cursor is at: all who wait or ended there."""
    greet = "definition_id = (SELECT id FROM segue_definition WHERE name = 'greet')"
    with Store.open(STORE) as opened, opened.session() as session, session.transaction():
        [(id_, contact)] = session.run(
            f"SELECT id, contact_id FROM segue_enrollment WHERE {greet} ORDER BY status DESC, id LIMIT 1"
        )
        step = ways(session, "greet")[0]
        _, block = step.places[0]
        session.run(
            "UPDATE segue_enrollment SET status = 'active', ended_at = NULL, block = :block WHERE id = :id",
            id=id_, block=block,
        )  # fmt: skip

    async def look(pilot: Pilot[None]) -> None:
        taken = rows(pilot, "taken")
        at = next(i for i, row in enumerate(taken) if row[0] == step.label)
        assert taken[at][5] == "1"
        await press(pilot, *["down"] * at, "enter")
        assert pilot.app.screen.query_one(TabbedContent).active == "runs"
        shown = [row.key for row in pilot.app.screen.query_one("#enrolled", PagedTable).every_row()]
        assert [key.contact_id for key in shown if isinstance(key, EnrolledKey)] == [contact]
        assert text(pilot, "#whom") == f"at the step {step.label} · everybody, at all times"
        await press(pilot, "v")
        assert len(rows(pilot, "enrolled")) == 6

    drive(shop, "g", "w", "enter", then=look, size=(200, 60))


# --- segments -------------------------------------------------------------------------------------


def test_a_segment_opens_with_members_days_and_rule(shop: Settings) -> None:
    trials = ("g", "m", "down", "down", "enter")
    members = drive(shop, *trials, then=_rows("members-table"))
    assert {row[1] for row in members} == {"p0", "p1", "p4", "p5"}
    days = drive(shop, *trials, "right_square_bracket", then=_rows("days-table"))
    assert len(days) == 30 and days[0][3] == "4" and sum(row[1] == "+2" for row in days) == 3
    rule = drive(shop, *trials, "left_square_bracket", then=_told)
    assert "plan is trial" in rule and "SELECT s.id" in rule and "Named by  workflow greet" in rule


def test_w_on_a_member_says_why(shop: Settings) -> None:
    told = drive(shop, "g", "m", "down", "down", "enter", "w", then=_told)
    assert told.startswith("is in it") and "✓ plan = trial  (plan is trial)" in told


def test_without_a_project_a_rule_is_not_known_and_that_is_said(crm: str) -> None:
    told = drive(None, "g", "m", "enter", "left_square_bracket", store=crm)
    assert told.startswith("The rules are not known here")


# --- contacts, companies --------------------------------------------------------------------------


def test_contacts_are_found_by_what_is_written(shop: Settings) -> None:
    async def names(pilot: Pilot[None]) -> set[str]:
        return {row[0] for row in await _rows("records")(pilot)}

    assert len(drive(shop, "g", "c", then=names)) == 6
    assert drive(shop, "g", "c", "f", *"佐", "enter", then=names) == {"佐藤 Nowak"}
    assert drive(shop, "g", "c", "f", *"p4", "enter", then=names) == {"Cid Nowak"}
    assert drive(shop, "g", "c", "f", *"xyz", "enter", then=names) == set()


def test_why_tells_every_rule_about_a_contact(shop: Settings) -> None:
    async def walk(pilot: Pilot[None]) -> list[str]:
        found = []
        for _ in range(5):
            found.append(await _told(pilot))
            await pilot.press("down")
            await settled(pilot)
        return found

    ways = ("g", "c", "f", *"p2", "enter", "enter", "w")
    paying, press, trials, follow, greet = drive(shop, *ways, then=walk)
    assert paying.startswith("is in it") and press.startswith("is not in it") and "kept by hand" in press
    assert "in it from 2026-03-05 09:00 until 2026-03-06 12:00" in trials and "← this decides" in trials
    assert "not enrolled" in follow and greet.startswith("unenrolled") and "goal" in greet


def test_a_company_leads_to_its_people(shop: Settings) -> None:
    company = ("g", "y", "f", *"acme", "enter", "enter")
    assert drive(shop, *company, then=_screen) is CompanyScreen
    assert {row[0] for row in drive(shop, *company, then=_rows("linked"))} == {"佐藤 Nowak", "Łucja Nowak"}
    assert drive(shop, *company, "enter", then=_screen) is ContactScreen
    assert drive(shop, *company, "w", then=_told) == "No rule is about a company."


# --- tasks ----------------------------------------------------------------------------------------


def test_tasks_are_mine_then_nobodys_then_everybodys(shop: Settings) -> None:
    async def walk(pilot: Pilot[None]) -> list[int]:
        counts = []
        for _ in range(4):
            counts.append(len(await _rows("tasks")(pilot)))
            await pilot.press("m")
            await settled(pilot)
        return counts

    assert drive(shop, "g", "t", then=walk) == [4, 0, 8, 4]


@pytest.mark.parametrize(("key", "state"), [("x", "done"), ("S", "skipped")])
def test_tasks_are_completed_and_skipped_through_the_inbox(shop: Settings, key: str, state: str) -> None:
    said = drive(shop, "g", "t", "space", "space", key)
    assert said == f"Asked for: 2 tasks {state}; takes effect at the next tick"
    rows = _inbox(shop)
    assert [row[0] for row in rows] == ["task", "task"]
    assert {json.loads(row[2])["state"] for row in rows} == {state}


def test_a_rep_marks_no_task_of_another_and_is_told(shop: Settings) -> None:
    others = ("g", "t", "m", "m", "down", "down", "down", "x")  # the fourth is amy's
    assert "may not mark tasks that are not their own" in drive(shop, *others, user="rep")
    assert _inbox(shop) == []


def test_a_viewer_marks_nothing_and_is_told(shop: Settings) -> None:
    assert "may not mark tasks" in drive(shop, "g", "t", "m", "m", "x", user="guest")
    assert _inbox(shop) == []


# --- operations -----------------------------------------------------------------------------------


def test_operations_say_what_waits(shop: Settings) -> None:
    lags = drive(shop, "g", "o", then=_rows("lags"))
    assert [row[0] for row in lags] == ["facts", "time conditions", "steps", "dispatch", "answers"]
    assert [row[0] for row in drive(shop, "g", "o", then=_rows("messages"))] == ["unknown"]


@pytest.mark.parametrize(("keys", "state"), [((), "sent"), (("down",), "refused")])
def test_an_unknown_outcome_is_settled_after_a_question(shop: Settings, keys: tuple[str, ...], state: str) -> None:
    assert drive(shop, "g", "o", "R", "escape") == "" and _inbox(shop) == []
    assert drive(shop, "g", "o", "R", *keys, "enter") == f"Asked for: {state}; takes effect at the next tick"
    assert [json.loads(row[2])["state"] for row in _inbox(shop)] == [state]


def test_a_rep_settles_nothing(shop: Settings) -> None:
    assert "may not settle messages" in drive(shop, "g", "o", "R", user="rep") and _inbox(shop) == []


# --- rules ----------------------------------------------------------------------------------------


def test_a_problem_is_seen_when_it_is_saved_and_enter_jumps_to_it(shop: Settings) -> None:
    async def walk(pilot: Pilot[None]) -> tuple[list[tuple[str, ...]], int]:
        assert all(row[0] != "error" for row in await _rows("problems")(pilot))
        (shop.root / "rules.segue").write_text(RULES.replace("send case", "send cases"))
        await pilot.press("f5")
        await settled(pilot)
        problems = await _rows("problems")(pilot)
        await pilot.press("tab", "enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, SourceScreen)
        return problems, pilot.app.screen.query_one("#source", PagedTable).cursor + 1

    problems, line = drive(shop, "g", "r", then=walk)
    wanted = RULES.splitlines().index("  send case") + 1
    assert problems[0][:2] == ("error", f"rules.segue:{wanted}") and line == wanted


def test_rules_with_errors_tell_why_nothing_can_be_told(shop: Settings) -> None:
    (shop.root / "rules.segue").write_text("segment {")
    assert "cannot be used as it is" in drive(shop, "g", "c", "enter", "w")


# --- activity -------------------------------------------------------------------------------------


def test_what_colleagues_did_is_listed_and_leads_to_the_record(shop: Settings) -> None:
    assert [row[1:4] for row in drive(shop, "g", "v", then=_rows("doings"))] == [("rep", "admin", "note")]
    assert drive(shop, "g", "v", "m", then=_rows("doings")) == []
    assert drive(shop, "g", "v", "enter", then=_screen) is ContactScreen


def test_an_act_in_the_app_is_in_the_log(shop: Settings) -> None:
    drive(shop, "g", "t", "x")
    newest = drive(shop, "g", "v", then=_rows("doings"))[0]
    assert (newest[1], newest[3]) == ("amy", "task")


# --- pictures -------------------------------------------------------------------------------------

SCREENS = {
    "workflows": ("g", "w"),
    "ways": ("g", "w", "enter"),
    "runs": ("g", "w", "enter", "right_square_bracket"),
    "segments": ("g", "m"),
    "members": ("g", "m", "down", "down", "enter"),
    "segment_days": ("g", "m", "down", "down", "enter", "right_square_bracket"),
    "segment_rule": ("g", "m", "down", "down", "enter", "left_square_bracket"),
    "contacts": ("g", "c"),
    "contact": ("g", "c", "f", *"p0", "enter", "enter"),
    "why": ("g", "c", "f", *"p2", "enter", "enter", "w", "down", "down"),
    "why_workflow": ("g", "c", "f", *"p2", "enter", "enter", "w", "end"),
    "companies": ("g", "y"),
    "company": ("g", "y", "f", *"acme", "enter", "enter"),
    "tasks": ("g", "t", "m", "m", "space"),
    "rules": ("g", "r"),
    "source": ("g", "r", "enter"),
    "operations": ("g", "o"),
    "settle": ("g", "o", "R"),
    "activity": ("g", "v"),
}


@pytest.mark.parametrize("name", SCREENS)
def test_picture(name: str, shop: Settings, snapshot: SnapshotAssertion) -> None:
    """In a small terminal, which then grows."""

    async def draw(pilot: Pilot[None]) -> list[str]:
        pictures = [picture(pilot)]
        await pilot.resize_terminal(200, 60)
        await settled(pilot)
        return [*pictures, picture(pilot)]

    small, large = drive(shop, *SCREENS[name], then=draw, size=(80, 24))
    assert small == snapshot(name="80x24", extension_class=SVGImageSnapshotExtension)
    assert large == snapshot(name="200x60", extension_class=SVGImageSnapshotExtension)


def test_why_is_a_screen_of_its_own(shop: Settings) -> None:
    assert drive(shop, "g", "c", "enter", "w", then=_screen) is WhyScreen
