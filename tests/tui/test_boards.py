"""Deals and tickets on boards and in lists, by keys and by mouse: looked at, moved, closed, given, made (P8, P9)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from runtime.access.roles import ADMIN, Actor
from runtime.errors import StoreBusy
from runtime.pipelines import acts
from runtime.pipelines.making import create
from runtime.project.loading import Settings, load_settings
from runtime.store.ids import record_id
from runtime.store.session import Row, Session
from runtime.store.store import Store
from tui.dialogs.choosing import ChoiceScreen
from tui.pages.card_page import CardPage
from tui.pipelines.board import BoardView
from tui.pipelines.card import worth
from tui.pipelines.card_form import FormScreen
from tui.pipelines.deals import DealsScreen
from tui.pipelines.lane import Lane
from tui.tables.paged_table import PagedTable

from .driving import STORE, drive, picture, press, rows, said, settled

DEALS, TICKETS = ("g", "d"), ("g", "k")


def _lanes(pilot: Pilot[None]) -> list[tuple[str, int]]:
    return [(lane.stage.label, lane.total) for lane in pilot.app.screen.query(Lane)]


def _asked(kind: str) -> list[tuple[int, dict[str, Any]]]:
    with Store.open(STORE) as store, store.session() as session:
        rows = session.run("SELECT id, payload FROM segue_inbox WHERE kind = :kind ORDER BY rank, key", kind=kind)
    return [(id_, json.loads(payload)) for id_, payload in rows]


def _deal(name: str) -> int:
    return record_id("deal", name)


# --- looking ---------------------------------------------------------------------------------------


def test_002_19_a_board_counts_and_filters_what_it_shows(office: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        polish = [("Rozmowa", 7), ("Oferta złożona", 1), ("Umowa", 1), ("Wygrana", 1), ("Przegrana", 0)]
        assert _lanes(pilot) == polish
        assert "10 · 68,755.00 EUR" in str(pilot.app.screen.query_one("#top", Static).content)
        await press(pilot, "v")  # only open ones: stages that close are not there
        assert _lanes(pilot) == polish[:3]
        await press(pilot, "v", "v", "m", "down", "enter")  # mine
        assert [n for _, n in _lanes(pilot)] == [4, 0, 1, 0, 0]
        await press(pilot, "m", "enter", "f", *"advertiser_id=a-3", "enter")  # everybody's; case does not count
        assert [n for _, n in _lanes(pilot)] == [1, 0, 0, 0, 0]
        await press(pilot, "b")
        (row,) = pilot.app.screen.query_one("#cards", PagedTable).every_row()
        assert row.cells[0] == "Fleet of 40 cargo bikes 3"
        await press(pilot, "f", *(["backspace"] * 20), "enter", "right_square_bracket", "right_square_bracket")
        assert pilot.app.screen.query_one("#cards", PagedTable).total == 12  # a list shows every pipeline too
        await press(pilot, "left_square_bracket", "b")
        assert _lanes(pilot) == [("打診中", 2), ("契約済み", 0)]
        await press(pilot, "f", *"amount=much", "enter")
        assert "`amount`" in said(pilot)

    drive(office, *DEALS, then=look)


def test_a_board_is_gone_about_by_arrows_and_mouse(office: Settings) -> None:
    async def go(pilot: Pilot[None]) -> None:
        board = pilot.app.screen.query_one(BoardView)
        assert min(lane.scrollable_content_region.width for lane in board.lanes) >= 18
        await press(pilot, *["right"] * 4)
        assert board.lane is board.lanes[4] and board.scroll_offset.x > 0  # the last one came into sight
        await press(pilot, *["left"] * 9, "down", "down")
        assert (board.lane, board.lanes[0].cursor) == (board.lanes[0], 2)
        first = board.lanes[0]
        await pilot.click(first, offset=(5, Lane.head + Lane.tall + 1))
        await settled(pilot)
        assert first.cursor == 1
        first._on_mouse_scroll_down(_wheel(first))
        await settled(pilot)
        assert first.scroll_y > 0
        first.scroll_to(y=0, animate=False)
        await settled(pilot)
        await pilot.click(first, offset=(5, Lane.head), times=2)
        await settled(pilot)
        assert isinstance(pilot.app.screen, CardPage)
        assert pilot.app.screen.record_id == _deal("d6")

    drive(office, *DEALS, then=go, size=(80, 24))


def _wheel(on: Lane) -> Any:
    from textual.events import MouseScrollDown

    return MouseScrollDown(on, 1, 5, 0, 1, 0, False, False, False)


def test_a_lane_reads_what_is_seen_and_no_more(office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(STORE) as store, store.session() as session, session.transaction():
        session.many(
            "INSERT INTO ticket (bucket, id, external_id, created_at, subject, subject__n, pipeline, stage)"
            " VALUES (:b, :i, :e, :i, 's', 's', 'success_inquiries', 'new')",
            [{"b": i % 256, "i": i, "e": f"x{i}"} for i in range(1, 3001)],
        )
    counts: list[int] = []
    bound = Session.bound

    def counting(self: Session, sql: str, values: dict[str, object]) -> list[Row]:
        rows = bound(self, sql, values)
        counts.append(len(rows))
        return rows

    monkeypatch.setattr(Session, "bound", counting)

    async def jump(pilot: Pilot[None]) -> None:
        assert _lanes(pilot)[0] == ("新規", 3003)
        await press(pilot, "end")
        row = pilot.app.screen.query_one(BoardView).chosen
        assert [one.external_id for one in row] == ["x1"]

    drive(office, *TICKETS, then=jump)
    assert max(counts) <= Lane.page


# --- acts ------------------------------------------------------------------------------------------


def test_p8_m_moves_the_selected_where_the_rules_let_them(office: Settings) -> None:
    async def move(pilot: Pilot[None]) -> None:
        await press(pilot, "space", "space", "s")
        assert isinstance(pilot.app.screen, ChoiceScreen)
        options = pilot.app.screen.query_one(OptionList)
        shown = [(str(o.prompt).split("  ")[0], o.disabled) for o in options.options]
        assert shown == [
            ("Oferta złożona", False), ("Przegrana", False), ("Rozmowa", True), ("Umowa", True), ("Wygrana", True),
        ]  # fmt: skip
        assert "`offer` lies between" in str(options.options[3].prompt)
        await press(pilot, "enter")
        assert said(pilot) == "Asked for 2 cards to go to Oferta złożona; takes effect at the next tick"
        lane = pilot.app.screen.query(Lane).first()
        assert lane.row_at(0).cells[5] == "Oferta złożona" and not lane.chosen  # the card says where it was asked to go
        await press(pilot, "home", "s")  # from where it was asked to go
        first = pilot.app.screen.query_one(OptionList).options[0]
        assert str(first.prompt) == "Umowa"

    drive(office, *DEALS, then=move)
    assert {(id_, p["from"], p["to"], p["by"]) for id_, p in _asked("move")} == {
        (_deal("d6"), "talk", "offer", "amy"), (_deal("d5"), "talk", "offer", "amy"),
    }  # fmt: skip


def test_p8_what_lacks_something_for_a_stage_is_not_offered_it(office: Settings) -> None:
    """The deals of the office have a contact and no day to close on."""
    schema = Path("schema.yaml")
    needs = "{name: offer, label: Oferta złożona, needs: [contact, close_on]}"
    schema.write_text(schema.read_text().replace("{name: offer, label: Oferta złożona}", needs))

    async def move(pilot: Pilot[None]) -> None:
        await press(pilot, "s")
        options = pilot.app.screen.query_one(OptionList)
        shown = {str(o.prompt).split("  ")[0]: (o.disabled, str(o.prompt)) for o in options.options}
        assert shown["Przegrana"][0] is False
        assert shown["Oferta złożona"][0] is True
        assert "nothing stands in `offer` without close_on" in shown["Oferta złożona"][1]

    drive(load_settings(Path()), *DEALS, then=move)
    assert _asked("move") == []


def test_p8_of_two_operators_the_second_is_told_and_nothing_is_lost(office: Settings) -> None:
    async def late(pilot: Pilot[None]) -> None:
        await press(pilot, "s")
        with Store.open(STORE) as store, store.session() as session:
            acts.move(session, office, "deal", ["d6"], "lost", Actor("bob", ADMIN))
        await press(pilot, "enter")
        assert "Deal `d6` was moved meanwhile, by bob: from `talk` to `lost`" in said(pilot)
        assert pilot.app.screen.query(Lane).first().row_at(0).cells[5] == "Przegrana"

    drive(office, *DEALS, then=late)
    assert [(id_, p["by"], p["to"]) for id_, p in _asked("move")] == [(_deal("d6"), "bob", "lost")]


def test_p8_c_closes_and_a_gives(office: Settings) -> None:
    async def close(pilot: Pilot[None]) -> None:
        await press(pilot, "c")
        labels = [str(o.prompt).split("  ")[0] for o in pilot.app.screen.query_one(OptionList).options]
        assert labels == ["Przegrana", "Wygrana"]
        await press(pilot, "enter", "down", "a", "down", "enter")
        assert said(pilot).startswith("Asked for “Rowery miejskie dla urzędu 5” to belong to amy")
        await press(pilot, "right", "right", "right", "right", "s")
        assert said(pilot) == "No card is selected"

    drive(office, *DEALS, then=close)
    assert [(id_, p["to"]) for id_, p in _asked("move")] == [(_deal("d6"), "lost")]
    assert [(id_, p["v"]) for id_, p in _asked("set")] == [(_deal("d5"), "amy")]


def test_p9_n_makes_a_ticket_and_asks_for_what_the_schema_demands(office: Settings) -> None:
    async def make(pilot: Pilot[None]) -> None:
        await press(pilot, "n", "enter")
        form = pilot.app.screen
        assert isinstance(form, FormScreen)

        def refused() -> str:
            return str(form.query_one("#refused", Static).content)

        assert "Every ticket has subject" in refused()
        await press(pilot, *"Login", "enter")
        assert "tied to a deal" in refused()
        form.query_one("#tie-deal", Input).value = "d1"
        form.query_one("#value-owner", Input).value = "nobody"
        await press(pilot, "enter")
        assert "`owner`" in refused() and form.query_one("#value-subject", Input).value == "Login"  # nothing is lost
        form.query_one("#value-owner", Input).value = "amy"
        form.query_one("#where-id", Input).value = "T9"
        await press(pilot, "enter")
        assert said(pilot) == "Asked for a new ticket T9; takes effect at the next tick"

    drive(office, *TICKETS, then=make)
    ((id_, made),) = _asked("record")
    assert (id_, made["subject"], made["stage"], made["owner"]) == (record_id("ticket", "T9"), "Login", "new", "amy")
    assert [p["to"] for _, p in _asked("link")] == [_deal("d1")]


def test_what_is_saved_again_after_the_connection_broke_is_one_card(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first time it was written, and nobody heard of it."""
    broken = [StoreBusy("crm lost the connection")]

    def unheard(*asked: Any) -> Any:
        made = create(*asked)
        if broken:
            raise broken.pop()
        return made

    async def make(pilot: Pilot[None]) -> None:
        await press(pilot, "n", *"Login")
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        form.query_one("#tie-deal", Input).value = "d1"
        for told in ("Crm lost the connection: try again in a moment", "There is a ticket `ticket-"):
            await press(pilot, "enter")
            assert str(form.query_one("#refused", Static).content).startswith(told)

    monkeypatch.setattr("tui.pipelines.card_acts.create", unheard)
    drive(office, *TICKETS, then=make)
    assert len(_asked("record")) == 1


