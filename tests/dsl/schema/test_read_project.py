"""What segue.yaml gives. The text of each test is the file."""

from pathlib import Path
from textwrap import dedent

import pytest

from dsl.schema import read_project
from dsl.schema.model import Account, FrequencyCap, Limits, Project
from dsl.schema.written_times import day_span, hours, weekdays
from dsl.source import Source

GOOD = Path(__file__).parent / "good"


def project(text: str) -> Project:
    read, found = read_project(Source("segue.yaml", dedent(text)))
    assert found == ()
    return read


def test_the_example() -> None:
    read = project((GOOD / "segue.yaml").read_text(encoding="utf-8"))
    assert read.name == "unicorn-supplies"
    assert read.account == Account("Asia/Tokyo", "JPY", "tokyo", "en", "1-2-3 Shibuya, Tokyo")
    assert (read.store, read.consent) == ("sqlite:///crm.db", "strict")
    assert (read.calendars["tokyo"].country, read.calendars["tokyo"].working_days) == ("JP", (0, 1, 2, 3, 4))
    assert (read.users["rep_1"].label, read.users["rep_1"].email) == ("Tanaka Taro", "tanaka@unicorn.example")
    assert read.teams == {"sales": ("rep_1", "rep_2"), "success": ("rep_2",)}
    assert read.channels["email"] == {"kind": "maildir", "path": "outbox"}
    assert read.channels["slack"]["#leads"] == {"env": "SLACK_LEADS_URL"}
    cap = FrequencyCap(4, 7, "all", "defer", ("transactional",))
    assert read.limits == Limits(frequency_cap=cap, quiet_hours=(21 * 60, 8 * 60))


def test_a_name_is_enough() -> None:
    assert project("name: small\n") == Project("small")


def test_placeholders_of_the_store_stay_as_written() -> None:
    url = "postgresql+psycopg://${SEGUE_DB_USER}:${SEGUE_DB_PASSWORD}@db/crm"
    assert project(f"name: a\nstore: {url}\n").store == url


def test_calendar_of_a_part_of_a_country() -> None:
    read = project("""
        name: a
        calendars:
          shop: {country: DE, subdivision: BY, working_days: [tue-sat], holidays: [2026-12-24], workdays: [2026-01-06]}
        """)
    calendar = read.calendars["shop"]
    assert (calendar.subdivision, calendar.working_days) == ("BY", (1, 2, 3, 4, 5))
    assert (calendar.holidays, calendar.workdays) == (("2026-12-24",), ("2026-01-06",))


def test_norway_is_no_boolean() -> None:
    assert project("name: a\ncalendars: {oslo: {country: NO}}\n").calendars["oslo"].country == "NO"


def test_defaults_are_texts_as_in_a_definition() -> None:
    read = project("name: a\ndefaults: {zone: contact, threading: true, tasks_at: 08:00, priority: 3}\n")
    assert read.defaults == {"zone": "contact", "threading": "true", "tasks_at": "08:00", "priority": "3"}


def test_lint_names_keep_their_places() -> None:
    text = "name: a\nlint: {profile: strict, ignore: [style], per_folder: {drafts: {levels: {no-steps: info}}}}\n"
    lint = project(text).lint
    assert lint.profile == "strict"
    [ignored] = lint.choice.ignore
    assert text[ignored.span.start : ignored.span.end] == "style"
    [(pattern, choice)] = lint.per_folder
    [(name, level)] = choice.levels
    assert (pattern, name.text, level) == ("drafts", "no-steps", "info")
    assert text[name.span.start : name.span.end] == "no-steps"


def test_smtp_takes_its_password_from_the_environment() -> None:
    read = project("name: a\nchannels: {email: {kind: smtp, host: mail, port: 587, password: {env: SMTP_PASSWORD}}}\n")
    assert read.channels["email"]["password"] == {"env": "SMTP_PASSWORD"}


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("21:00-08:00", (1260, 480)), ("00:00-24:00", None), ("12:00-24:00", (720, 1440)), ("25:00-01:00", None)],
)
def test_spans_of_the_day(text: str, minutes: tuple[int, int] | None) -> None:
    assert day_span(text) == minutes


@pytest.mark.parametrize(("text", "expected"), [("24 hours", 24), ("1 week", 168), ("2 days", 48), ("1 month", None)])
def test_spans_of_time(text: str, expected: int | None) -> None:
    assert hours(text) == expected


@pytest.mark.parametrize(
    ("text", "days"), [("mon-fri", (0, 1, 2, 3, 4)), ("sun-thu", (0, 1, 2, 3, 6)), ("Sat", (5,)), ("mo-fr", None)]
)
def test_weekdays(text: str, days: tuple[int, ...] | None) -> None:
    assert weekdays(text) == days


def test_a_user_may_have_a_role() -> None:
    read = project("name: a\nusers: {amy: {role: operator}, bob: {}}\n")
    assert [user.role for user in read.users.values()] == ["operator", None]
    _, [found] = read_project(Source("segue.yaml", "name: a\nusers: {amy: {role: opertor}}\n"))
    assert "operator" in f"{found.message} {found.help}"
