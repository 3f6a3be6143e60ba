"""Pipelines of every kind and cards in them, on paper: who may go where, what a tick makes of what was asked (P8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

# name: stages (c: closed, w: won), create_in, skip, back
Pipe = tuple[tuple[tuple[str, str], ...], tuple[str, ...], bool, bool]
OPEN3 = (("new", ""), ("open", ""), ("late", ""))
PIPES: dict[str, dict[str, Pipe]] = {
    "ticket": {
        "free": ((*OPEN3, ("done", "c")), (), True, True),
        "strict": ((*OPEN3, ("done", "c"), ("spam", "c")), ("new", "open"), False, False),
        "forward": ((("idea", ""), ("dropped", "c"), *OPEN3, ("done", "c")), ("idea",), True, False),
        "steps": ((*OPEN3, ("done", "c"), ("filed", "")), (), False, True),
        "endless": (OPEN3, ("open",), False, True),
    },
    "deal": {
        "sales": ((*OPEN3, ("won", "cw"), ("lost", "c")), (), False, False),
        "again": ((("new", ""), ("lost", "c"), ("open", ""), ("won", "cw")), ("new",), False, True),
    },
}


def _schema() -> str:
    lines = ["extends: standard", "objects:", "  ticket:", "    properties: {closed_at: {type: datetime}}"]
    lines += ["    associations:", "      company: {to: company, inverse: ticket, many: true, required: warning}"]
    lines += ["      deal: {to: deal, inverse: ticket, many: true, required: error}"]
    lines += ["  deal: {properties: {closed_at: {type: date}}}", "pipelines:"]
    for of, pipes in PIPES.items():
        lines.append(f"  {of}:")
        for name, (stages, create_in, skip, back) in pipes.items():
            each = ", ".join(
                f"{{name: {s}, closed: {str('c' in how).lower()}, won: {str('w' in how).lower()}}}" for s, how in stages
            )
            begin = f"create_in: [{', '.join(create_in)}], " if create_in else ""
            rules = f"{{{begin}skip: {str(skip).lower()}, back: {str(back).lower()}}}"
            lines += [f"    {name}:", f"      stages: [{each}]", f"      rules: {rules}"]
    return "\n".join(lines)


SCHEMA = _schema()


# --- the rules, read plainly ----------------------------------------------------------------------


def may(pipe: Pipe, here: str | None, to: str) -> bool:
    stages, _, skip, back = pipe
    names = [name for name, _ in stages]
    if to not in names or to == here:
        return False
    if here not in names:
        return True
    i, j = names.index(here), names.index(to)
    if j < i:
        return back
    loses = stages[j][1] == "c" and any("w" in how for _, how in stages)
    return skip or loses or all("c" in how for _, how in stages[i + 1 : j])


@dataclass
class Card:
    """`asked`: where it stands with all that waits; `seen`: the stage somebody saw a while ago."""

    pipe: str
    stage: str | None
    owner: str | None
    closed_at: str | None = None
    asked: str | None = None
    own: str | None = None
    seen: str | None = None


@dataclass
class Paper:
    of: str
    cards: dict[str, Card] = field(default_factory=dict)
    waiting: list[Callable[[str], None]] = field(default_factory=list)
    lost: Counter[tuple[str, str, str | None, str, str | None]] = field(default_factory=Counter)

    def pipe(self, name: str) -> Pipe:
        return PIPES[self.of][self.cards[name].pipe]

    def closed(self, name: str, stage: str | None) -> bool:
        return "c" in dict(self.pipe(name)[0]).get(stage or "", "")

    def move(self, name: str, decided_on: str | None, to: str, by: str) -> None:
        """It is asked for; the tick makes it so if the card still stands there."""
        card = self.cards[name]
        if card.asked == decided_on:
            card.asked = to

        def done(at: str) -> None:
            if card.stage != decided_on:
                self.lost[name, by, decided_on, to, card.stage] += 1
                return
            if self.closed(name, card.stage) != self.closed(name, to):
                card.closed_at = at if self.closed(name, to) else None
            card.stage = to

        self.waiting.append(done)

    def said(self, name: str, stage: str) -> None:
        """An import says where it stands."""
        card = self.cards[name]
        card.asked = stage

        def done(at: str) -> None:
            card.stage = stage

        self.waiting.append(done)

    def tick(self, at: str) -> None:
        for done in self.waiting:
            done(at)
        self.waiting = []
        for card in self.cards.values():
            card.asked, card.owner = card.stage, card.own
