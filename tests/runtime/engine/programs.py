"""Rule texts the oracle tests run, and random histories for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

from dsl.compile import compile_project
from dsl.program.definitions import Program
from dsl.source import Source

UTC = ZoneInfo("UTC")
ZONES = ["Europe/Warsaw", "America/Sao_Paulo", "Asia/Tokyo", "Australia/Lord_Howe"]

SCHEMA = """
extends: standard
objects:
  contact:
    properties:
      plan: {type: choice, options: [free, trial, paid]}
      renewal: {type: date}
      visits: {type: number}
      tags: {type: multi_choice, options: [red, blue, green]}
topics: {news: {label: News, kind: marketing}, sales: {label: Sales, kind: one_to_one}}
"""
PROJECT = """
name: oracle
account: {time_zone: ZONE, currency: EUR}
consent: relaxed
users:
  rep: {name: Rep, email: rep@x.example, time_zone: Asia/Tokyo}
  amy: {name: Amy, email: amy@x.example}
  gone: {name: Gone, active: false}
teams: {desk: [rep, gone, amy], all: [amy, rep]}
channels: {email: {kind: maildir, path: outbox}, slack: {team: {env: TEAM}}, webhook: {erp: {env: ERP}}}
retention: {events: 4 days, outbox: 4 days}
limits: {quiet_hours: "22:00-06:00", enroll_at_once: 10000, enrollments_per_record_per_hour: 1000}
"""
TEMPLATES = """
template a { topic: sales subject: "A" body: \"\"\"A\"\"\" }
template b { topic: sales subject: "B" body: \"\"\"B\"\"\" }
template n { topic: news subject: "N" body: \"\"\"N\"\"\" }
"""
RULES = {
    "windows": """
segment fresh of contact { plan = trial and created_at within 3 days }
segment asleep of contact { created_at older than 2 days and has not acted within 2 days }
segment busy of contact { has clicked_email at least 2 times within 36 hours or has purchased within 5 hours }
segment renewing of contact { renewal within next 3 days and not in segment asleep }
segment fans of contact { any deal (won) or (in segment busy and plan = paid) }
segment shoppers of contact { has purchased(amount > 5 EUR) at least 2 times within 4 days and no deal (closed) }
segment monthly of contact { created_at older than 1 month }
workflow tag of contact { when: in segment busy  again: always  set visits = 1  wait 90 minutes  set visits = 2 }
""",
    "sequence": """
segment trials of contact { plan = trial }
sequence s "S" {
  when: in segment trials and has not purchased within 1 day and created_at older than 1 hour
  sender: contact.owner
  zone: contact
  window: 09:00-17:00
  tasks_at: 08:00
  again: after 2 days
  stop_when: any deal (won)
  goal: plan = paid
  send a
  wait 2 business days
  if has clicked_email since enrollment { send b } else { wait 5 hours }
  wait until viewed_page or downloaded up to 1 day else { notify contact.owner "quiet" }
  task call "Call" without waiting
  send a
  wait until plan = free up to 2 days else { exit "late" }
  set visits = 7
  task todo "Done?"
  send b
}
workflow paid of contact {
  when: plan becomes paid
  again: always
  unenroll from sequence s
  set lifecycle_stage = customer
}
""",
    "dynamic": """
sequence d "D" {
  when: has viewed_page within 6 hours
  sender: rep
  exclusive: false
  again: always
  grace: 1 business day
  automated { send a  wait 1 day  send b }
  rep_led when clicked_email or opened_email at least 2 times {
    task call "C" without waiting
    wait 3 hours
    send a
    wait 1 week
    send b
  }
}
workflow w of contact {
  when: purchased(amount > 3 EUR) or abandoned_cart
  only: created_at older than 2 hours
  again: after 10 hours
  suppress: has downloaded since enrollment
  window: 08:00-20:00
  webhook "erp" { plan = plan }
  wait until purchased up to 4 hours else { send n }
  wait 1 hour
  slack "team" "{{ contact.email | default: 'somebody' }} is back"
  set plan = free
}
""",
    "steps": """
static segment board of contact
segment counted of contact { visits >= 3 and in segment board }
workflow w of contact {
  when: viewed_page
  again: after 5 hours
  zone: contact
  add 1 to visits
  split { 30% short { wait 2 hours } 0% nobody { exit "nobody" } 70% long { add to segment board  wait until 12:00 } }
  match plan { free { set plan = trial } trial, paid { clear plan } else { add 2 to visits } }
  repeat up to 3 times every 90 minutes until has purchased since enrollment { add 1 to visits }
  split { 50% a { remove from segment board } 50% b { wait until friday 09:00 } }
  clear renewal
}
workflow other of contact {
  when: downloaded
  again: always
  add 5 to visits
  split { 50% a { subscribe to news because "x" } 50% b { unsubscribe from sales } }
}
workflow board_seen of contact { when: in segment board  again: always  add 1 to visits }
""",
    "values": """
segment spent of contact { sum(purchased.amount within 3 days) >= 8 EUR }
segment dear of contact { max(purchased.amount within 50 hours) > min(purchased.amount) }
segment mean of contact { avg(purchased.amount within 2 days) > 4 EUR }
segment lately of contact { last(purchased).at within 2 days or last(viewed_page).at within 1 hour }
segment gone of contact { last(purchased).at between 4 days ago and 2 days ago }
segment hours of contact { last(viewed_page).at > 30 hours ago and last(viewed_page).at <= 5 hours ago }
segment young of contact { created_at > 20 hours ago or created_at < 1 week ago }
segment due of contact { renewal between 3 days ago and 1 day ago }
segment today of contact { renewal = 2 days ago or first(purchased within 2 days).at < 1 day ago }
segment same of contact { first(purchased(amount > 3 EUR)).amount = last(purchased).amount }
segment open of contact { last(purchased within 30 hours).amount is missing and created_at <= 3 hours ago }
segment won_less of contact { count(deal (won)) < visits or count(viewed_page within 1 day) > visits }
segment clicks of contact { count(clicked_email including machines within 2 days) > count(opened_email within 2 days) }
segment again of contact { has viewed_page at least 2 times since last(purchased) }
segment quiet of contact { created_at older than 1 hour and has not viewed_page since first(downloaded within 2 days) }
segment deals of contact { any deal (any contact (last(purchased).at within 1 day)) }
segment new_deals of contact { count(deal (created_at within 20 hours)) > visits }
workflow w of contact {
  when: last(purchased).at older than 36 hours
  again: always
  if sum(purchased.amount since enrollment) > 3 EUR { set visits = 1 } else { set visits = 2 }
  wait until last(viewed_page).at > 20 hours ago up to 1 day else { set visits = 0 }
  wait 5 hours
  if max(purchased.amount since enrollment) is known { add 5 to visits }
}
""",
    "scores": """
score plain of contact { give 5 when viewed_page, at most 10 per day  take 3 when purchased  give 4 when plan = paid }
score fading of contact {
  give 8 when viewed_page
  give 3 when clicked_email, at most 6 per week
  take 2 when has not acted within 30 hours
  decay: half every 1 day
}
score mixed of contact {
  give 5.25 when viewed_page, at most 20 per month
  take 6 when purchased(amount > 3 EUR)
  give 2 when in segment bought
  give 1.5 when renewal within next 2 days
  decay: half every 2 days
  cap: 12
}
score expiring of contact { give 3 when acted, at most 9 per year  take 1 when downloaded  expire: after 2 days }
segment bought of contact { has purchased within 1 day }
segment warm of contact { score(plain) >= 9 }
segment none of contact { score(plain) is missing }
segment cold of contact { score(plain) is known and score(plain) < 4 }
segment high of contact { score(fading) > 5 or score(fading) <= -1.5 }
segment mid of contact { score(mixed) between 1.5 and 6 }
segment exact of contact { score(mixed) = 12 or score(mixed) in [-1.5, 0, 2.63] }
segment over of contact { score(fading) > visits or score(mixed) > score(fading) }
segment live of contact { score(expiring) >= 3 and not in segment warm }
segment fallen of contact { score(fading) fell by 3 within 2 days or score(mixed) fell by 2.5 within 30 hours }
segment risen of contact { score(mixed) rose by 4 within 1 day or score(plain) rose by 10 within 50 hours }
segment dropped of contact { score(plain) fell by 3 within 2 days or score(expiring) fell by 5 within 3 days }
segment deep of contact { any deal (any contact (score(fading) >= 4)) }
workflow w of contact {
  when: in segment high
  again: always
  only: score(plain) is known
  goal: score(expiring) > 8
  if score(mixed) > 3 { set visits = 2 } else { set visits = 5 }
  wait until score(fading) < 2 up to 3 days else { set visits = 9 }
  set visits = 1
}
""",
    "effects": """
segment rich of contact { count(deal (amount > 3 EUR)) >= 2 or any deal (created_at within 2 hours) }
segment mine of contact { owner = amy }
workflow make of contact {
  when: purchased
  again: always
  set visits = count(purchased within 1 day)
  create deal { name = "x" amount = last(purchased).amount } as sale
  link sale to contact
  if sale.amount > 3 EUR { add count(deal (won)) to visits }
  wait 50 minutes
  assign owner round_robin team desk
  wait until sale.created_at older than 3 hours up to 2 hours else { log note "soon"  unlink contact from sale }
  create deal { name = "y" amount = sale.amount } as second
  link contact to second
  wait until sale.created_at older than 9 hours up to 1 day else { exit "late" }
  set visits = count(deal)
}
workflow turns of contact {
  when: viewed_page
  again: after 3 hours
  wait until 12:00
  assign owner round_robin team all replace
  wait 30 minutes
  assign owner round_robin team desk
}
""",
    "clock": """
workflow daily of contact {
  when: every weekday 09:30
  only: plan = trial
  add 1 to visits
  wait 30 hours
  wait until 09:30
  set visits = 2
}
workflow yearly of contact {
  when: every year on renewal at 08:00
  only: email is known
  add 3 to visits
  if plan = free { wait until 12:00 }
}
workflow ahead of contact {
  when: at renewal - 2 business days
  only: plan is known
  zone: contact
  wait until renewal at 10:00 else { set visits = 7  exit "past" }
  add 10 to visits
}
workflow bought of contact {
  when: at last_purchase_at + 1 business day
  again: after 20 hours
  wait until last(purchased).at + 1 day else { clear plan }
  add 1 to visits
}
workflow spans of contact {
  when: every 7 hours
  only: visits >= 2
  wait until renewal - 1 day at 09:00 else { exit "none" }
  set visits = 0
  wait until renewal + 90 minutes else { exit "gone" }
  wait until last(viewed_page).at + 1 business day at 11:00 else {}
  add 5 to visits
}
workflow young of contact { when: at created_at + 5 hours  wait 1 day  set plan = paid }
""",
    "others": """
segment paying of contact { plan = paid }
workflow tell of contact {
  when: viewed_page
  again: after 5 hours
  window: 07:00-21:00
  stop_company_on: replied
  send a to every company.contact (in segment paying or has clicked_email within 2 days)
  wait 3 hours
  send n to every company.contact (visits > 1 and plan != paid)
  add 1 to visits
}
workflow busy of contact {
  when: purchased
  again: always
  goal: has received_email at least 4 times within 1 day
  add 1 to visits
  send b to every company.contact (visits > 2)
  wait until has received_email at least 2 times within 5 hours up to 2 days else { exit "quiet" }
}
""",
    "past": """
segment trial_once of contact { plan was ever trial }
segment restless of contact { plan changed within 2 days and not plan was ever paid }
segment moved of contact { plan changed or visits changed within 30 hours }
segment busy of contact { has viewed_page at least 2 times within 1 day }
segment once_busy of contact { was ever in segment busy and not in segment busy }
segment ever_busy of contact { was ever in segment busy and plan != paid }
segment worked of contact { was ever in workflow w and not in workflow w }
segment red of contact { tags contains any [red, blue] }
segment both of contact { tags contains all [red, blue] and tags was ever green }
segment named of contact { first_name matches "^[Ab]\\w+$" or email matches "p[0-4]@" }
segment fives of contact { visits was ever in [5, 7] }
segment weekly of contact { last(viewed_page).at in last week or renewal in next week }
segment monthly of contact { created_at in this month and not (renewal is known and renewal in this quarter) }
segment yearly of contact { created_at in last year or created_at in last quarter or last_purchase_at in last month }
workflow w of contact {
  when: plan changed within 1 day
  again: always
  add 5 to visits
  wait 3 hours
  clear plan
  wait 1 day
  set visits = 1
}
""",
}


@lru_cache
def program(name: str, zone: str) -> Program:
    compiled = compile_project(
        [Source("rules.segue", RULES[name] + TEMPLATES)],
        Source("schema.yaml", SCHEMA),
        Source("segue.yaml", PROJECT.replace("ZONE", zone)),
    )
    assert compiled.program is not None, [(d.code, d.message, d.help) for d in compiled.diagnostics]
    return compiled.program


def company_of(name: str) -> str | None:
    """Three of four have one, with a few others: p5 is in c1."""
    return (None, "c1", "c2", "c3")[int(name[1:]) % 4]


def history(
    rng: Random, zone: str, people: int, days: int, step: timedelta
) -> tuple[datetime, list[tuple[str, dict[str, object], datetime]], list[tuple[datetime, str, tuple[object, ...]]]]:
    """(start, people as (name, properties, created), facts as (at, kind, values)), all on the grid."""
    first = datetime(2026, rng.choice([1, 3, 4, 10, 11]), rng.randint(1, 28), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    slots = int(timedelta(days=days) / step)

    def moment() -> datetime:
        return first + step * rng.randint(1, slots - 1)

    folk, facts = [], []
    for i in range(people):
        created = first + step * rng.randint(1, slots // 2)
        props: dict[str, object] = {
            "email": f"p{i}@x.example" if rng.random() < 0.9 else None,
            "owner": rng.choice(["rep", "amy", "amy", None]),
        }
        props["plan"] = rng.choice(["free", "trial", "trial", None])
        props["time_zone"] = rng.choice([*ZONES, "America/New_York", None])
        props["renewal"] = (
            (created + timedelta(days=rng.randint(-2, 8))).date().isoformat() if rng.random() < 0.6 else None
        )
        props["tags"] = rng.choice([";red;", ";red;blue;", ";green;", None])
        props["first_name"] = rng.choice(["Ann", "bob", "Bob", "A", None])
        folk.append((f"p{i}", props, created))
        for _ in range(rng.randint(0, 14)):
            at = max(moment(), created + step)
            facts.append(_fact(rng, f"p{i}", at))
    # Two writes of one property at one instant have no order outside: keep one.
    # So do two events of one kind: which of them is the last one, their ids decide.
    unique = {(f[0], f[1], f[2][0], f[2][1]): f for f in facts}
    facts = list(unique.values())
    return first, folk, facts


def _fact(rng: Random, name: str, at: datetime) -> tuple[datetime, str, tuple[object, ...]]:
    what = rng.random()
    if what < 0.6:
        kind = rng.choice(
            [
                "clicked_email",
                "opened_email",
                "purchased",
                "purchased",
                "viewed_page",
                "viewed_page",
                "downloaded",
                "abandoned_cart",
            ]
        )
        class_ = rng.choice(["human", "human", "machine"]) if kind in ("clicked_email", "opened_email") else "human"
        return at, "event", (name, kind, {"amount": rng.choice([100, 400, 900])} if kind == "purchased" else {}, class_)
    if what < 0.68:
        return at, "event", (name, rng.choice(["replied", "bounced", "unsubscribed", "booked_meeting"]), {}, "human")
    if what < 0.72:
        return at, "set", (name, "tags", rng.choice([";red;", ";red;blue;", ";green;", None]))
    if what < 0.76:
        day = at.date() + timedelta(days=rng.randint(-1, 6))
        return at, "set", (name, "renewal", rng.choice([day.isoformat(), day.isoformat(), None]))
    if what < 0.85:
        return at, "set", (name, "plan", rng.choice(["free", "trial", "paid"]))
    return at, "deal", (name, f"{name}d{rng.randint(0, 1)}", rng.choice(["appointment", "won", "lost"]))
