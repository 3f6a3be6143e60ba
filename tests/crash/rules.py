"""What the crash tests run: rules of every kind, people, and what happens to them, the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from random import Random

from dsl.compile import compile_project
from dsl.program.definitions import Program
from dsl.source import Source
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.store.session import Session
from runtime.times.zones import DAY, HOUR, MINUTE, parse_local

ZONE = "Europe/Warsaw"
CHUNK = 12 * HOUR  # what the outside world says reaches the store in portions
FEW = 20  # people of the short form
BORN, DEEDS = 3, 6  # days in which people appear, and then do things
DAYS = 24  # by then every enrollment has ended
_MOMENTS = 28_800  # moments of all people in a day, six at least: the instants there are, and so what a run takes
_OTHERWISE = ["replied", "replied", "bounced", "bounced", "unsubscribed"]  # what else comes of a mail
ZONES = [None, None, "America/Sao_Paulo", "Asia/Tokyo", "Not/AZone"]

SCHEMA = """
extends: standard
objects:
  contact:
    properties:
      plan: {type: choice, options: [free, trial, paid]}
      visits: {type: number}
topics:
  sales: {label: Sales, kind: one_to_one}
  news: {label: News, kind: marketing}
  account: {label: Account, kind: transactional}
"""
# Limits that hold mail back at any number of people.
PROJECT = """
name: crash
account: {time_zone: Europe/Warsaw, currency: EUR}
consent: relaxed
users:
  rep: {name: Rep One, email: rep@x.example}
  amy: {name: Amy Two, email: amy@x.example, time_zone: Asia/Tokyo}
  gone: {name: Gone, email: gone@x.example, active: false}
teams: {desk: [rep, gone, amy]}
channels:
  email: {kind: maildir, path: outbox, limits: {mailbox: {per_day: PER_DAY}, account: {per_minute: PER_MINUTE}}}
  slack: {team: {env: TEAM}}
  webhook: {erp: {env: ERP}}
limits:
  quiet_hours: "22:00-06:00"
  enroll_at_once: 1000000
  frequency_cap: {at_most: 2, within: 3 days, over: all, when_reached: defer, except: [transactional]}
