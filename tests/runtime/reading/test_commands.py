"""Operators' acts are rows of the inbox and nothing else (S40, S41)."""

from __future__ import annotations

import json
from dataclasses import replace

from benchmarks.make_store import NOW
from runtime.access.roles import ADMIN, Actor
from runtime.operators import commands, listing
from runtime.reading import Choice, EnrollmentKey, awaiting, enrollments_of, page
from runtime.store import inbox
from runtime.store.session import Session

AMY = Actor("amy", ADMIN)


def _inbox(session: Session) -> list[tuple[object, ...]]:
    return session.run("SELECT kind, object, id, name, payload, at, live FROM segue_inbox ORDER BY at, rank, key")


def test_a_pause_says_who_which_and_until_when(session: Session) -> None:
    line = page(session, Choice("win_back", statuses=("active",)))[0]
    assert commands.pause(session, [line.key], AMY, until=NOW + 5) == commands.Asked(1)
    [(kind, object_name, id_, name, payload, at, live)] = _inbox(session)
    assert (kind, object_name, id_, name, live) == ("pause", "contact", line.contact_id, "sequence win_back", 1)
    assert json.loads(str(payload)) == {"by": "amy", "enrollment": line.key.id, "until": NOW + 5}
    assert at == NOW + 1


def test_after_idle_hours_on_the_real_clock_an_act_is_of_now(session: Session) -> None:
    """What is left of a wait is counted from the act, not from the last tick."""
    with session.transaction():
        session.run("INSERT INTO segue_meta (key, value) VALUES ('clock_kind', 'real')")
        session.run("UPDATE segue_meta SET value = '1' WHERE key = 'clock'")
    line = page(session, Choice("win_back", statuses=("active",)))[0]
    before = inbox.now()
    commands.pause(session, [line.key], AMY)
    [(*_, at, _)] = _inbox(session)
    assert isinstance(at, int) and at >= before


def test_s40_what_is_so_already_or_asked_otherwise_is_told_and_not_asked_for(session: Session) -> None:
    """A tick obeys one of both: who comes second hears of it at once."""
    going = page(session, Choice("win_back", statuses=("active",)))[0].key
    held = page(session, Choice("win_back", statuses=("paused",)))[0].key
    asked = [act(session, [going, held], AMY) for act in (commands.pause, commands.resume, commands.pause)]
    assert asked == [
        commands.Asked(1, already=1), commands.Asked(1, otherwise=1), commands.Asked(0, already=1, otherwise=1),
    ]  # fmt: skip
    assert [row[0] for row in _inbox(session)] == ["pause", "resume"]
    assert commands.unenroll(session, [going, held], AMY) == commands.Asked(2)


def test_ended_unknown_and_doubled_ones_are_counted_apart(session: Session) -> None:
    going = page(session, Choice("win_back", statuses=("active",)))[0].key
    over = page(session, Choice("win_back", statuses=("finished",)))[0].key
    keys = [going, going, over, EnrollmentKey(3, 3)]
    assert commands.unenroll(session, keys, AMY) == commands.Asked(1, ended=1, unknown=1)
    assert len(_inbox(session)) == 1


def test_more_than_one_look_up_holds(session: Session) -> None:
    lines = page(session, Choice(statuses=("active",)), limit=500)
    many = [line.key for line in lines] + [EnrollmentKey(1, i) for i in range(700)]
    asked = commands.pause(session, many, AMY, at=NOW + 9)
    assert (asked.asked, asked.unknown) == (len(lines), 700)
    assert {row[5] for row in _inbox(session)} == {NOW + 9}


def test_s40_what_was_asked_for_is_shown_until_a_tick_obeys(session: Session) -> None:
    """One statement for a page, none where nobody of it goes on."""
    active = page(session, Choice("trial_follow_up", statuses=("active",)), limit=4)
    paused = page(session, Choice("trial_follow_up", statuses=("paused",)), limit=1)
    lines = [*active, *paused]
    assert awaiting(session, lines) == lines
    commands.pause(session, [active[0].key, active[1].key], AMY)
    commands.unenroll(session, [active[1].key, active[2].key], AMY)
    commands.resume(session, [paused[0].key], AMY)
    with session.transaction():  # a pause that ends by itself is no wish of today
        later = inbox.row("resume", "contact", active[3].contact_id, "sequence trial_follow_up",
                          {"enrollment": active[3].key.id}, at=NOW, key="until pause:1:1/1")  # fmt: skip
        inbox.put(session, [later])
    told = awaiting(session, lines)
    assert [line.awaits for line in told] == ["pausing", "unenrolling", "unenrolling", "", "resuming"]
    assert [replace(line, awaits="") for line in told] == lines
    assert next(one for one in enrollments_of(session, active[0].contact_id) if one.key == active[0].key).awaits
    shown = {one.key: one.awaits for one in listing.enrollments(session, listing.Choice("1 = 1", {}, False), 0)[1]}
    assert [shown[line.key] for line in lines] == [line.awaits for line in told]
    with session.transaction():
        session.run("DELETE FROM segue_inbox")
    assert awaiting(session, lines) == lines
