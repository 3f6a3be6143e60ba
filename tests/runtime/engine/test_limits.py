"""What holds a mail that is due: the frequency cap (X25, L14), rate limits (S16-S18), quiet hours (L15)."""

from __future__ import annotations

import pytest

from runtime.channels.base import Result
from tests.runtime.engine.harness import PROJECT, MakeWorld, World
from tests.runtime.engine.test_calls import Answering

MAILS = """
workflow one of contact { when: viewed_page  again: always  send intro }
workflow two of contact { when: downloaded  again: always  send case }
workflow bill of contact { when: purchased  again: always  send receipt }
"""
SERIES = 'sequence s "S" { when: manually  sender: rep  send intro  wait 1 hour  send case  wait 1 hour  send last }'
ONCE = 'sequence s "S" { when: manually  sender: rep  send intro }'


def capped(most: int = 2, within: str = "3 days", reached: str = "defer", more: str = "") -> str:
    cap = f"at_most: {most}, within: {within}, over: all, when_reached: {reached}, except: [transactional]"
    return PROJECT + f"limits: {{frequency_cap: {{{cap}}}{more}}}\n"


def limited(limits: str, more: str = "") -> str:
    return PROJECT.replace("path: outbox", f"path: outbox, limits: {limits}") + more


def log(w: World, name: str) -> list[tuple]:
    return [(at, template, outcome) for at, what, template, outcome in w.steps(name) if what == "send"]


# --- the frequency cap ------------------------------------------------------------------------


def test_x25_the_cap_holds_over_all_definitions_and_defers_to_the_first_day_with_room(worlds: MakeWorld) -> None:
    w = worlds(MAILS, project=capped()).contact("ann").go_live()
    w.event("ann", "viewed_page", at="03-02 10:00").event("ann", "downloaded", at="03-03 11:00")
    w.event("ann", "viewed_page", at="03-04 12:00").run_to("03-20 00:00")
    # 2, 3 and 4 March are three days: the mail of the second counts until the end of the fourth.
    assert w.mails("ann") == [("03-02 10:00", "intro"), ("03-03 11:00", "case"), ("03-05 00:00", "intro")]
    assert log(w, "ann")[2:] == [("03-04 12:00", "intro", "deferred"), ("03-05 00:00", "intro", "sent")]


def test_x25_several_mails_of_one_moment_are_at_most_what_is_left_in_order(worlds: MakeWorld) -> None:
    w = worlds(MAILS, project=capped(2, "1 day")).contact("ann").go_live()
    for i in range(5):
        w.event("ann", "viewed_page", at=f"03-02 1{i}:00")
    w.run_to("03-10 00:00")
    assert [at for at, _ in w.mails("ann")] == [
        "03-02 10:00",
        "03-02 11:00",
        "03-03 00:00",
    ]


@pytest.mark.parametrize("most", [1, 2])
def test_x25_what_waits_goes_in_order_each_in_its_turn_and_none_for_ever(worlds: MakeWorld, most: int) -> None:
    """Those behind keep their place and stand in nobody's way: a later one never holds up an earlier one."""
    rules = "".join(f"workflow {name} of contact {{ when: manually  send intro }}\n" for name in "abcdef")
    w = worlds(rules, project=capped(most, "2 days")).contact("ann").go_live()
    for i, name in enumerate("abcdef"):
        w.enroll("ann", f"workflow {name}", at=f"03-02 1{i}:00")
    w.run_to("03-28 00:00")
    days = [at[:5] for at, _ in w.mails("ann")]
    assert days == [f"03-{2 + 2 * (i // most):02}" for i in range(6)]
    ends = [w.ended("ann", name) for name in "abcdef"]
    assert ends == sorted(ends, key=str)


def test_l14_a_transactional_topic_is_excepted_and_takes_no_place(worlds: MakeWorld) -> None:
    w = worlds(MAILS, project=capped(1)).contact("ann").go_live()
    for hour in ("10", "11"):
        w.event("ann", "purchased", at=f"03-02 {hour}:00", amount=5)
    w.event("ann", "viewed_page", at="03-02 12:00").event("ann", "purchased", at="03-02 13:00", amount=5)
    w.run_to("03-03 00:00")
    assert [template for _, template in w.mails("ann")] == ["receipt", "receipt", "intro", "receipt"]


def test_x25_duplicates_by_address_are_one_person(worlds: MakeWorld) -> None:
    w = worlds(MAILS, project=capped(1, "1 day")).contact("ann").contact("twin", email="ANN@x.example").go_live()
    w.event("ann", "viewed_page", at="03-02 10:00").event("twin", "viewed_page", at="03-02 11:00").run_to("03-05 00:00")
    assert w.mails("ann") == [("03-02 10:00", "intro")]
    assert w.mails("twin") == [("03-03 00:00", "intro")]


