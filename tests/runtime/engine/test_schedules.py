"""What starts by the clock: schedules and dates of each record (X1, X4, X5; domain W14)."""

from __future__ import annotations

import pytest

from tests.runtime.engine.harness import PROJECT, MakeWorld, World

WEEKLY = "workflow w of contact { when: every monday 09:00  only: plan = trial  add 1 to visits }"
YEARLY = "workflow w of contact { when: every year on renewal at 09:00  only: email is known  add 1 to visits }"
AHEAD = "workflow w of contact { when: at renewal - 3 days  add 1 to visits }"


def visits(w: World, name: str) -> int | None:
    return w.value(name, "visits")


# --- schedules ----------------------------------------------------------------------------------


def test_x4_only_is_judged_at_each_occurrence(worlds: MakeWorld) -> None:
    """Who it is not true of is refused nothing: a schedule is not about them."""
    w = worlds(WEEKLY).contact("ann", plan="trial").contact("bob", plan="free")
    w.set("ann", plan="paid", at="03-10 10:00").set("bob", plan="trial", at="03-16 08:59").run_to("03-23 12:00")
    assert w.entered("ann", "w") == ["03-02 09:00", "03-09 09:00"]
    assert w.entered("bob", "w") == ["03-16 09:00", "03-23 09:00"]
    assert w.sql("SELECT * FROM segue_refusal") == []


def test_x5_a_schedule_starts_again_but_nobody_who_is_inside(worlds: MakeWorld) -> None:
    w = worlds(WEEKLY.replace("}", "wait 10 days }")).contact("ann", plan="trial").run_to("03-31 09:00")
    assert w.entered("ann", "w") == ["03-02 09:00", "03-16 09:00", "03-30 09:00"]
    assert w.refusals("ann") == [
        ("03-09 09:00", "w", "already_enrolled"),
        ("03-23 09:00", "w", "already_enrolled"),
    ]


def test_x5_never_and_after_hold_for_schedules_too(worlds: MakeWorld) -> None:
    once = worlds(WEEKLY.replace("only", "again: never  only")).contact("ann", plan="trial").run_to("03-31 09:00")
    assert once.entered("ann", "w") == ["03-02 09:00"]


def test_x13_the_clock_of_schedules_is_the_accounts(worlds: MakeWorld) -> None:
    """Also in the night that has no 02:30, and once in the night that has two."""
    w = worlds("workflow w of contact { when: every day 02:30  only: email is known  add 1 to visits }")
    w.contact("ann", time_zone="Asia/Tokyo").run_to("03-30 12:00")
    assert w.entered("ann", "w")[-3:] == ["03-28 02:30", "03-29 03:30", "03-30 02:30"]
    w.run_to("10-26 12:00")
    assert w.entered("ann", "w")[-3:] == ["10-24 02:30", "10-25 02:30", "10-26 02:30"]


@pytest.mark.parametrize(
    ("every", "entered"),
    [
        ("every 3 days at 09:00", ["03-02 09:00", "03-05 09:00", "03-08 09:00"]),
        ("every 36 hours", ["03-03 12:00", "03-05 00:00", "03-06 12:00", "03-08 00:00"]),
        ("every 1 week", ["03-09 00:00"]),
        ('every "0 6 */4 * *"', ["03-05 06:00", "03-09 06:00"]),
        ('every "30 7 * * tue#1"', ["03-03 07:30"]),
    ],
)
def test_x4_spans_and_cron(worlds: MakeWorld, every: str, entered: list[str]) -> None:
    w = worlds(f"workflow w of contact {{ when: {every}  only: email is known  add 1 to visits }}").contact("ann")
    w.run_to("03-09 08:00")
    assert w.entered("ann", "w") == entered