def test_roles_hold_on_a_board(office: Settings) -> None:
    async def viewer(pilot: Pilot[None]) -> None:
        await press(pilot, "s", "c", "a", "n")
        assert isinstance(pilot.app.screen, DealsScreen)

    async def rep(pilot: Pilot[None]) -> None:
        await press(pilot, "s", "enter")  # d6 is amy's
        assert "rep" in said(pilot) and "operator" in said(pilot)
        await press(pilot, "down", "s", "enter")  # d5 is theirs
        assert said(pilot).startswith("Asked for")

    drive(office, *DEALS, then=viewer, user="mute")
    drive(office, *DEALS, then=rep, user="rep")
    assert [id_ for id_, _ in _asked("move")] == [_deal("d5")]


# --- pages -----------------------------------------------------------------------------------------


def _rows(pilot: Pilot[None], table: str) -> list[tuple[str, ...]]:
    found = pilot.app.screen.query_one(f"#{table}", PagedTable).every_row()
    return [tuple(getattr(cell, "text", cell) for cell in row.cells) for row in found]


def test_p8_the_page_of_a_card_tells_its_stages_and_moves_it(office: Settings) -> None:
    async def page(pilot: Pilot[None]) -> None:
        await press(pilot, "f", *"d7", "enter", "right", "enter")
        stays = [(row[0], row[1]) for row in _rows(pilot, "stays")]
        assert stays == [("Rozmowa", "4 days 1 h"), ("Oferta złożona", "3 days 1 h")]
        await press(pilot, "s", "enter")
        assert "Asked for “Hulajnogi 7” to go to Umowa" in said(pilot)
        place = str(pilot.app.screen.query_one("#place", Static).content)
        assert "asked to go to Umowa" in place and "may go to Wygrana, Przegrana" in place
        await press(pilot, "right_square_bracket")
        assert {row[0] for row in _rows(pilot, "linked")} == {"Łucja Nowak"}
        await press(pilot, "right_square_bracket")
        assert any(row[1] == "stage changed" and "talk → offer" in row[3] for row in _rows(pilot, "happened"))
        await press(pilot, "right_square_bracket")
        assert [row[1] for row in _rows(pilot, "to-do")] == ["Call about Hulajnogi 7"]

    drive(office, *DEALS, then=page)


