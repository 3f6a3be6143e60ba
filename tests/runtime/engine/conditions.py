"""Random conditions as authors write them, and random histories of a CRM for them (hypothesis strategies)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from dsl.compile import compile_project
from dsl.diagnostics.diagnostic import Severity
from dsl.program.definitions import Program
from dsl.source import Source
from runtime.unrun import runnable
from tests.runtime.engine.crm import MINUTE, UTC, Fact
from tests.runtime.engine.dates import Moment

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
# Zone -> local days around which something odd happens to its clock.
ZONES = {
    "UTC": ["2026-02-26", "2026-12-29"],
    "Asia/Tokyo": ["2024-02-27", "2026-03-30"],
    "America/Sao_Paulo": ["2018-11-02", "2018-02-16"],  # no midnight; midnight twice
    "Pacific/Apia": ["2011-12-28"],  # no 30 December at all
    "Australia/Lord_Howe": ["2026-04-03", "2026-10-02"],  # half an hour
    "Africa/Cairo": ["2024-04-24", "2024-10-30"],
    "Asia/Beirut": ["2026-03-27", "2026-10-23"],
}
DAYS = 7
PEOPLE, COMPANIES, DEALS = ("ann", "bob", "cid"), ("acme", "bolt"), ("d1", "d2")
NAMES = {"contact": PEOPLE, "company": COMPANIES, "deal": DEALS}
WORKFLOW = "workflow work of contact { when: manually  again: always  wait 900 days  set visits = 9 }"

HOURS = st.sampled_from(["1 hour", "3 hours", "24 hours", "30 hours", "50 hours"])
LONG = st.sampled_from(["1 day", "2 days", "3 days", "1 week", "1 month", "2 months", "1 year"])
LENGTHS = st.one_of(LONG, LONG, HOURS)
COMPARED = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
KINDS = ["purchased", "purchased", "viewed_page", "downloaded", "clicked_email", "opened_email", "acted"]
CLASSED = ("clicked_email", "opened_email")

# --- conditions -------------------------------------------------------------------------------


@st.composite
def happening(draw: st.DrawFn, of: str, word: str = "") -> str:
    """An event with its filter."""
    kind = draw(st.sampled_from(KINDS))
    if draw(st.integers(0, 2)):
        return kind
    if kind == "purchased":
        return f"purchased(amount {draw(COMPARED)} {draw(st.sampled_from([-3, 4, 5]))} EUR)"
    if kind == "viewed_page":
        return f'viewed_page(path {draw(st.sampled_from(["starts with", "contains", "=", "!="]))} "/P")'
    return kind


@st.composite
def value_test(draw: st.DrawFn) -> str:
    """A test of one value of a contact."""
    number = draw(st.integers(0, 4))
    option = draw(st.sampled_from(["free", "trial", "paid"]))
    forms = [
        f"plan = {option}", f"plan != {option}", f"plan in [{option}, paid]", f"plan not in [{option}]",
        f"plan was ever {option}", f"tags was ever {draw(st.sampled_from(['red', 'green']))}",
        f"(plan is known and not plan = {option})", "plan is missing", "vip", "(vip is known and not vip)",
        f"visits {draw(COMPARED)} {number}", f"visits between 1 and {number + 1}", f"visits was ever {number}",
        f"tags contains any [red, {draw(st.sampled_from(['blue', 'green']))}]", "tags contains all [red, blue]",
        "tags = red", f'first_name contains "{draw(st.sampled_from("anB"))}"', 'first_name matches "^[Ab]"',
        'full_name starts with "A"', "company.tier = large", 'company.name ends with "E"', "company.tier was ever small",
        "company.tier is missing", "subscribed to news", "opted out of news", "in workflow work", "was ever in workflow work",
    ]  # fmt: skip
    return draw(st.sampled_from(forms))


@st.composite
def dated(draw: st.DrawFn, value: str, instant: bool) -> str:
    """A date or an instant against now."""
    length = draw(LENGTHS if instant else LONG)
    day = f'"2026-{draw(st.integers(1, 12)):02}-{draw(st.integers(1, 28)):02}"'
    two = sorted([draw(st.integers(0, 3)), draw(st.integers(1, 40))])
    period = f"{draw(st.sampled_from(['this', 'last', 'next']))} {draw(st.sampled_from(['week', 'month', 'quarter', 'year']))}"
    forms = [
        f"{value} within {length}", f"{value} older than {length}", f"{value} within next {length}",
        f"{value} within {length}", f"{value} older than {length}", f"{value} within next {length}",
        f"{value} in {period}", f"{value} {draw(COMPARED)} {length} ago",
        f"{value} between {two[1]} days ago and {max(two[0], 1)} days ago", f"{value} >= {day.strip(chr(34))}",
    ]  # fmt: skip
    return draw(st.sampled_from(forms))


@st.composite
def eventful(draw: st.DrawFn) -> str:
    """Whether, how often and with what value events happened."""
    event, other = draw(happening("contact")), draw(happening("contact"))
    length, op = draw(LENGTHS), draw(COMPARED)
    window = draw(st.sampled_from([f" within {length}", f" within {length}", f" within {length}", ""]))
    often = draw(st.sampled_from(["", "", f" at least {draw(st.integers(2, 3))} times"]))
    machines = " including machines" if event in CLASSED and draw(st.booleans()) else ""
    amount = f"{draw(st.sampled_from([-2, 0, 4, 6]))} EUR"
    function = draw(st.sampled_from(["sum", "min", "max", "avg"]))
    end = draw(st.sampled_from(["first", "last"]))
    bought = draw(st.sampled_from(["purchased", "purchased(amount > 3 EUR)"]))
    forms = [
        f"has {event}{machines}{often}{window}", f"has not {event}{machines}{often}{window}",
        f"has never {event}", f"has {event}{often} since {end}({other})", f"has not {event} since {end}({other}{window})",
        f"count({event}{machines}{window}) {op} {draw(st.integers(0, 3))}",
        f"{function}({bought}.amount{window}) {op} {amount}", f"{function}({bought}.amount{window}) {op} {amount}",
        f"{end}({bought}{window}).amount {op} {amount}", f"{end}({event}{window}).at is missing",
        f"{end}(viewed_page{window}).path = \"/p\"", f"count({event}{window}) {op} visits",
        draw(dated(f"{end}({event}{window}).at", True)), draw(dated("last_activity_at", True)),
        f"has created within {length}",
        f"{end}({bought}).at {op} {end}({other}).at",
    ]  # fmt: skip
    return draw(st.sampled_from(forms))


@st.composite
def of_contact(draw: st.DrawFn, depth: int, segments: tuple[str, ...]) -> str:
    """A condition about a contact."""
    if depth and draw(st.integers(0, 2)) == 0:
        parts = draw(st.lists(of_contact(depth - 1, segments), min_size=2, max_size=3))
        return "(" + draw(st.sampled_from([" and ", " or "])).join(parts) + ")"
    which = draw(st.integers(0, 11))
    if which < 2:
        return draw(value_test())
    if which < 6:
        return draw(eventful())
    if which < 8:
        name, instant = draw(st.sampled_from([("created_at", True), ("renewal", False), ("seen", True)]))
        return draw(dated(name, instant))
    if which == 8:
        field = draw(st.sampled_from(["plan", "visits", "renewal", "company.tier"]))
        return f"{field} changed" + draw(st.sampled_from(["", f" within {draw(LENGTHS)}", f" within {draw(LENGTHS)}"]))
    if which == 9 and segments:
        form = draw(st.sampled_from(["in segment", "not in segment", "was ever in segment"]))
        return f"{form} {draw(st.sampled_from(segments))}"
    if which == 10:
        return "not " + draw(st.one_of(eventful(), linked()))
    return draw(linked())


@st.composite
def linked(draw: st.DrawFn) -> str:
    """Something about records linked to a contact."""
    deal = draw(of_deal())
    mates = draw(st.sampled_from(["plan = paid", draw(eventful()), draw(dated("created_at", True))]))
    forms = [
        f"{draw(st.sampled_from(['any', 'no', 'every']))} deal ({deal})", "any deal", "no deal",
        f"count(deal ({deal})) {draw(COMPARED)} {draw(st.integers(0, 2))}", f"count(deal ({deal})) {draw(COMPARED)} visits",
        draw(dated("company.until", False)), draw(dated("company.created_at", True)),
        f"any company.contact ({mates})", f"{draw(st.sampled_from(['any', 'no']))} company.deal ({deal})",
        f"any deal (any contact ({mates}))",
    ]  # fmt: skip
    return draw(st.sampled_from(forms))


@st.composite
def of_deal(draw: st.DrawFn) -> str:
    forms = [
        "won", "not closed", "stage = won", f"amount {draw(COMPARED)} 5 EUR", "amount changed within 2 days",
        draw(dated("created_at", True)), draw(dated("close_on", False)), "stage was ever appointment",
        f"won and {draw(dated('created_at', True))}", f"won or {draw(dated('close_on', False))}",
    ]  # fmt: skip
    return draw(st.sampled_from(forms))


@st.composite
def segments(draw: st.DrawFn, most: int = 6) -> tuple[str, ...]:
    """Segments, each on a line of its own; later ones may name earlier ones."""
    found: list[str] = []
    names: tuple[str, ...] = ()
    for i in range(draw(st.integers(1, most))):
        if draw(st.integers(0, 7)) == 0:
            found.append(f"segment s{i} of deal {{ {draw(of_deal())} }}")
            continue
        found.append(f"segment s{i} of contact {{ {draw(of_contact(2, names))} }}")
        names = (*names, f"s{i}")
    return tuple(found)


@lru_cache
def _compiled(rules: tuple[str, ...], zone: str) -> tuple[Program | None, frozenset[int]]:
    """The program, or the lines that are to blame that there is none."""
    compiled = compile_project(
        [Source("rules.segue", "\n".join([*rules, WORKFLOW]))],
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


# --- histories --------------------------------------------------------------------------------


@st.composite
def facts(draw: st.DrawFn, start: Moment, zone: str) -> list[Fact]:
    """What happens to a few people, companies and deals, before the start and for DAYS after it, on full hours; a part
    of it comes late, and some is known before it happens."""
    found = [*draw(beginnings(start))]
    for _ in range(draw(st.integers(4, 26))):
        found.append(draw(fact(start, zone)))
    unique: dict[object, Fact] = {}
    for f in found:  # two writes of one value at one instant have no order outside
        what = "link" if f.what == "unlink" else "enroll" if f.what == "unenroll" else "set" if f.what == "record" else f.what
        unique.setdefault((what, f.object, f.name, f.value[0] if what != "set" else None, f.at), f)
    kept = list(unique.values())
    for f in list(kept):
        if f.what == "event" and draw(st.integers(0, 9)) == 0:  # delivered again
            kept.append(Fact(f.at, f.what, f.object, f.name, f.value, f.seen + timedelta(hours=draw(st.integers(0, 30)))))
    return kept


def _hour(start: Moment, hours: int) -> Moment:
    return start + timedelta(hours=hours)


# Most of what happens lies in the days looked at; months and years reach back.
HOUR = st.one_of(
    st.integers(1, DAYS * 24 - 1), st.integers(1, DAYS * 24 - 1), st.integers(-72, 0),
    st.integers(-33 * 24, -27 * 24), st.integers(-367 * 24, -363 * 24),
)  # fmt: skip


@st.composite
def beginnings(draw: st.DrawFn, start: Moment) -> list[Fact]:
    """Each record has a beginning, some in parts."""
    found = []
    for of, names in NAMES.items():
        for name in names:
            at = _hour(start, draw(HOUR))
            seen = _seen(draw, start, at)
            value: dict[str, object] = {"name": name} if of != "contact" else {"first_name": name}
            if of == "deal":
                value |= {"pipeline": "sales", "stage": draw(st.sampled_from(["appointment", "won"]))}
            if of == "contact" and draw(st.booleans()):
                value |= {"plan": draw(st.sampled_from(["free", "trial"]))}
            found.append(Fact(at, "record", of, name, (value,), seen))
            if draw(st.integers(0, 3)) == 0 and of == "contact":
                more = {"plan": "paid", "visits": draw(st.integers(0, 3))}
                found.append(Fact(at + timedelta(hours=draw(st.integers(1, 50))), "record", of, name, (more,), seen))
    return found


def _seen(draw: st.DrawFn, start: Moment, at: Moment) -> Moment:
    """One in six is late, up to two days; some are told before they happen."""
    roll = draw(st.integers(0, 11))
    late = draw(st.sampled_from([1, 5, 20, 47])) if roll < 2 else 0
    early = draw(st.sampled_from([24, 100])) if roll == 11 else 0
    return max(start, at + timedelta(hours=late - early) - MINUTE)


@st.composite
def fact(draw: st.DrawFn, start: Moment, zone: str) -> Fact:
    at = _hour(start, draw(HOUR))
    who = draw(st.sampled_from(PEOPLE))
    seen = _seen(draw, start, at)
    what = draw(st.integers(0, 15))
    if what < 7:
        kind = draw(st.sampled_from([k for k in KINDS if k != "acted"]))
        fields: dict[str, object] = {}
        if kind == "purchased":
            fields = {"amount": draw(st.sampled_from([-300, 100, 400, 900]))}
        elif kind == "viewed_page":
            fields = {"path": draw(st.sampled_from(["/p", "/P/x", "/q"]))}
        class_ = draw(st.sampled_from(["human", "human", "machine"])) if kind in CLASSED else "human"
        return Fact(at, "event", "contact", who, (kind, 0, fields, class_), seen)
    if what < 11:
        day = (at.astimezone(ZoneInfo(zone)).date() + timedelta(days=draw(st.integers(-3, 5)))).isoformat()
        name, value = draw(
            st.sampled_from(
                [
                    ("plan", draw(st.sampled_from(["free", "trial", "paid", None]))),
                    ("visits", draw(st.integers(0, 4))),
                    ("renewal", day),
                    ("seen", _hour(at, draw(st.integers(-60, 60)))),
                    ("tags", draw(st.sampled_from([";red;", ";red;blue;", ";green;", None]))),
                    ("vip", draw(st.booleans())),
                    ("first_name", draw(st.sampled_from(["Ann", "bob", None]))),
                ]
            )
        )
        return Fact(at, "set", "contact", who, (name, value), seen)
    if what == 11:
        of, one = draw(st.sampled_from([("company", "acme"), ("company", "bolt"), ("deal", "d1"), ("deal", "d2")]))
        until = (at.astimezone(ZoneInfo(zone)).date() + timedelta(days=draw(st.integers(-3, 5)))).isoformat()
        given = {
            "company": [("tier", draw(st.sampled_from(["small", "large"]))), ("until", until)],
            "deal": [("stage", draw(st.sampled_from(["won", "lost"]))), ("amount", 600), ("close_on", until)],
        }
        return Fact(at, "set", of, one, draw(st.sampled_from(given[of])), seen)
    if what < 14:
        ends = [("contact", who, "company", COMPANIES), ("contact", who, "deal", DEALS),
                ("company", draw(st.sampled_from(COMPANIES)), "deal", DEALS),
                ("company", draw(st.sampled_from(COMPANIES)), "contact", PEOPLE)]  # fmt: skip
        of, one, association, others = draw(st.sampled_from(ends))
        cut = draw(st.integers(0, 3)) == 0
        return Fact(at, "unlink" if cut else "link", of, one, (association, draw(st.sampled_from(others))), seen)
    if what == 14:
        state = draw(st.sampled_from(["opted_in", "opted_out"]))
        return Fact(at, "consent", "contact", who, ("news", state), seen)
    command = draw(st.sampled_from(["enroll", "unenroll"]))
    at = max(at, _hour(start, 1))
    return Fact(at, command, "contact", who, (("workflow", "work"),), start)


@st.composite
def cases(draw: st.DrawFn) -> tuple[tuple[str, ...], str, Moment, list[Fact]]:
    """Segments, zone, start and facts."""
    zone = draw(st.sampled_from(list(ZONES)))
    day = date.fromisoformat(draw(st.sampled_from(ZONES[zone])))
    start = datetime(day.year, day.month, day.day, draw(st.integers(0, 23)), tzinfo=UTC)
    return draw(segments()), zone, start, draw(facts(start, zone))