@pytest.mark.parametrize(("back", "entered"), [("03-10 08:59", ["03-09 09:00"]), ("03-10 09:01", [])])
def test_x1_an_occurrence_missed_for_longer_than_late_starts_nothing(
    worlds: MakeWorld, back: str, entered: list[str]
) -> None:
    """Within it, it is decided at its own instant, and what it does is done now."""
    w = worlds(WEEKLY).contact("ann", plan="trial", at="03-03 10:00").tick("03-09 08:00").tick(back)
    assert w.entered("ann", "w") == entered
    assert visits(w, "ann") == (1 if entered else None)
    w.tick("03-16 09:00")
    assert w.entered("ann", "w") == [*entered, "03-16 09:00"]


def test_x1_no_schedule_reaches_back_before_its_rule(world: MakeWorld) -> None:
    w = world("static segment none of contact").contact("ann", plan="trial").run_to("03-09 09:00")
    w.edit(WEEKLY).run_to("03-09 20:00")
    assert w.entered("ann", "w") == []
    assert w.run_to("03-16 09:00").entered("ann", "w") == ["03-16 09:00"]


def test_x5_a_crash_in_the_middle_of_an_occurrence_starts_nobody_twice(
    worlds: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was committed before a mail went out, of others who have ended by then, is not done again: not by a
    schedule, not by a birthday and not by a date."""
    w = worlds(
        """
        workflow mails of contact { when: every monday 09:00  only: plan = trial
          if plan = trial { if email is known { if owner is known { send receipt } } } }
        workflow w of contact { when: every monday 09:00  only: plan = trial  add 1 to visits }
        workflow y of contact { when: every year on renewal at 09:00  only: plan = trial  add 10 to visits }
        workflow d of contact { when: at created_at + 7 days  add 100 to visits }
        """
    )
    w.contact("ann", plan="trial", at="03-02 09:00", renewal="2020-03-09").run_to("03-09 08:00")
    seen = visits(w, "ann")

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(w.engine.phases.dispatch, "send", broken)
    with pytest.raises(KeyboardInterrupt):
        w.run_to("03-09 12:00")
    w.restart().run_to("03-10 12:00")
    assert [w.entered("ann", name)[1 if name in ("mails", "w") else 0 :] for name in ("mails", "w", "y", "d")] == [
        ["03-09 09:00"]
    ] * 4
    assert (visits(w, "ann") or 0) - (seen or 0) == 111
    assert w.mails("ann")[1:] == [("03-09 09:00", "receipt")]


def test_x12_schedules_and_dates_on_the_real_clock_and_the_virtual_one(world: MakeWorld) -> None:
    """Ticking every minute starts whoever `run` starts, at the same instants."""
    rules = """
        workflow w of contact { when: every "*/20 * * * *"  only: plan = trial  add 1 to visits }
        workflow v of contact { when: at last_purchase_at + 90 minutes  again: always  add 1 to visits }
        """
    found = []
    for run in (World.run_to, World.tick_every_minute_to):
        w = world(rules).contact("ann", plan="trial", at="03-02 00:30").event("ann", "purchased", at="03-02 00:47")
        w.event("ann", "purchased", at="03-02 01:15")
        run(w, "03-02 03:00")
        found.append((w.entered("ann", "w"), w.entered("ann", "v")))
    assert found[0] == found[1]
    assert found[0][1] == ["03-02 02:45"]


# --- every year ---------------------------------------------------------------------------------


def test_w14_every_year_ignores_the_year(worlds: MakeWorld) -> None:
    """1984, last year or next year: the day counts, at the time that is written."""
    w = worlds(YEARLY).contact("ann", renewal="1984-03-05").contact("bob", renewal="2031-03-05").contact("cy")
    w.contact("dan", renewal="2026-03-06").run_to("2027-03-07 00:00")
    assert w.entered("ann", "w") == w.entered("bob", "w") == ["03-05 09:00", "2027-03-05 09:00"]
    assert (w.entered("cy", "w"), w.entered("dan", "w")) == ([], ["03-06 09:00", "2027-03-06 09:00"])


def test_w14_who_was_born_on_29_february_has_the_28th_in_common_years(worlds: MakeWorld) -> None:
    w = worlds(YEARLY, start="2027-01-01 00:00").contact("ann", at="2027-01-02 08:00", renewal="2024-02-29")
    w.contact("bob", at="2027-01-02 08:00", renewal="2023-02-28").run_to("2028-03-05 00:00")
    assert w.entered("ann", "w") == ["2027-02-28 09:00", "2028-02-29 09:00"]
    assert w.entered("bob", "w") == ["2027-02-28 09:00", "2028-02-28 09:00"]


def test_w14_a_birthday_set_too_late_waits_a_year(worlds: MakeWorld) -> None:
    w = worlds(YEARLY).contact("ann").contact("bob").set("ann", renewal="1990-03-05", at="03-05 08:59")
    w.set("bob", renewal="1990-03-05", at="03-05 09:01").run_to("03-06 00:00")
    assert (w.entered("ann", "w"), w.entered("bob", "w")) == (["03-05 09:00"], [])


def test_w14_the_date_of_a_company_starts_its_people(worlds: MakeWorld) -> None:
    w = worlds("workflow w of contact { when: every year on company.created_at at 09:00  only: plan = trial  add 1 to"
               " visits }")  # fmt: skip
    w.contact("ann", plan="trial").contact("bob", plan="trial").company("acme", "ann", at="03-04 10:00")
    w.run_to("2027-03-05 00:00")
    assert (w.entered("ann", "w"), w.entered("bob", "w")) == (["2027-03-04 09:00"], [])


# --- at DATE ------------------------------------------------------------------------------------


def test_x4_a_moment_past_when_the_date_is_set_does_not_fire(worlds: MakeWorld) -> None:
    """The moment is 00:00 three days before, in the account's zone."""
    w = worlds(AHEAD).contact("ann", renewal="2026-03-10").contact("bob", renewal="2026-03-04")
    w.contact("cy").set("cy", renewal="2026-03-08", at="03-05 00:01")
    w.contact("dan").set("dan", renewal="2026-03-08", at="03-04 23:59").run_to("04-01 00:00")
    assert w.entered("ann", "w") == ["03-07 00:00"]
    assert (w.entered("bob", "w"), w.entered("cy", "w"), w.entered("dan", "w")) == ([], [], ["03-05 00:00"])


def test_x4_a_moment_past_at_activation_does_not_fire(world: MakeWorld) -> None:
    w = world("static segment none of contact").contact("ann", renewal="2026-03-10").run_to("03-07 00:00")
    assert w.edit(AHEAD).run_to("03-12 00:00").entered("ann", "w") == []


def test_w14_a_date_that_changes_is_planned_anew(worlds: MakeWorld) -> None:
    """Later, sooner, cleared; one that has started somebody starts them again for another day (X5)."""
    w = worlds(AHEAD)
    for name in ("ann", "bob", "cy", "dan"):
        w.contact(name, renewal="2026-03-10")
    w.set("ann", renewal="2026-03-20", at="03-06 10:00").set("bob", renewal="2026-03-08", at="03-04 10:00")
    w.set("cy", renewal=None, at="03-06 10:00").set("dan", renewal="2026-03-15", at="03-09 10:00")
    w.set("bob", renewal="2026-03-08", at="03-09 10:00").run_to("04-01 00:00")
    assert (w.entered("ann", "w"), w.entered("bob", "w")) == (["03-17 00:00"], ["03-05 00:00"])
    assert (w.entered("cy", "w"), w.entered("dan", "w")) == ([], ["03-07 00:00", "03-12 00:00"])


def test_x1_a_date_that_reaches_the_store_late_starts_within_late(worlds: MakeWorld) -> None:
    """Set in time, told after the moment: started if that is no more than 24 hours ago."""
    w = worlds("workflow w of contact { when: at last_purchase_at + 1 hour  add 1 to visits }").contact("ann")
    w.contact("bob").contact("cy").run_to("03-10 09:00")
    w.event("ann", "purchased", at="03-10 07:00").event("bob", "purchased", at="03-09 07:59")
    w.event("cy", "purchased", at="03-10 08:30").run_to("03-11 00:00")
    assert (len(w.entered("ann", "w")), w.entered("bob", "w"), w.entered("cy", "w")) == (1, [], ["03-10 09:30"])


def test_x1_a_moment_missed_for_longer_than_late_starts_nothing(worlds: MakeWorld) -> None:
    w = worlds(AHEAD).contact("ann", renewal="2026-03-10").contact("bob", renewal="2026-03-11").tick("03-06 12:00")
    w.tick("03-08 00:01")
    assert (w.entered("ann", "w"), w.entered("bob", "w")) == ([], ["03-08 00:00"])


def test_x13_months_are_cut_short_and_later_values_may_come_sooner(worlds: MakeWorld) -> None:
    """28 January 10:00 and 31 January 09:00 plus a month are both on 28 February, the later value first."""
    w = worlds("workflow w of contact { when: at last_purchase_at + 1 month  add 1 to visits }", start="01-01 00:00")
    w.contact("ann", at="01-02 08:00").contact("bob", at="01-02 08:00").contact("cy", at="01-02 08:00")
    w.event("ann", "purchased", at="01-28 10:00").event("bob", "purchased", at="01-31 09:00")
    w.event("cy", "purchased", at="01-29 09:30").run_to("03-31 00:00")
    assert [w.entered(n, "w") for n in ("ann", "bob", "cy")] == [["02-28 10:00"], ["02-28 09:00"], ["02-28 09:30"]]


def test_x15_business_days_after_a_date_go_by_the_definitions_calendar(worlds: MakeWorld) -> None:
    project = PROJECT + "calendars: {six: {working_days: [mon, tue, wed, thu, fri, sat], holidays: [2026-03-09]}}\n"
    rules = """workflow w of contact { when: at last_purchase_at + 1 business day  calendar: six  add 1 to visits }
        workflow v of contact { when: at last_purchase_at + 1 business day  add 1 to visits }"""
    w = worlds(rules, project=project).contact("ann").contact("bob").contact("cy")
    w.event("ann", "purchased", at="03-06 10:00").event("bob", "purchased", at="03-07 09:00")
    w.event("cy", "purchased", at="03-08 08:00").run_to("03-31 00:00")
    assert [w.entered(n, "w") for n in ("ann", "bob", "cy")] == [["03-07 10:00"], ["03-10 09:00"], ["03-10 08:00"]]
    assert [w.entered(n, "v") for n in ("ann", "bob", "cy")] == [["03-09 10:00"], ["03-09 09:00"], ["03-09 08:00"]]


def test_x4_only_of_a_date_refuses_with_its_reason(worlds: MakeWorld) -> None:
    w = worlds(AHEAD.replace("add", "only: plan = trial  add")).contact("ann", renewal="2026-03-10", plan="free")
    w.contact("bob", renewal="2026-03-10", plan="trial").run_to("03-12 00:00")
    assert (w.refusals("ann"), w.entered("bob", "w")) == ([("03-07 00:00", "w", "only")], ["03-07 00:00"])


@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_nothing_is_kept_per_record_and_dates_are_read_by_their_index(world: MakeWorld) -> None:
    w = world(AHEAD + YEARLY.replace("workflow w", "workflow y")).contact("ann", renewal="2026-03-10").go_live()
    seen: list[str] = []
    run = w.engine.session.bound
    w.engine.session.bound = lambda sql, values=(): (seen.append(sql), run(sql, values))[1]
    w.run_to("03-12 00:00")
    starts = [sql for sql in seen if sql.startswith("INSERT INTO start") and "renewal" in sql]
    assert starts
    for sql in starts:
        names = {"low": "2026-03-09", "high": "2026-03-10", "definition": 1, "t": 0, "set_at": 0}
        plan = " ".join(str(row[3]) for row in run(f"EXPLAIN QUERY PLAN {sql}", names))
        assert "idx_contact_renewal (renewal>? AND renewal<?)" in plan or "touch" in plan, plan
        assert "SCAN s" not in plan, plan
