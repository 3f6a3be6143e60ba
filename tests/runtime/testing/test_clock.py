"""Schedules, dates and waits for them in rule tests: they stop the clock, and what did not start says when it does."""

from __future__ import annotations

from tests.runtime.testing.play import RULES, passes, play

BY_CLOCK = (
    RULES
    + """
workflow weekly of contact { when: every monday 09:00  only: plan = trial  set visits = 1 }
workflow ahead of contact { when: at renewal - 3 days  set visits = 2 }
workflow yearly of contact { when: every year on renewal at 09:00  only: email is known  set visits = 3 }
workflow dated of contact { when: manually  wait until renewal at 09:00 else { exit "no" }  set visits = 4 }
"""
)
ANN = 'given contact ann { email = "ann@x.example"  plan = trial  renewal = 2026-03-20 }'


def clocked(body: str, of: str) -> bool:
    return passes(body, of=of, given=ANN, rules=BY_CLOCK)


def test_x4_a_schedule_comes_when_the_clock_passes_it() -> None:
    assert clocked("expect ann { visits is missing }\n  after 8 days\n  expect ann { visits = 1 }", "weekly")
    assert not clocked("after 6 days\n  expect ann { visits = 1 }", "weekly")


def test_w14_a_date_and_a_birthday_come_too() -> None:
    assert clocked("after 15 days\n  expect ann { visits = 2 }", "ahead")
    assert clocked(
        "after 17 days\n  expect ann { visits is missing }\n  after 1 day\n  expect ann { visits = 3 }", "yearly"
    )


def test_x17_a_wait_for_a_date_ends_at_it() -> None:
    body = "ann enrolls in dated\n  after 17 days\n  expect ann { visits is missing }\n  after 1 day"
    assert clocked(f"{body}\n  expect ann {{ visits = 4 }}", "dated")


def test_what_did_not_start_says_when_it_does() -> None:
    logs = [
        line.words
        for of in ("weekly", "ahead", "yearly")
        for failure in play("expect ann { visits = 9 }", of=of, given=ANN, rules=BY_CLOCK).failures
        for log in failure.log
        for line in log.lines
    ]
    told = "\n".join(logs)
    assert "never enrolled: next at 2026-03-09 09:00" in told
    assert "renewal is 2026-03-20: at 2026-03-17 00:00" in told
    assert "renewal is 2026-03-20: next at 2026-03-20 09:00" in told
