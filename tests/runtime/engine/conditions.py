"""Random conditions of every form that the checker takes, as authors write them."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from dsl.compile import compile_project
from dsl.diagnostics.diagnostic import Severity
from dsl.program.definitions import Program
from dsl.source import Source
from runtime.project.unrun import runnable

SCHEMA = """
extends: standard
objects:
  contact:
    properties:
      plan: {type: choice, options: [free, trial, paid]}
      renewal: {type: date}
      seen: {type: datetime}
      visits: {type: number}
      vip: {type: bool}
      tags: {type: multi_choice, options: [red, blue, green]}
  company:
    properties:
      tier: {type: choice, options: [small, large]}
      until: {type: date}
topics: {news: {label: News, kind: marketing}}
"""
PROJECT = """
name: incremental
account: {time_zone: ZONE, currency: EUR}
consent: relaxed
channels: {email: {kind: maildir, path: outbox}}
"""
SCORES = """
score plain of contact { give 5 when purchased, at most 10 per week  take 3 when viewed_page  take 4 when plan = free }
score fading of contact { give 8 when purchased  give 3 when viewed_page  decay: half every 2 days }
""".strip().splitlines()
WORKFLOW = "workflow work of contact { when: manually  again: always  wait 900 days  set visits = 9 }"

HOURS = ["1 hour", "3 hours", "24 hours", "30 hours", "50 hours"]
LONG = ["1 day", "1 day", "2 days", "2 days", "3 days", "1 week", "1 month", "2 months", "1 year"]
COMPARED = ["=", "!=", "<", "<=", ">", ">="]
KINDS = ["purchased", "purchased", "viewed_page", "downloaded", "clicked_email", "opened_email", "acted"]
CLASSED = ("clicked_email", "opened_email")


def lengths(rng: Random) -> str:
    return rng.choice(LONG if rng.random() < 0.7 else HOURS)


# --- conditions -------------------------------------------------------------------------------


def happening(rng: Random) -> str:
    """An event with its filter."""
    kind = rng.choice(KINDS)
    if rng.randint(0, 2):
        return kind
    if kind == "purchased":
        return f"purchased(amount {rng.choice(COMPARED)} {rng.choice([-3, 4, 5])} EUR)"
    if kind == "viewed_page":
        return f'viewed_page(path {rng.choice(["starts with", "contains", "=", "!="])} "/P")'
    return kind


def value_test(rng: Random) -> str:
    """A test of one value of a contact."""
    number = rng.randint(0, 4)
    option = rng.choice(["free", "trial", "paid"])
    forms = [
        f"plan = {option}", f"plan != {option}", f"plan in [{option}, paid]", f"plan not in [{option}]",
        f"plan was ever {option}", f"tags was ever {rng.choice(['red', 'green'])}",
        f"(plan is known and not plan = {option})", "plan is missing", "vip", "(vip is known and not vip)",
        f"visits {rng.choice(COMPARED)} {number}", f"visits between 1 and {number + 1}", f"visits was ever {number}",
        f"tags contains any [red, {rng.choice(['blue', 'green'])}]", "tags contains all [red, blue]",
        "tags = red", f'first_name contains "{rng.choice("anB")}"', 'first_name matches "^[Ab]"',
        'full_name starts with "A"', "company.tier = large", 'company.name ends with "E"',
        "company.tier was ever small", "company.tier is missing", "subscribed to news", "subscribed to news",
        "opted out of news",
        "in workflow work", "was ever in workflow work",
    ]  # fmt: skip
    return rng.choice(forms)


def dated(rng: Random, value: str, instant: bool) -> str:
    """A date or an instant against now."""
    length = lengths(rng) if instant else rng.choice(LONG)
    day = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    near, far = sorted(rng.sample(range(1, 40), 2))
    period = f"{rng.choice(['this', 'last', 'next'])} {rng.choice(['week', 'month', 'quarter', 'year'])}"
    forms = [
        f"{value} within {length}", f"{value} older than {length}", f"{value} within next {length}",
        f"{value} within {length}", f"{value} older than {length}", f"{value} within next {length}",
        f"{value} in {period}", f"{value} {rng.choice(COMPARED)} {length} ago",
        f"{value} between {far} days ago and {near} days ago", f"{value} {rng.choice(COMPARED)} {day}",
    ]  # fmt: skip
    return rng.choice(forms)


def eventful(rng: Random) -> str:
    """Whether, how often and with what value events happened."""
    event, other = happening(rng), happening(rng)
    length, op = lengths(rng), rng.choice(COMPARED)
    window = rng.choice([f" within {length}", f" within {length}", f" within {length}", ""])
    often = rng.choice(["", "", f" at least {rng.randint(2, 3)} times"])
    machines = " including machines" if event in CLASSED and rng.random() < 0.5 else ""
    amount = f"{rng.choice([-2, 0, 4, 6])} EUR"
    function = rng.choice(["sum", "min", "max", "avg"])
    end = rng.choice(["first", "last"])
    bought = rng.choice(["purchased", "purchased(amount > 3 EUR)"])
    forms = [
        f"has {event}{machines}{often}{window}", f"has not {event}{machines}{often}{window}",
        f"has {event}{machines} at least 2 times within {length}", f"has not {event} at least 2 times within {length}",
        f"has never {event}", f"has {event}{often} since {end}({other})",
        f"has not {event} since {end}({other}{window})",
        f"count({event}{machines}{window}) {op} {rng.randint(0, 3)}",
        f"{function}({bought}.amount{window}) {op} {amount}", f"{function}({bought}.amount{window}) {op} {amount}",
        f"{end}({bought}{window}).amount {op} {amount}", f"{end}({event}{window}).at is missing",
        f"{end}(viewed_page{window}).path = \"/p\"", f"count({event}{window}) {op} visits",
        dated(rng, f"{end}({event}{window}).at", True), dated(rng, "last_activity_at", True),
        f"has created within {length}",
        f"{end}({bought}).at {op} {end}({other}).at",
    ]  # fmt: skip
    return rng.choice(forms)


def of_contact(rng: Random, depth: int, segments: tuple[str, ...]) -> str:
    """A condition about a contact."""
    if depth and rng.randint(0, 2) == 0:
        parts = [of_contact(rng, depth - 1, segments) for _ in range(rng.randint(2, 3))]
        return "(" + rng.choice([" and ", " or "]).join(parts) + ")"
    which = rng.randint(0, 11)
    if which < 2:
        return value_test(rng)
    if which < 6:
        return eventful(rng)
    if which < 8:
        name, instant = rng.choice([("created_at", True), ("renewal", False), ("seen", True)])
        return dated(rng, name, instant)
    if which == 8:
        field = rng.choice(["plan", "visits", "renewal", "company.tier"])
        return f"{field} changed" + rng.choice(["", f" within {lengths(rng)}", f" within {lengths(rng)}"])
    if which == 9 and segments:
        form = rng.choice(["in segment", "not in segment", "was ever in segment"])
        return f"{form} {rng.choice(segments)}"
    if which == 10 and rng.random() < 0.5:
        score, op = rng.choice(["plain", "fading"]), rng.choice(COMPARED)
        moved = f"{rng.choice(['fell', 'rose'])} by {rng.randint(1, 6)} within {lengths(rng)}"
        return f"score({score}) " + rng.choice([f"{op} {rng.randint(-4, 9)}", "is missing", moved])
    if which == 10:
        return "not " + (eventful(rng) if rng.random() < 0.5 else linked(rng))
    return linked(rng)


def linked(rng: Random) -> str:
    """Something about records linked to a contact."""
    deal = of_deal(rng)
    mates = rng.choice(["plan = paid", eventful(rng), dated(rng, "created_at", True)])
    forms = [
        f"{rng.choice(['any', 'no', 'every'])} deal ({deal})", "any deal", "no deal",
        f"count(deal ({deal})) {rng.choice(COMPARED)} {rng.randint(0, 2)}",
        f"count(deal ({deal})) {rng.choice(COMPARED)} visits",
        dated(rng, "company.until", False), dated(rng, "company.created_at", True),
        f"any company.contact ({mates})", f"{rng.choice(['any', 'no'])} company.deal ({deal})",
        f"any deal (any contact ({mates}))",
    ]  # fmt: skip
    return rng.choice(forms)


def of_deal(rng: Random) -> str:
    forms = [
        "won", "not closed", "stage = won", f"amount {rng.choice(COMPARED)} 5 EUR", "amount changed within 2 days",
        dated(rng, "created_at", True), dated(rng, "close_on", False), "stage was ever appointment",
        f"won and {dated(rng, 'created_at', True)}", f"won or {dated(rng, 'close_on', False)}",
    ]  # fmt: skip
    return rng.choice(forms)


def segments(rng: Random, most: int = 8) -> tuple[str, ...]:
    """Segments, each on a line of its own; later ones may name earlier ones."""
    found: list[str] = []
    names: tuple[str, ...] = ()
    for i in range(rng.randint(2, most)):
        if rng.randint(0, 7) == 0:
            found.append(f"segment s{i} of deal {{ {of_deal(rng)} }}")
            continue
        found.append(f"segment s{i} of contact {{ {of_contact(rng, 2, names)} }}")
        names = (*names, f"s{i}")
    return tuple(found)


@lru_cache
def _compiled(rules: tuple[str, ...], zone: str) -> tuple[Program | None, frozenset[int]]:
    """The program, or the lines that are to blame that there is none."""
    compiled = compile_project(
        [Source("rules.segue", "\n".join([*rules, *SCORES, WORKFLOW]))],
        Source("schema.yaml", SCHEMA),
        Source("segue.yaml", PROJECT.replace("ZONE", zone)),
    )
    if compiled.program is not None:
        return compiled.program, frozenset()
    source = compiled.sources["rules.segue"]
    errors = [d for d in compiled.diagnostics if d.severity is Severity.ERROR]
    return None, frozenset(source.position(d.label.span.start)[0] - 1 for d in errors)


def program_of(rules: tuple[str, ...], zone: str) -> Program:
    """What the checker and the engine take of the segments: it refuses what contradicts itself."""
    while True:
        program, wrong = _compiled(rules, zone)
        if program is not None:
            return runnable(program)[0]
        assert wrong and max(wrong) < len(rules), "only segments may be wrong"
        rules = tuple(rule for i, rule in enumerate(rules) if i not in wrong)