"""
RULES = """
template intro { topic: sales subject: "Intro" body: \"\"\"Hello {{ contact.first_name | default: 'you' }}\"\"\" }
template case { topic: sales subject: "Case" body: \"\"\"Hello\"\"\" }
template last { topic: sales subject: "Last" body: \"\"\"Hello\"\"\" }
template more { topic: sales subject: "More" body: \"\"\"Hello\"\"\" }
template letter { topic: news subject: "News" body: \"\"\"Hello\"\"\" }
template receipt { topic: account subject: "Receipt" body: \"\"\"Hello\"\"\" }

score interest of contact {
  give 5 when viewed_page, at most 20 per week
  give 8 when clicked_email
  take 3 when purchased(amount > 3 EUR)
  decay: half every 5 days
}
segment trials of contact { plan = trial and created_at within 20 days }
segment quiet of contact { created_at older than 4 days and has not acted within 4 days }
segment hot of contact { score(interest) >= 9 }
static segment board of contact

sequence onboarding "Onboarding" {
  when: in segment trials
  sender: contact.owner
  zone: contact
  window: 09:00-17:00
  tasks_at: 08:00
  threading: true
  goal: plan = paid
  send intro
  wait 2 business days
  if has clicked_email since enrollment { send case } else { task call "Call" without waiting }
  wait until viewed_page up to 2 days else { notify rep "quiet" }
  send last
  wait 1 day
  send more
  task todo "Done?"
}
sequence care "Care" {
  when: plan = free
  sender: rep
  exclusive: false
  automated { send letter  wait 1 day  send case }
  rep_led when clicked_email or opened_email at least 2 times { wait 1 hour  task todo "Ring"  send last }
}
workflow visit of contact {
  when: viewed_page
  again: always
  add 1 to visits
  split { 40% a { enroll in workflow thanks } 60% b { wait 90 minutes } }
}
workflow thanks of contact { when: manually  again: always  send receipt  unenroll from sequence care }
workflow hot of contact {
  when: in segment hot
  again: after 5 days
  assign owner round_robin team desk
  create ticket { subject = "Hot {{ contact.email | default: '?' }}" } as help
  link help to contact
  webhook "erp" { who = email  plan = plan  visits = visits }
  send intro
  wait 3 hours
  webhook "erp" { who = email  later = plan }
  add to segment board
  if plan = trial { set plan = paid } else { set plan = trial }
}
workflow bought of contact {
  when: purchased
  slack "team" "{{ contact.email | default: '?' }} bought"
  wait until purchased up to 2 days else { remove from segment board  send letter }
}
workflow seen of ticket { when: created  wait 2 days  set stage = closed }
workflow woken of contact { when: in segment quiet  again: after 10 days  send letter  log note "quiet" }
"""


def at(text: str) -> int:
    return parse_local(text, ZONE)


START = at("2026-03-02T00:00")
END = START + DAYS * DAY
_FIRST = START + 9 * HOUR
_ANSWERED = START + 10 * DAY  # later mails are read by nobody, later tasks are all done


@lru_cache
def program(people: int) -> Program:
    limits = {"PER_DAY": max(people // 8, 5), "PER_MINUTE": max(people // 8, 3)}
    project = PROJECT
    for name, value in limits.items():
        project = project.replace(name, str(value))
    found = compile_project(
        [Source("rules.segue", RULES)], Source("schema.yaml", SCHEMA), Source("segue.yaml", project)
    )
    assert found.program is not None, [(d.code, d.message, d.help) for d in found.diagnostics]
    return found.program


# --- what the outside world says ------------------------------------------------------------------


@lru_cache
def told(people: int) -> list[list[inbox.InboxRow]]:
    """What reaches the store without being asked for, by the chunk of time before which it does."""
    found: list[list[inbox.InboxRow]] = [[] for _ in range(DAYS * DAY // CHUNK)]
    for i in range(people):
        found[0].append(_person(i, people))
        for moment, row in _deeds(i, people):
            found[max(-(-(moment - START) // CHUNK) - 1, 0)].append(row)
    return found


def answers(session: Session, number: int, people: int) -> Iterator[inbox.InboxRow]:
    """What comes of what left in the chunk before `number`."""
    low = START + number * CHUNK
    if low < _ANSWERED:
        yield from _answers(session, low, people)
    yield from _tasks(session, low, people)


def _moment(rng: Random, days: int, people: int) -> int:
    """Many people share the moments of a day, so that they make no more instants than a few do."""
    each = 24 * 60 // min(max(_MOMENTS // people, 6), 24 * 60)
    return rng.randrange(days * 24 * 60 // each) * each * MINUTE


def _born(i: int, people: int) -> int:
    return _FIRST + _moment(Random(f"born {i}"), BORN, people)


def _person(i: int, people: int) -> inbox.InboxRow:
    rng = Random(f"person {i}")
    values: dict[str, str | int] = {
        "email": f"c{i}@x.example",
        "email__n": f"c{i}@x.example",
        "plan": rng.choice(["trial", "trial", "free"]),
    }
    if rng.random() < 0.6:
        values["owner"] = rng.choice(["rep", "amy"])
    if zone := rng.choice(ZONES):
        values |= {"time_zone": zone}
    return inbox.record_row("contact", f"c{i}", values, at=_born(i, people), received_at=0)


def _deeds(i: int, people: int) -> Iterator[tuple[int, inbox.InboxRow]]:
    """Views, purchases and replies that belong to no mail; late ones too."""
    rng, id_ = Random(f"deeds {i}"), record_id("contact", f"c{i}")
    for n in range(rng.randrange(6)):
        kind, values = _deed(rng)
        said = _born(i, people) + _moment(rng, DEEDS, people)
        happened = said - rng.choice([0, 0, 0, 3 * HOUR, 4 * DAY])
        yield said, inbox.event_row(kind, id_, f"{i}/{n}", values, at=max(happened, _born(i, people)), received_at=0)


def _deed(rng: Random) -> tuple[str, dict[str, str | int]]:
    kind = rng.choice(["viewed_page"] * 6 + ["purchased"] * 2 + ["replied", "booked_meeting"])
    match kind:
        case "viewed_page":
            return kind, {"path": "/", "path__n": "/"}
        case "purchased":
            return kind, {"amount": rng.randrange(1000)}
        case "booked_meeting":
            return kind, {"host": "rep"}
        case _:
            return kind, {}


def _answers(session: Session, low: int, people: int) -> Iterator[inbox.InboxRow]:
    """What people and machines do with the mails of the portion before: opens, clicks, replies, bounces."""
    for contact, name, template, nr, enrollment, ordinal in session.run(
        "SELECT o.contact_id, d.name, o.template, e.nr, o.enrollment_id, o.ordinal FROM segue_outbox o JOIN"
        " segue_enrollment e ON e.bucket = o.bucket AND e.id = o.enrollment_id JOIN segue_definition d ON d.id ="
        " o.definition_id WHERE o.kind = 'email' AND o.state IN ('sent', 'unknown') AND o.settled_at > :before"
        " AND o.settled_at <= :low",
        before=low - CHUNK,
        low=low,
    ):
        own = f"{contact}/{name}/{template}/{nr}/{low}"
        rng = Random(own)
        deed = rng.choice([None] * 8 + ["opened_email", "clicked_email"] * 4 + _OTHERWISE)
        if deed is None or (deed == "bounced" and rng.random() < 0.7):
            continue
        values: dict[str, str | int] = {"enrollment": enrollment, "ordinal": ordinal}
        values |= {"kind": rng.choice(["hard", "soft"])} if deed == "bounced" else {}
        by_whom = rng.choice(["human", "human", "human", "machine", "unknown"])
        class_ = by_whom if deed in ("opened_email", "clicked_email") else None
        moment = low + HOUR + _moment(rng, 1, people)
        yield inbox.event_row(deed, contact, own, values, at=moment, class_=class_, received_at=0)


def _tasks(session: Session, low: int, people: int) -> Iterator[inbox.InboxRow]:
    for contact, created, enrollment, ordinal in session.run(
        "SELECT contact_id, created_at, enrollment_id, ordinal FROM segue_task WHERE state = 'open' AND created_at <="
        " :low",
        low=low,
    ):
        rng = Random(f"task {contact} {created} {low}")
        if rng.random() < 0.1 or low >= _ANSWERED:
            moment = low + HOUR + _moment(rng, 1, people)
            told = {"enrollment": enrollment, "ordinal": ordinal, "state": rng.choice(["done", "done", "skipped"])}
            yield inbox.command_row("task", "contact", contact, None, at=moment, **told)