def test_a_company_shows_deals_and_the_enrollments_of_its_people(office: Settings) -> None:
    async def company(pilot: Pilot[None]) -> None:
        await press(pilot, "right_square_bracket")
        deals = pilot.app.screen.query("TiedCards PagedTable").first(PagedTable)
        assert sorted(str(row.cells[0])[-1] for row in deals.every_row()) == ["0", "3", "6", "9"]
        await press(pilot, *["right_square_bracket"] * 2)
        assert {row[:3] for row in _rows(pilot, "enrolled-here")} == {
            ("Łucja Nowak", "workflow greet", "active"), ("佐藤 Nowak", "workflow greet", "active"),
        }  # fmt: skip
        await press(pilot, "right_square_bracket")
        assert {row[1:] for row in _rows(pilot, "people-did")} == {
            ("Łucja Nowak", "replied"),
            ("佐藤 Nowak", "replied"),
        }

    drive(office, "g", "y", "enter", then=company)


@pytest.mark.parametrize(
    ("amount", "width", "shown"),
    [
        (123_456_789_00, 20, "123,456,789.00 EUR"),
        (123_456_789_00, 16, "123,456,789 EUR"),
        (123_456_789_00, 12, "123,457k EUR"),
        (123_456_789_00, 10, "123.5M EUR"),
        (0, 10, "0.00 EUR"),
    ],
)
def test_a_sum_fits_over_its_lane(amount: int, width: int, shown: str) -> None:
    assert worth(amount, "EUR", width) == shown


