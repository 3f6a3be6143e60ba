"""Made-up rules of one project in four languages: Segue, YAML, Python and CEL. The same seed makes the same rules.

Each definition is about 30 lines long and about contacts of the standard CRM. In turn: a segment, a sequence, a
workflow, a template that the three before send, so that names are looked up across definitions and files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

STAGES = ("subscriber", "lead", "mql", "sql", "opportunity", "customer", "evangelist")
COUNTRIES = ("de", "jp", "pl", "fr", "us", "gb", "br", "in")
SEGMENT_TESTS, TEMPLATE_PARAGRAPHS = 26, 12
ASKED = "subscribed to newsletter and subscribed to product"
SCHEMA = """\
extends: standard
topics:
  newsletter: {label: Newsletter, kind: marketing}
  product: {label: Product news, kind: marketing}
objects:
  contact:
    properties:
      plan: {type: choice, options: [free, trial, pro, team]}
      seats: {type: number}
      nps: {type: number}
      renewal_date: {type: date}
"""
SETTINGS = """\
name: generated
account: {time_zone: Europe/Warsaw, currency: EUR, calendar: poland, postal_address: "Prosta 1, Warszawa"}
calendars:
  poland: {country: PL}
users:
  mia: {email: mia@example.com, name: Mia}
limits: {quiet_hours: "21:00-08:00"}
"""


@dataclass(frozen=True, slots=True)
class Test:
    """`segue` as written there, `cel` the same for a CEL engine; `parts` for YAML and Python."""

    segue: str
    cel: str
    parts: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Step:
    what: str
    value: str
    tests: tuple[Test, ...] = ()
    then: tuple[Step, ...] = ()
    otherwise: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    kind: str
    name: str
    label: str
    settings: tuple[tuple[str, str], ...]
    tests: tuple[Test, ...]
    steps: tuple[Step, ...] = ()
    text: str = ""

    @property
    def remark(self) -> tuple[str, str]:
        """What an author writes above it."""
        return (
            f"{self.label}: kept by the {self.kind} team, agreed on with sales in the week of {len(self.name)} May.",
            f"Whoever changes {self.name} tells the owner first; the figures of last quarter come from it as it is.",
        )


def rules(count: int, seed: int = 1) -> Iterator[Rule]:
    """`count` definitions that hold together: whatever one names is declared by another."""
    dice, templates = Random(seed), -(-count // 4)
    for number in range(templates * 4):
        n = number // 4
        mails = [f"mail_{(n + i) % templates}" for i in range(3)]
        match number % 4:
            case 0:
                rule = _segment(dice, n)
            case 1:
                rule = _sequence(dice, n, mails)
            case 2:
                rule = _workflow(dice, n, mails)
            case _:
                rule = _template(dice, n)
        if number < count or rule.kind == "template":  # the last ones may send it
            yield rule


def _segment(dice: Random, n: int) -> Rule:
    label = f"{dice.choice(('Warm', 'Quiet', 'New', 'Large', 'Late'))} people {n}"
    return Rule("segment", f"group_{n}", label, (), tuple(_tests(dice, SEGMENT_TESTS)))


def _sequence(dice: Random, n: int, mails: list[str]) -> Rule:
    settings = (
        ("only", ASKED),
        ("sender", "mia"),
        ("window", "09:00-17:00"),
        ("goal", "has purchased since enrollment"),
    )
    return Rule(
        "sequence", f"reach_{n}", f"Follow-up {n}", settings, tuple(_tests(dice, 2)), tuple(_steps(dice, n, mails))
    )


def _workflow(dice: Random, n: int, mails: list[str]) -> Rule:
    settings = (
        ("only", ASKED),
        ("again", f"after {dice.randrange(7, 90)} days"),
        ("suppress", f"in segment group_{n}"),
    )
    return Rule("workflow", f"care_{n}", f"Care {n}", settings, tuple(_tests(dice, 3)), tuple(_steps(dice, n, mails)))


def _template(dice: Random, n: int) -> Rule:
    settings = (
        ("topic", dice.choice(("newsletter", "product"))),
        ("subject", f'"News {n} for {{{{ contact.full_name }}}}"'),
    )
    paragraphs = [
        f"Line {i} of {n}: {dice.choice(COUNTRIES)} has what you asked for; prices and dates are below, {i} more."
        for i in range(12)
    ]
    opened = (
        f"Hello {{{{ contact.first_name | default: 'you' }}}},\n\nwe wrote on [our page](https://shop.example/{n}).\n\n"
    )
    return Rule("template", f"mail_{n}", f"Mail {n}", settings, (), (), opened + "\n\n".join(paragraphs))


def _steps(dice: Random, n: int, mails: list[str]) -> Iterator[Step]:
    yield Step("send", mails[0])
    yield Step("wait", f"{dice.randrange(2, 9)} days")
    then = (
        Step("set", f"lifecycle_stage = {dice.choice(STAGES)}"),
        Step(
            "task",
            f'call "Ring {{{{ contact.full_name }}}} about {n}" to contact.owner due in {dice.randrange(1, 5)} days',
        ),
    )
    otherwise = (Step("wait", f"{dice.randrange(1, 12)} hours"), Step("send", mails[1]))
    yield Step("if", "", tuple(_tests(dice, 4)), then, otherwise)
    yield Step("wait", f"{dice.randrange(1, 6)} business days")
    yield Step("if", "", tuple(_tests(dice, 3)), (Step("notify", f'contact.owner "Look at group {n}"'),))
    yield Step("send", mails[2])
    yield Step("wait", f"{dice.randrange(3, 30)} days")
    yield Step("set", f"seats = {dice.randrange(1, 400)}")


def _tests(dice: Random, count: int) -> Iterator[Test]:
    """Tests of different things, so that no two exclude each other; the value of one is drawn."""
    fixed = [
        _among("plan", dice.sample(("free", "trial", "pro", "team"), 2)),
        _compared("seats", ">=", dice.randrange(1, 50)),
        _compared("nps", "<=", dice.randrange(5, 11)),
        _compared("country", "=", dice.choice(COUNTRIES)),
        _among("lifecycle_stage", dice.sample(STAGES, 3)),
        _older("created_at", dice.randrange(60, 700)),
        _happened("clicked_email", dice.randrange(2, 6), dice.randrange(7, 60)),
        _happened("viewed_page", dice.randrange(2, 9), dice.randrange(7, 60)),
        _compared("company.industry", "=", f"branch_{dice.randrange(40)}"),
        _known("phone"),
    ]
    dice.shuffle(fixed)
    yield from fixed[:count]
    for i in range(len(fixed), count):
        yield _viewed(f"/page/{dice.randrange(10_000)}/{i}", dice.randrange(7, 365))


def _compared(left: str, op: str, right: str | int) -> Test:
    quoted = f'"{right}"' if isinstance(right, str) else str(right)
    written = quoted if left in ("country", "company.industry") else str(right)
    cel = f"contact.{left} {'==' if op == '=' else op} {quoted}"
    return Test(f"{left} {op} {written}", cel, (("property", left), ("op", op), ("value", right)))


def _among(left: str, options: list[str]) -> Test:
    cel = f"contact.{left} in [{', '.join(repr(o) for o in options)}]"
    return Test(f"{left} in [{', '.join(options)}]", cel, (("property", left), ("op", "in"), ("value", tuple(options))))


def _older(left: str, days: int) -> Test:
    cel = f"now - contact.{left} > duration('{days * 24}h')"
    return Test(f"{left} older than {days} days", cel, (("property", left), ("op", "older_than"), ("days", days)))


def _known(left: str) -> Test:
    return Test(f"{left} is known", f"has(contact.{left})", (("property", left), ("op", "known")))


def _happened(event: str, times: int, days: int) -> Test:
    cel = f"contact.events.filter(e, e.kind == '{event}' && now - e.at < duration('{days * 24}h')).size() >= {times}"
    segue = f"has {event} at least {times} times within {days} days"
    return Test(segue, cel, (("event", event), ("times", times), ("days", days)))


def _viewed(path: str, days: int) -> Test:
    recent = f"now - e.at < duration('{days * 24}h')"
    cel = f"contact.events.exists(e, e.kind == 'viewed_page' && e.path == '{path}' && {recent})"
    segue = f'has viewed_page(path = "{path}") within {days} days'
    return Test(segue, cel, (("event", "viewed_page"), ("path", path), ("days", days)))
