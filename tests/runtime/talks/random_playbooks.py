"""Random playbooks as text, and the same as plain questions: what each kind of answer is typed, kept and said as."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

Stored = str | int | float | bool | None
Test = Callable[[Stored], bool]


@dataclass(frozen=True)
class Answer:
    typed: str
    stored: Stored
    said: str


@dataclass(frozen=True)
class Kind:
    """`written` as in the rules; `target` is the property it goes to; `tests` of an answer, as text and in Python."""

    written: str
    target: tuple[str, str] | None
    values: tuple[Answer, ...]
    wrong: tuple[str, ...]
    tests: tuple[tuple[str, Test], ...] = ()


NUMBERS = (
    Answer("0", 0, "0"),
    Answer("3", 3, "3"),
    Answer("2.5", 2.5, "2.5"),
    Answer("1,200", 1200, "1,200"),
    Answer("-7", -7, "-7"),
)
MORE = ((" > 2", lambda v: v > 2), (" <= 0", lambda v: v <= 0), (" = 3", lambda v: v == 3))
PLANS = (Answer("free", "free", "free"), Answer("PAID", "paid", "paid"), Answer(" trial ", "trial", "trial"))
DAYS = (
    Answer("2026-03-31", "2026-03-31", "Mar 31, 2026"),
    Answer("2/29/28", "2028-02-29", "Feb 29, 2028"),
    Answer("2025-12-31", "2025-12-31", "Dec 31, 2025"),
)
LATER = ((" < 2026-05-01", lambda v: v < "2026-05-01"), (" = 2028-02-29", lambda v: v == "2028-02-29"))
AMOUNTS = (
    Answer("0", 0, "€0.00"),
    Answer("1,250", 125000, "€1,250.00"),
    Answer("EUR 12.5", 1250, "€12.50"),
)
WORTH = ((" >= 100 EUR", lambda v: v >= 10000), (" < 12.50 EUR", lambda v: v < 1250))
TEXTS = (
    Answer("Acme", "Acme", "Acme"),
    Answer(" ＡＣＭＥ ", "ＡＣＭＥ", "ＡＣＭＥ"),
    Answer("電話; 'x' {{y}}", "電話; 'x' {{y}}", "電話; 'x' {{y}}"),
)
LIKE = ((' contains "me"', lambda v: v in ("Acme", "ＡＣＭＥ")), (' = "acme"', lambda v: v in ("Acme", "ＡＣＭＥ")))
TAGS = (Answer("c, A", ";a;c;", "a, c"), Answer("b", ";b;", "b"), Answer("a_c、axc", ";a_c;axc;", "a_c, axc"))
YES = (Answer("yes", True, "yes"), Answer("NO", False, "no"), Answer("true", True, "yes"))
NOT_A_DAY, NOT_A_NUMBER = ("31.02.2026", "soon"), ("often", "1.2.3", "٣")

PICKS = (Answer("x", "x", "x"), Answer("Y", "y", "y"))
TRUE = ((" = true", lambda v: v is True), (" = false", lambda v: v is False))
KINDS = (
    Kind(": number", None, NUMBERS, NOT_A_NUMBER, MORE),
    Kind("", ("contact", "visits"), NUMBERS, NOT_A_NUMBER, MORE),
    Kind("", ("contact", "plan"), PLANS, ("gold", "free, paid"), ((" = paid", lambda v: v == "paid"),)),
    Kind(": choice [x, y]", None, PICKS, ("z",), ((" != x", lambda v: v != "x"),)),
    Kind("", ("contact", "renewal"), DAYS, NOT_A_DAY, LATER),
    Kind(": date", None, DAYS, NOT_A_DAY, LATER),
    Kind("", ("contact", "tags"), TAGS, ("a, z",)),
    Kind(": text", None, TEXTS, (), LIKE),
    Kind("", ("company", "name"), TEXTS, (), LIKE),
    Kind("", ("company", "budget"), AMOUNTS, ("1.234 EUR", "12 USD"), WORTH),
    Kind(": money", None, AMOUNTS, ("1.234", "much"), WORTH),
    Kind(": bool", None, YES, ("perhaps", "1.5"), TRUE),
)  # fmt: skip
DEAL = (
    Kind("", ("deal", "amount"), AMOUNTS, ("much",), WORTH),
    Kind("", ("deal", "close_on"), DAYS, NOT_A_DAY, LATER),
)
PATHS = {"contact": "contact", "company": "contact.company", "deal": "deal"}


@dataclass(frozen=True)
class Condition:
    """`of` is an answer, None: how often the person was here. `holds` is false of what is missing (X29)."""

    of: str | None
    text: str
    holds: Test


@dataclass(frozen=True)
class Ask:
    name: str
    kind: Kind
    required: bool


@dataclass(frozen=True)
class When:
    """All or any of them."""

    conditions: tuple[Condition, ...]
    any: bool
    items: tuple[Ask | When, ...]

    def holds(self, answers: dict[str, Stored], visits: Stored) -> bool:
        found = [c.holds(visits if c.of is None else answers.get(c.of)) for c in self.conditions]
        return any(found) if self.any else all(found)


@dataclass(frozen=True)
class Playbook:
    """`follows`: what `on save` asks of the answers, and the answer that its words tell."""

    object: str
    outcomes: tuple[str, ...]
    items: tuple[Ask | When, ...]
    follows: Condition
    tells: str
    asks: dict[str, Ask] = field(default_factory=dict)

    @property
    def text(self) -> str:
        person = " with contact" if self.object == "deal" else ""
        outcome = f"  outcome: {', '.join(self.outcomes)}\n" if self.outcomes else ""
        told = f"{{{{ answers.{self.tells} | default: '-' }}}}"
        return (
            f'playbook p "Call" for {self.object}{person} {{\n{outcome}{"".join(self._items(self.items))}'
            f'  on save {{ log note "Told {told}"  if {self.follows.text} {{ task todo "Held {told}" }}'
            f' else {{ task todo "Not {told}" }} }}\n}}\n'
        )

    def _items(self, items: tuple[Ask | When, ...]) -> Iterator[str]:
        for item in items:
            if isinstance(item, Ask):
                target = item.kind.target
                to = f" -> {PATHS[target[0]]}.{target[1]}" if target else ""
                yield f'  ask {item.name} "{item.name}?"{item.kind.written}{to}{" required" if item.required else ""}\n'
            else:
                held = (" or " if item.any else " and ").join(c.text for c in item.conditions)
                yield f"  when {held} {{\n{''.join(self._items(item.items))}  }}\n"


def random_playbook(random: Random) -> Playbook:
    asks: dict[str, Ask] = {}
    of = random.choice(("contact", "deal"))
    items = _items(random, of, asks, depth=2)
    outcomes = random.choice(((), ("connected", "no_answer")))
    follows = _condition(random, of, list(asks.values()))
    return Playbook(of, outcomes, items, follows, random.choice(list(asks)), asks)


def _items(random: Random, of: str, asks: dict[str, Ask], depth: int) -> tuple[Ask | When, ...]:
    items: list[Ask | When] = []
    for _ in range(random.randrange(1, 5)):
        if asks and depth and random.random() < 0.4:
            known = list(asks.values())
            conditions = tuple(_condition(random, of, [*known, None]) for _ in range(random.choice((1, 1, 2))))
            items.append(When(conditions, random.random() < 0.5, _items(random, of, asks, depth - 1)))
            continue
        kind = random.choice((*KINDS, *(DEAL * 2 if of == "deal" else ())))
        ask = Ask(f"q{len(asks)}", kind, random.random() < 0.3)
        asks[ask.name] = ask
        items.append(ask)
    return tuple(items)


def _condition(random: Random, of: str, known: list[Ask] | list[Ask | None]) -> Condition:
    ask = random.choice(known)
    if ask is None:
        visits = "contact.visits" if of == "deal" else "visits"
        words, test = random.choice(MORE)
        return Condition(None, f"{visits}{words}", lambda v: v is not None and test(v))
    if not ask.kind.tests or random.random() < 0.25:
        word, there = random.choice((("known", True), ("missing", False)))
        return Condition(ask.name, f"answers.{ask.name} is {word}", lambda v: (v is not None) == there)
    words, test = random.choice(ask.kind.tests)
    return Condition(ask.name, f"answers.{ask.name}{words}", lambda v: v is not None and test(v))