@pytest.mark.parametrize(
    ("keys", "column"), [(("g", "t", "m", "m"), 2), (("g", "w", "down", "enter", "right_square_bracket"), 0)]
)
def test_tasks_and_runs_of_deals_have_their_names_and_open_them(
    office: Settings, keys: tuple[str, ...], column: int
) -> None:
    async def then(pilot: Pilot[None]) -> None:
        names = [row[column] for row in rows(pilot, "tasks" if column else "enrolled")]
        assert names and not [name for name in names if name.startswith("#")]
        await press(pilot, "enter")
        page = pilot.app.screen
        assert isinstance(page, CardPage) and page.object == "deal"

    drive(office, *keys, then=then)


# --- pictures --------------------------------------------------------------------------------------

SCREENS = {
    "board": (*DEALS, "space"),
    "tickets": TICKETS,
    "list": (*DEALS, "b", "space"),
    "move": (*DEALS, "s"),
    "assign": (*DEALS, "a"),
    "new": (*DEALS, "n"),
    "card": (*DEALS, "right", "enter"),
    "company_deals": ("g", "y", "enter", "right_square_bracket"),
}


@pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=["80x24", "200x60"])
@pytest.mark.parametrize("name", SCREENS)
def test_picture(name: str, size: tuple[int, int], office: Settings, snapshot: SnapshotAssertion) -> None:
    async def shown(pilot: Pilot[None]) -> str:
        return picture(pilot)

    drawn = drive(office, *SCREENS[name], then=shown, size=size)
    assert drawn == snapshot(extension_class=SVGImageSnapshotExtension)