def test_x25_skip_is_told_and_ends_no_sequence(worlds: MakeWorld) -> None:
    w = worlds(SERIES, project=capped(2, reached="skip")).contact("ann").go_live()
    w.enroll("ann", "sequence s", at="03-02 10:00").run_to("03-03 00:00")
    assert [template for _, template in w.mails("ann")] == ["intro", "case"]
    assert log(w, "ann")[-1] == ("03-02 12:00", "last", "refused")
    assert w.status("ann", "s") == "finished(no_reply)"


def test_x25_a_cap_that_defers_goes_within_window_and_quiet_hours(worlds: MakeWorld) -> None:
    rules = MAILS.replace("again: always  send intro", "again: always  window: 09:00-17:00  send intro")
    w = worlds(rules, project=capped(1, "1 day", more=", quiet_hours: '22:00-10:00'")).contact("ann").go_live()
    w.event("ann", "viewed_page", at="03-06 11:00").event("ann", "viewed_page", at="03-06 12:00").run_to("03-20 00:00")
    assert w.mails("ann") == [("03-06 11:00", "intro"), ("03-09 10:00", "intro")]  # the 7th is a Saturday


def test_x25_who_ends_meanwhile_is_not_mailed(worlds: MakeWorld) -> None:
    w = worlds(SERIES, project=capped(1)).contact("ann").go_live().enroll("ann", "sequence s", at="03-02 10:00")
    w.run_to("03-02 12:00").event("ann", "replied", at="03-03 10:00").run_to("03-20 00:00")
    assert w.mails("ann") == [("03-02 10:00", "intro")]
    assert w.sql("SELECT state, reason FROM segue_outbox ORDER BY ordinal") == [("sent", None), ("cancelled", "reply")]


def test_l15_the_law_goes_before_the_cap_and_takes_no_place(worlds: MakeWorld) -> None:
    rules = MAILS + "workflow three of contact { when: searched  again: always  send letter }"
    w = worlds(rules, project=capped(1)).contact("ann").go_live()
    w.consent("ann", "news", "opted_out", at="03-02 09:00").event("ann", "searched", at="03-02 10:00", terms="x")
    w.event("ann", "viewed_page", at="03-02 11:00").event("ann", "searched", at="03-02 12:00", terms="x")
    w.run_to("03-02 13:00")
    assert log(w, "ann") == [
        ("03-02 10:00", "letter", "refused"),
        ("03-02 11:00", "intro", "sent"),
        ("03-02 12:00", "letter", "refused"),
    ]


# --- rate limits ------------------------------------------------------------------------------


def crowd(w: World, n: int) -> list[str]:
    names = [f"p{i}" for i in range(n)]
    for name in names:
        w.contact(name)
    return names


def sent_at(w: World, names: list[str]) -> list[str]:
    return sorted(at for name in names for at, _ in w.mails(name))


def test_s16_a_mailbox_sends_so_many_a_minute_and_none_is_lost(worlds: MakeWorld) -> None:
    w = worlds(SERIES, project=limited("{mailbox: {per_minute: 2}}"))
    names = crowd(w, 5)
    w.go_live()
    for name in names:
        w.enroll(name, "sequence s", at="03-02 10:00")
    w.run_to("03-02 10:30")
    assert sent_at(w, names) == ["03-02 10:00"] * 2 + ["03-02 10:01"] * 2 + ["03-02 10:02"]
    late = [name for name in names if w.mails(name)[0][0] != "03-02 10:00"]
    assert [log(w, name)[0][1:] for name in late] == [("intro", "deferred")] * 3
    assert all(len(log(w, name)) == (2 if name in late else 1) for name in names)


def test_s17_the_day_is_the_last_24_hours_and_no_midnight_frees_it(worlds: MakeWorld) -> None:
    w = worlds(ONCE, project=limited("{mailbox: {per_day: 2}}"))
    names = crowd(w, 5)
    w.go_live()
    for name, at in zip(names, ("10:00", "15:00", "15:01", "15:02", "23:00"), strict=True):
        w.enroll(name, "sequence s", at=f"03-02 {at}")
    w.run_to("03-04 09:00")
    assert w.mails(names[0]) == [("03-02 10:00", "intro")]
    assert w.mails(names[1]) == [("03-02 15:00", "intro")]
    assert w.mails(names[4]) == []
    assert sent_at(w, names) == ["03-02 10:00", "03-02 15:00", "03-03 10:00", "03-03 15:00"]


