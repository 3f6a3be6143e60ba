"""From a step of a sequence to who stands there, by keys and by mouse (001.17, M16)."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Static, TabbedContent

from runtime.metrics import Filters, FunnelStep, step_funnel
from runtime.store.store import Store
from tui.sequences.funnel import Funnel
from tui.sequences.statuses import Statuses
from tui.tables.csv_file import written
from tui.tables.paged_table import PagedTable

from .driving import drive, driven, picture, press, rows, said, settled, text
from .test_typed_ahead import held_back, typed_meanwhile

SEQUENCE = ("2", "down", "down", "enter")  # trial_follow_up
STATUS = 5  # the column


def steps(store: str, filters: Filters | None = None) -> list[FunnelStep]:
    with Store.open(store) as opened, opened.session() as session:
        return [step for step in step_funnel(session, "trial_follow_up", filters) if step.standing]


def standing(pilot: Pilot[None]) -> Counter[str]:
    assert pilot.app.screen.query_one(TabbedContent).active == "enrollments"
    assert pilot.app.focused is pilot.app.screen.query_one("#enrolled")
    return Counter(row[STATUS].replace(" ", "_") for row in rows(pilot, "enrolled"))


def test_enter_on_a_step_shows_who_stands_there_by_status(crm: str) -> None:
    known = steps(crm)
    assert len(known) > 1

    async def look(pilot: Pilot[None]) -> None:
        for step in known:
            shown = [row.key for row in pilot.app.screen.query_one(Funnel).every_row()]
            await press(pilot, "home", *["down"] * shown.index(step.places), "enter")
            assert standing(pilot) == step.standing
            line = pilot.app.screen.query_one("#whom", Static)
            assert line.display and str(line.content) == f"at the step {step.label} · everybody, at all times"
            options = [str(option.prompt).split() for option in pilot.app.screen.query_one(Statuses).options]
            assert {" ".join(words): int(n) for *words, n in options[1:]} == {
                status.replace("_", " "): n for status, n in step.standing.items()
            }
            await press(pilot, "left_square_bracket")

    drive(None, *SEQUENCE, then=look, store=crm, size=(200, 60))


def test_v_shows_all_again_and_then_the_step(crm: str) -> None:
    step = steps(crm)[0]

    async def look(pilot: Pilot[None]) -> None:
        everybody = len(rows(pilot, "enrolled"))
        assert "v" not in pilot.app.screen.active_bindings
        await press(pilot, "left_square_bracket", "enter")
        assert standing(pilot) == step.standing and sum(step.standing.values()) < everybody
        await press(pilot, "v")
        assert len(rows(pilot, "enrolled")) == everybody
        assert not pilot.app.screen.query_one("#whom").display
        await press(pilot, "v")
        assert standing(pilot) == step.standing

    drive(None, *SEQUENCE, "right_square_bracket", then=look, store=crm, size=(200, 60))


def test_a_step_opens_those_of_whom_its_figures_are(crm: str) -> None:
    with Store.open(crm) as opened, opened.session() as session:
        user = session.one("SELECT max(enrolled_by) FROM segue_enrollment")
        with session.transaction():
            session.run("INSERT INTO segue_user (name, label) VALUES (:name, :name)", name=user)
    mine, all_ = steps(crm, Filters(enrolled_by=(user,)))[0], steps(crm)[0]
    assert mine.places == all_.places and sum(mine.standing.values()) < sum(all_.standing.values())

    async def look(pilot: Pilot[None]) -> None:
        assert standing(pilot) == mine.standing
        assert text(pilot, "#whom") == f"at the step {mine.label} · enrolled by me ({user})"

    drive(None, *SEQUENCE, "m", "enter", then=look, store=crm, user=user, size=(200, 60))


def test_a_line_of_the_steps_as_written_opens_them_too(crm: str) -> None:
    async def look(pilot: Pilot[None]) -> None:
        assert standing(pilot) == steps(crm)[0].standing

    drive(None, *SEQUENCE, "left_square_bracket", "enter", then=look, store=crm, size=(200, 60))


def test_by_mouse(crm: str) -> None:
    async def look(pilot: Pilot[None]) -> None:
        funnel = pilot.app.screen.query_one(Funnel)
        await pilot.click(funnel, offset=(8, 2))
        await settled(pilot)
        assert funnel.cursor == 1
        label = rows(pilot, "funnel")[1][0]
        await pilot.click(funnel, offset=(8, 2), times=2)
        await settled(pilot)
        assert standing(pilot) == next(step for step in steps(crm) if step.label == label).standing

    drive(None, *SEQUENCE, then=look, store=crm, size=(200, 60))


def test_arrows_go_through_the_steps_in_sight_and_then_through_the_page(crm: str) -> None:
    async def look(pilot: Pilot[None]) -> None:
        funnel, page = pilot.app.screen.query_one(Funnel), pilot.app.screen.query_one("#figures", VerticalScroll)
        assert pilot.app.focused is funnel and page.scroll_y == 0
        await press(pilot, *["down"] * (funnel.total - 1))
        assert funnel.cursor == funnel.total - 1
        below = page.scroll_y
        await press(pilot, *["down"] * 60)
        assert page.scroll_y == page.max_scroll_y > below
        await press(pilot, *["up"] * 80)
        assert (funnel.cursor, page.scroll_y) == (0, 0)

    drive(None, *SEQUENCE, then=look, store=crm, size=(80, 24))


def test_a_key_after_another_status_is_about_no_row_of_the_one_before(
    crm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows of the one before are drawn until the others are here."""

    async def look() -> None:
        async with driven(crm, *SEQUENCE, "right_square_bracket", "shift+tab") as pilot:
            statuses = [option.id for option in pilot.app.screen.query_one(Statuses).options]
            with held_back(monkeypatch, "tui.sequences.enrollments.count") as answer:
                await typed_meanwhile(pilot, answer, *["down"] * statuses.index("paused"), "tab", "r")
            assert said(pilot).startswith("Asked to resume 1 enrollment")

    asyncio.run(look())


@pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])
def test_screen(crm: str, snapshot: SnapshotAssertion, size: tuple[int, int]) -> None:
    async def draw(pilot: Pilot[None]) -> str:
        return picture(pilot)

    drawn = drive(None, *SEQUENCE, "down", "enter", then=draw, store=crm, size=size)
    assert drawn == snapshot(extension_class=SVGImageSnapshotExtension)


def test_each_table_of_the_page_can_be_written_to_a_file(crm: str) -> None:
    async def look(pilot: Pilot[None]) -> list[str]:
        heads = []
        for _ in range(3):
            table = pilot.app.focused
            assert isinstance(table, PagedTable)
            with written(table) as file:
                heads.append(file.readline().strip())
            await press(pilot, "tab")
        return heads

    assert drive(None, *SEQUENCE, then=look, store=crm) == [
        "Step,Reached,done,skipped,waiting,left,why",
        "Template,Sent,Opened,Clicked,Replied,Meetings",
        "Month,Enrolled,Opened,Clicked,Replied,Meetings,Left",
    ]
