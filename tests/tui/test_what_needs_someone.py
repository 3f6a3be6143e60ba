"""From a line of Home to where it is put right."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from runtime.project.loading import Settings
from runtime.store import meta
from runtime.store.store import Store
from tui.sequences.enrollments import Enrollments
from tui.today.tasks import TasksScreen
from tui.workflows.workflow import WorkflowScreen

from .driving import STORE, drive, press, rows, text

OF = "'s"


def test_the_overdue_tasks_of_a_colleague_are_opened_and_m_goes_on_to_mine(shop: Settings) -> None:
    async def look(pilot: Pilot[None]) -> None:
        lines = rows(pilot, "needs")
        late = [(i, int(line[1]), line[2]) for i, line in enumerate(lines) if line[0] == "overdue tasks"]
        assert len({whose for _, _, whose in late}) > 1
        for at, many, whose in late:
            await press(pilot, *["down"] * at, "enter")
            assert isinstance(pilot.app.screen, TasksScreen)
            assert f"›  Tasks   {whose.removesuffix(OF)}{OF}: " in text(pilot, "#top")
            assert len(rows(pilot, "tasks")) == many
            await press(pilot, "q", "home")
        other = next(at for at, _, whose in late if whose not in ("kenji", f"nobody{OF}"))
        await press(pilot, *["down"] * other, "enter", "m")
        assert "›  Tasks   kenji's: " in text(pilot, "#top")

    drive(shop, then=look, user="kenji", size=(200, 60))


def test_what_rules_told_people_is_read_from_home_and_a_reminder_leads_to_the_tasks(shop: Settings) -> None:
    with Store.open(STORE) as store, store.session() as session, session.transaction():
        session.run("DELETE FROM segue_notification")
        whom = iter(["kenji", "kenji", None, "zofia"])
        for bucket, id_, contact in session.run("SELECT bucket, id, contact_id FROM segue_enrollment LIMIT 4"):
            session.run(
                "INSERT INTO segue_notification (bucket, enrollment_id, ordinal, contact_id, recipient, words, at)"
                " VALUES (:b, :e, 900, :c, :user, 'Look at them', :at)",
                b=bucket, e=id_, c=contact, user=next(whom), at=1_000_000,
            )  # fmt: skip
        session.run(
            "UPDATE segue_task SET assignee = 'kenji', due_at = :now + 1, remind_at = :now WHERE state = 'open'",
            now=meta.clock(session),
        )

    async def look(pilot: Pilot[None]) -> None:
        needs = [line[::2] for line in rows(pilot, "needs")]
        at = needs.index(("reminders", "kenji", "they are due soon"))
        await press(pilot, *["down"] * at, "enter")
        assert isinstance(pilot.app.screen, TasksScreen) and "kenji's: " in text(pilot, "#top")
        await press(pilot, "q", "N")
        for whose, many in (("kenji's", "2 notices"), ("nobody's", "1 notice"), ("everybody's", "4 notices")):
            assert f"{whose}: {many}" in text(pilot, "#top")
            assert [line[1] for line in rows(pilot, "notices")] == ["Look at them"] * int(many[0])
            await press(pilot, "m")
        await press(pilot, "enter")
        assert "page" in type(pilot.app.screen).__module__

    drive(shop, then=look, user="kenji", size=(200, 60))


@pytest.mark.parametrize(("kind", "line"), [("workflow", "errors"), ("sequence", "errors")])
def test_errors_open_the_runs_that_stopped(shop: Settings, kind: str, line: str) -> None:
    with Store.open(STORE) as store, store.session() as session, session.transaction():
        [(name, id_)] = session.run(
            "SELECT d.name, max(e.id) FROM segue_enrollment e JOIN segue_definition d ON d.id = e.definition_id "
            "WHERE d.kind = :kind AND e.ended_at IS NULL GROUP BY d.name ORDER BY d.name LIMIT 1",
            kind=kind,
        )
        session.run("UPDATE segue_enrollment SET status = 'errored' WHERE id = :id", id=id_)

    async def look(pilot: Pilot[None]) -> None:
        at = next(i for i, found in enumerate(rows(pilot, "needs")) if found[::2][:2] == (line, f"{kind} {name}"))
        await press(pilot, *["down"] * at, "enter")
        assert isinstance(pilot.app.screen, WorkflowScreen) is (kind == "workflow")
        assert pilot.app.screen.query_one(Enrollments).choice.statuses == ("errored",)
        assert len(rows(pilot, "enrolled")) == 1

    drive(shop, then=look, user="kenji", size=(200, 60))