def test_s17_users_of_one_mailbox_share_it(worlds: MakeWorld) -> None:
    project = limited("{mailbox: {per_minute: 1}}").replace("email: amy@x.example", "email: REP@x.example")
    rules = 'sequence s "S" { when: manually  sender: contact.owner  send intro }'
    w = worlds(rules, project=project).contact("ann").contact("bob", owner="amy").go_live()
    w.enroll("ann", "sequence s", at="03-02 10:00").enroll("bob", "sequence s", by="amy", at="03-02 10:00")
    w.run_to("03-02 11:00")
    assert sent_at(w, ["ann", "bob"]) == ["03-02 10:00", "03-02 10:01"]


def test_s18_provider_and_account_hold_too_and_a_full_one_holds_up_nobody_else(worlds: MakeWorld) -> None:
    project = limited("{account: {per_minute: 3}, provider: {gmail.com: {per_minute: 1}}}")
    w = worlds(SERIES, project=project)
    for i in range(3):
        w.contact(f"g{i}", email=f"g{i}@Gmail.com").contact(f"x{i}")
    w.go_live()
    for i in range(3):
        w.enroll(f"g{i}", "sequence s", at="03-02 10:00").enroll(f"x{i}", "sequence s", at="03-02 10:00")
    w.run_to("03-02 10:30")
    assert sent_at(w, ["g0", "g1", "g2"]) == ["03-02 10:00", "03-02 10:01", "03-02 10:02"]
    everybody = sent_at(w, ["g0", "g1", "g2", "x0", "x1", "x2"])
    assert everybody.count("03-02 10:00") == 3
    assert everybody.count("03-02 10:01") == 2  # one of gmail, and the one of the others that was left


def test_s18_the_step_log_names_the_limit_that_holds_a_mail_longest(worlds: MakeWorld) -> None:
    limits = "{mailbox: {per_minute: 2}, account: {per_day: 3}, provider: {gmail.com: {per_minute: 1}}}"
    w = worlds(ONCE, project=limited(limits))
    for i in range(3):
        w.contact(f"g{i}", email=f"g{i}@Gmail.com").contact(f"x{i}")
    w.go_live().enroll("g0", "sequence s", at="03-02 10:00").enroll("g1", "sequence s", at="03-02 10:00")
    w.enroll("x0", "sequence s", at="03-02 10:00").run_to("03-02 10:00").enroll("x1", "sequence s", at="03-02 10:00")
    w.run_to("03-02 10:00").enroll("x2", "sequence s", at="03-02 10:01").run_to("03-02 10:10")
    told = w.sql("SELECT detail, count(*) FROM segue_step WHERE outcome = 'deferred' GROUP BY detail ORDER BY detail")
    assert told == [("limit(account)", 2), ("limit(provider gmail.com)", 1)]
    assert [len(w.mails(name)) for name in ("x1", "x2")] == [0, 0]


def test_s18_the_mailbox_that_is_full_is_named(worlds: MakeWorld) -> None:
    w = worlds(ONCE, project=limited("{mailbox: {per_minute: 1}, account: {per_minute: 1000}}"))
    w.contact("ann").contact("bob").go_live()
    w.enroll("ann", "sequence s", at="03-02 10:00").enroll("bob", "sequence s", at="03-02 10:00").run_to("03-02 10:00")
    assert w.sql("SELECT reason FROM segue_outbox WHERE state = 'deferred'") == [("limit(rep@x.example)",)]


BOOKS = ("bücher.example", "xn--bcher-kva.example", "Bücher.example")
STREET = ("straße.example", "xn--strae-oqa.example", "STRAßE.example")


@pytest.mark.parametrize(("written", "spelt"), [*((one, BOOKS) for one in BOOKS), (STREET[0], STREET)])
def test_s17_a_provider_is_known_however_its_domain_is_written(
    worlds: MakeWorld, written: str, spelt: tuple[str, ...]
) -> None:
    """In the settings, in the address, and in the envelope that it goes out with."""
    w = worlds(ONCE, project=limited(f'{{provider: {{"{written}": {{per_day: 2}}}}}}'))
    for i, domain in enumerate(spelt):
        w.contact(f"p{i}", email=f"p{i}@{domain}").enroll(f"p{i}", "sequence s", at=f"03-03 1{i}:00")
    w.run_to("03-05 00:00")
    assert sent_at(w, ["p0", "p1", "p2"]) == ["03-03 10:00", "03-03 11:00", "03-04 10:00"]
    assert [s[3] for s in w.steps("p2") if s[1] == "send"] == ["deferred", "sent"]


