"""What a person did is kept with the enrollment and its mails as events come in, and is what all events together tell
(M2-M17, decision 0040)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from runtime.service.verifying import verify
from runtime.store import inbox, seen
from runtime.store.ids import record_id
from runtime.store.seen import Seen
from tests.runtime.engine.harness import MakeWorld, World

PLAIN = "sequence plain { when: manually  again: always  send intro  wait 10 days  send last }"
DYNAMIC = """
sequence warm { when: manually  late_engagement: reopen  grace: 1 business day
  automated { send intro  wait 1 day  send case }
  rep_led when clicked_email { task call "Call"  send last as task }
}
"""
WAITS = """
sequence first { when: plan = trial  sender: rep  wait 2 days  send intro }
sequence second { when: viewed_page  sender: rep  wait 1 day  send case }
"""


def kept(world: World, who: str, table: str = "segue_enrollment") -> list[Seen]:
    """In the order in which they began."""
    number, key = record_id("contact", who), "id" if table == "segue_enrollment" else "enrollment_id, ordinal"
    rows = world.sql(f"SELECT seen FROM {table} WHERE contact_id = :number ORDER BY {key}", number=number)
    return [Seen(bits) for (bits,) in rows]


@contextmanager
def enrolled(worlds: MakeWorld, rules: str = PLAIN, sequence: str = "plain") -> Iterator[World]:
    """Ann, who got her first mail on 2 March at nine; in the end all is kept that events tell, and nothing else."""
    world = worlds(rules).contact("ann", at="03-02 08:00").contact("bob", at="03-02 08:00")
    yield world.enroll("ann", f"sequence {sequence}", at="03-02 09:00").run_to("03-02 12:00")
    as_told(world)


def as_told(world: World) -> None:
    assert [one for one in seen.differences(world.engine.session, 5) if one[1]] == []


def test_m22_opens_and_clicks_by_who_did_them(worlds: MakeWorld) -> None:
    with enrolled(worlds) as w:
        w.event("ann", "opened_email", at="03-02 13:00", mail="intro", class_="machine").run_to("03-02 13:30")
        assert (kept(w, "ann"), kept(w, "ann", "segue_outbox")) == ([Seen.OPENED_BY_MACHINE], [Seen(0)])
        w.event("ann", "opened_email", at="03-02 14:00", mail="intro", class_="unknown")
        w.event("ann", "clicked_email", at="03-02 14:01", mail="intro", class_="unknown", link_url="x")
        w.run_to("03-02 15:00")
        assert kept(w, "ann", "segue_outbox") == [Seen.OPENED]
        w.event("ann", "opened_email", at="03-02 16:00", mail="intro")
        w.event("ann", "clicked_email", at="03-02 16:01", mail="intro", link_url="x").run_to("03-02 17:00")
        opened = Seen.OPENED | Seen.OPENED_UNKNOWN | Seen.OPENED_BY_MACHINE
        assert kept(w, "ann") == [opened | Seen.CLICKED | Seen.CLICKED_UNKNOWN]
        assert kept(w, "ann", "segue_outbox") == [Seen.OPENED | Seen.CLICKED]


def test_m5_a_meeting_late_or_within_the_window_and_none_after_it(worlds: MakeWorld) -> None:
    with enrolled(worlds) as w:
        w.unenroll("ann", "sequence plain", at="03-03 09:00").enroll("bob", "sequence plain", at="03-02 13:00")
        w.unenroll("bob", "sequence plain", at="03-03 09:00").run_to("03-10 08:00")
        w.event("bob", "booked_meeting", at="03-09 18:00", host="rep").run_to("03-10 10:00")
        assert (kept(w, "ann"), kept(w, "bob")) == ([Seen(0)], [Seen(0)])
        w.event("ann", "booked_meeting", at="03-09 08:00", host="rep").run_to("03-10 11:00")
        assert kept(w, "ann") == [Seen.MET]


def test_m11_a_bounce_while_enrolled_and_a_late_one_of_its_own_mail(worlds: MakeWorld) -> None:
    with enrolled(worlds) as w:
        w.unenroll("ann", "sequence plain", at="03-03 09:00").run_to("03-04 00:00")
        w.event("ann", "bounced", at="03-04 09:00", kind="soft").run_to("03-04 12:00")
        assert kept(w, "ann") == [Seen(0)]
        w.event("ann", "bounced", at="03-04 13:00", kind="soft", mail="intro").run_to("03-04 14:00")
        assert kept(w, "ann") == [Seen.BOUNCED]


def test_m4_m12_each_enrollment_has_what_belongs_to_its_own_mails(worlds: MakeWorld) -> None:
    with enrolled(worlds) as w:
        w.unenroll("ann", "sequence plain", at="03-02 13:00").enroll("ann", "sequence plain", at="03-02 14:00")
        w.run_to("03-02 15:00")
        w.event("ann", "replied", at="03-02 16:00", mail="intro").event("ann", "unsubscribed", at="03-02 16:00")
        w.run_to("03-02 17:00")
        assert kept(w, "ann") == [Seen(0), Seen.REPLIED]


def test_x4_what_started_it_or_came_with_it_is_in_it(worlds: MakeWorld) -> None:
    """The meeting is applied before the enrollment is there."""
    world = worlds("workflow s of contact { when: booked_meeting  wait 1 day  send intro }").contact(
        "ann", at="03-02 08:00"
    )
    world.event("ann", "booked_meeting", at="03-02 09:00", host="rep").run_to("03-02 10:00")
    assert kept(world, "ann") == [Seen.MET]
    as_told(world)


def test_x7_what_came_while_it_waited_for_its_turn_is_before_it(worlds: MakeWorld) -> None:
    world = worlds(WAITS).contact("ann", at="03-03 10:00", plan="trial")
    world.event("ann", "viewed_page", at="03-03 12:00").run_to("03-04 00:00")
    world.event("ann", "bounced", at="03-04 09:00", kind="soft").run_to("03-04 12:00")
    assert kept(world, "ann") == [Seen.BOUNCED, Seen.BOUNCED]
    world.run_to("03-05 12:00")
    assert kept(world, "ann") == [Seen.BOUNCED, Seen(0)]
    as_told(world)


def test_d6_what_came_after_the_end_is_inside_one_that_is_reopened(worlds: MakeWorld) -> None:
    with enrolled(worlds, DYNAMIC, "warm") as w:
        w.run_to("03-10 00:00").event("ann", "bounced", at="03-10 09:00", kind="soft").run_to("03-10 10:00")
        assert (w.status("ann", "warm"), kept(w, "ann")) == ("finished(no_engagement)", [Seen(0)])
        w.event("ann", "clicked_email", at="03-10 11:00", mail="case", link_url="x").run_to("03-10 12:00")
        assert w.status("ann", "warm") == "waiting_task"
        assert kept(w, "ann") == [Seen.CLICKED | Seen.DRAWN | Seen.BOUNCED]


def test_x20_what_others_do_with_their_mail_is_not_done_by_who_is_enrolled(worlds: MakeWorld) -> None:
    rules = "workflow w of deal { when: manually  send intro to advisor }"
    world = worlds(rules).contact("ann").deal("d", "ann", "03-02 08:00").contact("bob")
    world.link("deal", "d", "advisor", "bob", "03-02 08:10")
    world.enroll("d", "workflow w", at="03-02 09:00", of="deal").run_to("03-02 10:00")
    world.event("bob", "opened_email", at="03-02 11:00", mail="intro").run_to("03-02 12:00")
    assert world.sql("SELECT seen FROM segue_enrollment") == [(0,)]
    as_told(world)


def test_m24_deleted_or_late_it_stays_and_is_still_noticed(worlds: MakeWorld) -> None:
    with enrolled(worlds) as w:
        w.event("ann", "opened_email", at="03-02 13:00", mail="intro").run_to("03-02 14:00")
        w._put(inbox.delete_row("contact", record_id("contact", "ann"), at=w.now + 1)).run_to("03-02 15:00")
        w.event("ann", "replied", at="03-02 14:30", mail="intro").run_to("03-02 16:00")
        assert kept(w, "ann") == [Seen.OPENED | Seen.REPLIED]


def test_worked_out_anew_it_is_what_was_kept_as_it_came(worlds: MakeWorld) -> None:
    with enrolled(worlds, DYNAMIC, "warm") as w:
        w.event("ann", "opened_email", at="03-02 13:00", mail="intro")
        w.event("ann", "clicked_email", at="03-02 13:00", mail="intro", link_url="x").run_to("03-02 14:00")
        before = [kept(w, "ann", table) for table in ("segue_enrollment", "segue_outbox", "segue_task")]
        assert before[:2] == [[Seen.OPENED | Seen.CLICKED | Seen.DRAWN], [Seen.OPENED | Seen.CLICKED]]
        session = w.engine.session
        for wrong in ("0", "1023"):
            session.run(f"UPDATE segue_enrollment SET seen = {wrong}")
            session.run(f"UPDATE segue_outbox SET seen = {wrong}")
            told = verify(session, w.program)
            assert [(one.name, one.count) for one in told.counts] == [("of enrollment", 1), ("of outbox", 1)]
            with session.transaction():
                seen.keep(session)
            assert [kept(w, "ann", table) for table in ("segue_enrollment", "segue_outbox", "segue_task")] == before
        assert verify(session, w.program).differences == 0


def test_x26_an_edit_leaves_what_was_done_and_more_is_kept_of_the_new_steps_too(worlds: MakeWorld) -> None:
    with enrolled(worlds) as w:
        w.event("ann", "opened_email", at="03-02 13:00", mail="intro").run_to("03-02 14:00")
        w.edit(PLAIN.replace("wait 10 days", "send case  wait 5 days")).run_to("03-02 16:00")
        assert (kept(w, "ann"), kept(w, "ann", "segue_outbox")) == ([Seen.OPENED], [Seen.OPENED])
        as_told(w)
        w.event("ann", "clicked_email", at="03-02 17:00", mail="intro", link_url="x")
        w.enroll("bob", "sequence plain", at="03-02 17:00").run_to("03-02 18:00")
        w.event("bob", "opened_email", at="03-02 19:00", mail="case").run_to("03-02 20:00")
        assert (kept(w, "ann"), kept(w, "bob")) == ([Seen.OPENED | Seen.CLICKED], [Seen.OPENED])
        assert kept(w, "bob", "segue_outbox") == [Seen(0), Seen.OPENED]
