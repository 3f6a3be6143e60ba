"""The list of enrollments narrowed by `f`: of a company, by whom, since when; with the step it was opened from."""

from __future__ import annotations

from collections import Counter

from textual.pilot import Pilot
from textual.widgets import Static

from runtime.metrics import Filters, step_funnel
from runtime.reading import Choice, by_status, page
from runtime.store.store import Store
from tui.sequences.enrollments import Enrollments
from tui.sequences.statuses import Statuses

from .driving import drive, press, rows, said, text

PEOPLE = ("2", "down", "down", "enter", "right_square_bracket")  # trial_follow_up
COMPANY, STATUS = 1, 5  # columns


def _company(store: str) -> tuple[int, str]:
    with Store.open(store) as opened, opened.session() as session:
        id_, name = session.run("SELECT id, name FROM company ORDER BY name LIMIT 1")[0]
        return id_, name


def _filter(company: str) -> tuple[str, ...]:
    return ("f", "tab", *("space" if sign == " " else sign for sign in company), "enter")


def test_f_narrows_the_list_to_a_company_and_says_so(crm: str) -> None:
    id_, name = _company(crm)
    with Store.open(crm) as opened, opened.session() as session:
        counted = by_status(session, Choice("trial_follow_up", among=Filters(companies=(id_,))))

    async def look(pilot: Pilot[None]) -> None:
        everybody = rows(pilot, "enrolled")
        await press(pilot, *_filter(name))
        shown = rows(pilot, "enrolled")
        assert {row[COMPANY] for row in shown} == {name} and 0 < len(shown) < len(everybody)
        assert Counter(row[STATUS].replace(" ", "_") for row in shown) == counted
        assert pilot.app.screen.query_one("#whom", Static).display and text(pilot, "#whom") == f"companies {name}"
        options = [str(option.prompt).split() for option in pilot.app.screen.query_one(Statuses).options]
        assert int(options[0][-1]) == len(shown) and len(options) == 1 + len(counted)
        await press(pilot, "f", "tab", "ctrl+u", "enter")
        assert rows(pilot, "enrolled") == everybody and not pilot.app.screen.query_one("#whom").display

    drive(None, *PEOPLE, then=look, store=crm, size=(200, 60))


def test_the_status_under_the_cursor_stays(crm: str) -> None:
    _, name = _company(crm)

    async def look(pilot: Pilot[None]) -> None:
        assert {row[STATUS] for row in rows(pilot, "enrolled")} == {"active"}
        await press(pilot, *_filter(name))
        assert {(row[COMPANY], row[STATUS]) for row in rows(pilot, "enrolled")} == {(name, "active")}

    drive(None, *PEOPLE, "shift+tab", "down", "down", "tab", then=look, store=crm, size=(200, 60))


def test_of_those_at_a_step_too(crm: str) -> None:
    id_, name = _company(crm)
    with Store.open(crm) as opened, opened.session() as session:
        step = next(step for step in step_funnel(session, "trial_follow_up") if step.standing)
        among = Filters(companies=(id_,))
        expected = page(session, Choice("trial_follow_up", places=step.places, among=among), limit=1_000)

    async def look(pilot: Pilot[None]) -> None:
        await press(pilot, *_filter(name))
        assert text(pilot, "#whom") == f"at the step {step.label} · companies {name}"
        assert [row[0] for row in rows(pilot, "enrolled")] == [line.contact for line in expected] != []

    drive(None, "2", "down", "down", "enter", "enter", then=look, store=crm, size=(200, 60))


def test_a_company_nobody_knows_leaves_the_list(crm: str) -> None:
    async def look(pilot: Pilot[None]) -> None:
        everybody = rows(pilot, "enrolled")
        await press(pilot, *_filter("Nowhere Ltd"))
        assert said(pilot).startswith("There is no company `Nowhere Ltd`")
        assert rows(pilot, "enrolled") == everybody and pilot.app.screen.query_one(Enrollments).asked.companies == ()

    drive(None, *PEOPLE, then=look, store=crm, size=(80, 24))