def test_s18_an_outage_brings_no_burst(worlds: MakeWorld) -> None:
    w = worlds(SERIES, project=limited("{mailbox: {per_minute: 2}}"))
    names = crowd(w, 6)
    w.go_live()
    for name in names:
        w.enroll(name, "sequence s", at="03-02 10:00")
    w.tick("03-02 10:00").tick("03-02 12:00").tick("03-02 12:01")
    assert sent_at(w, names) == ["03-02 10:00"] * 2 + ["03-02 12:00"] * 2 + ["03-02 12:01"] * 2


def test_s18_a_limit_that_is_new_counts_what_was_sent_before(worlds: MakeWorld) -> None:
    w = worlds(MAILS)
    for name in ("ann", "bob"):
        w.contact(name)
    w.go_live().event("ann", "viewed_page", at="03-02 10:00").run_to("03-02 12:00")
    w.project_text = limited("{account: {per_day: 1}}")
    w.edit(MAILS).event("bob", "viewed_page", at="03-02 13:00").run_to("03-04 00:00")
    assert w.mails("bob") == [("03-03 10:00", "intro")]


def test_s18_refused_mail_takes_no_place(worlds: MakeWorld) -> None:
    w = worlds(MAILS, project=limited("{account: {per_minute: 1}}")).contact("ann").contact("bob").go_live()
    w.event("ann", "marked_spam", at="03-02 09:00")
    w.event("ann", "viewed_page", at="03-02 10:00").event("bob", "viewed_page", at="03-02 10:00").run_to("03-02 11:00")
    assert w.mails("bob") == [("03-02 10:00", "intro")]


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("limit", ["{account: {per_day: 1}}", None])
def test_x24_what_nobody_knows_the_outcome_of_takes_its_place(
    worlds: MakeWorld, limit: str | None, later: bool
) -> None:
    """It counts as sent: for the cap, and for a rate, also for one that is set afterwards."""
    held = limited(limit) if limit else capped(1, "1 day")
    w = worlds(MAILS, project=PROJECT if later else held, channel=Answering(Result("unknown", "no answer")))
    w.contact("ann").go_live().event("ann", "viewed_page", at="03-02 10:00").run_to("03-02 11:00")
    assert log(w, "ann") == [("03-02 10:00", "intro", "unknown")]
    w.edit(MAILS, project=held).event("ann", "downloaded", at="03-02 12:00").run_to("03-02 23:50")
    assert ("03-02 12:00", "case", "deferred") in log(w, "ann")
    w.run_to("03-04 00:00")
    assert [mail for mail in w.mails("ann") if mail[1] == "case"] == [
        ("03-03 10:00" if limit else "03-03 00:00", "case")
    ]


# --- quiet hours ------------------------------------------------------------------------------


def test_x16_quiet_hours_hold_what_reaches_the_person_and_no_task(worlds: MakeWorld) -> None:
    project = PROJECT + 'limits: {quiet_hours: "21:00-08:00"}\n'
    rules = 'workflow w of contact { when: viewed_page  notify rep "Look"  task todo "Do" to rep  send intro }'
    w = worlds(rules, project=project).contact("ann").go_live().event("ann", "viewed_page", at="03-02 22:00")
    w.run_to("03-04 00:00")
    assert [note[0] for note in w.notes("ann")] == ["03-02 22:00"]
    assert [task[0] for task in w.tasks("ann")] == ["03-02 22:00"]
    assert w.mails("ann") == [("03-03 08:00", "intro")]


def test_l15_a_mail_resumed_at_night_waits_for_the_morning(worlds: MakeWorld) -> None:
    project = (
        PROJECT
        + 'limits: {quiet_hours: "21:00-08:00", frequency_cap: {at_most: 1, within: 1 day, when_reached: defer}}\n'
    )
    w = worlds(SERIES, project=project).contact("ann").go_live().enroll("ann", "sequence s", at="03-02 10:00")
    w.run_to("03-02 12:00").pause("ann", "sequence s", at="03-02 13:00").resume("ann", "sequence s", at="03-04 03:00")
    w.run_to("03-04 12:00")
    assert w.mails("ann") == [("03-02 10:00", "intro"), ("03-04 08:00", "case")]


@pytest.mark.parametrize(("night", "sent"), [("03-29 01:30", "03-29 04:00"), ("10-25 01:30", "10-25 04:00")])
def test_l15_quiet_hours_end_by_the_clock_on_both_nights_of_summer_time(
    worlds: MakeWorld, night: str, sent: str
) -> None:
    project = PROJECT + 'limits: {quiet_hours: "23:00-04:00"}\n'
    w = worlds(MAILS, project=project).contact("ann").go_live().event("ann", "viewed_page", at=night)
    w.run_to(f"{night[:5]} 12:00")
    assert w.mails("ann") == [(sent, "intro")]
