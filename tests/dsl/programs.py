"""Made-up programs, right in syntax: every form of the language, in any layout, with comments anywhere.

`programs()` is the strategy for hypothesis; `made(seed)` gives the same program for the same number, and fast."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import strategies as st

from dsl.syntax.vocabulary import DECLARATIONS

from .pieces import NUMBERS, Words, flat, joined
from .steps import Steps

# What may stand between two words in a loose layout: mostly a space. In a tight one it is always a space.
_LOOSE = (" ",) * 20 + (
    "\n",
    "\n  ",
    "\n\n\n    ",
    "  ",
    "\t",
    " # a comment\n",
    "\n# その\n",
    "\n\n  # b\n\n",
    " # segue: ignore[x] y\n",
)
_CLINGING = frozenset("()[]{},.:")


class Programs(Steps):
    """Declarations of every kind."""

    def declaration(self) -> Words:
        return self.one_of(
            self.segment,
            self.sequence,
            self.workflow,
            self.score,
            self.talk,
            self.hygiene,
            self.rule_test,
            lambda: ["static", "segment", *self.head(), "of", "contact"],
            lambda: ["template", *self.head(), "{", *self.settings(), "}"],
            lambda: ["snippet", '"#suc"', *self.label(), "{", *self.settings(), "}"],
            lambda: [self.one(("broadcast", "dashboard")), *self.head(), "{", *self.settings(), "}"],
            lambda: ["report", *self.head(), "of", "ticket", "{", *self.settings(), "}"],
        )

    def label(self) -> Words:
        return self.maybe([self.line()])

    def head(self) -> Words:
        return [self.name(), *self.label()]

    def segment(self) -> Words:
        return ["segment", *self.head(), "of", "contact", "{", *self.condition(3), "}"]

    def sequence(self) -> Words:
        modes = self.one_of(
            lambda: self.statements(3),
            lambda: ["automated", *self.block(0), "rep_led", "when", *self.condition(1), *self.block(2)],
        )
        return ["sequence", *self.head(), *self.maybe(["of", "contact"]), "{", *self.settings(), *modes, "}"]

    def workflow(self) -> Words:
        return ["workflow", *self.head(), "of", "contact", "{", *self.settings(), *self.statements(4), "}"]

    def score(self) -> Words:
        rules = flat(self.several(self.score_rule, 2, 3, 0))
        return ["score", *self.head(), "of", "contact", "{", *self.settings(1), *rules, "}"]

    def score_rule(self, depth: int) -> Words:
        most = self.maybe([",", "at  most", "20", "per", "week"])
        return [self.one(("give", "take")), self.one(NUMBERS), "when", *self.condition(depth), *most]

    def hygiene(self) -> Words:
        rules = self.several(self.hygiene_rule, 2, 3, 0)
        return ["hygiene", *self.head(), "of", "contact", "{", *self.settings(1), *flat(rules), "}"]

    def hygiene_rule(self, depth: int) -> Words:
        if self.below(2):
            return ["fix", "when", *self.condition(depth), *self.block(0)]
        return ["review", "when", *self.condition(depth), self.text()]

    def talk(self) -> Words:
        kind = self.one_of(
            lambda: ["playbook", *self.head(), "for", "deal", *self.maybe(["with", "contact"])],
            lambda: ["form", *self.head(), *self.maybe(["of", "contact"])],
            lambda: ["survey", *self.head()],
        )
        items = flat(self.several(self.talk_item, 2, 4, 0))
        on = ["on", "save", *self.block(1)] if self.rarely() else []
        return [*kind, "{", *self.settings(1), *items, *on, "}"]

    def talk_item(self, depth: int) -> Words:
        if depth > 0 and self.rarely():
            inner = flat(self.several(self.talk_item, depth - 1, 3, 0))
            return ["when", *self.condition(1), "{", *inner, "}"]
        if self.rarely():
            return ["say", self.text()]
        answer = self.maybe([":", self.one(("text", "money")), *self.maybe(self.options())])
        target, required = self.maybe(["->", *self.path()]), self.maybe(["required"])
        return ["ask", self.name(), self.line(), *answer, *target, *required]

    def rule_test(self) -> Words:
        of = self.several(lambda _: [self.name()], 0, 3)
        lines = flat(self.several(self.test_line, 2, 5, 0))
        return ["test", self.line(), "of", *joined(of), "{", *lines, "}"]


def laid_out(words: Words, below: Callable[[int], int]) -> str:
    """The words of one declaration in a layout of their own."""
    if below(3) < 2:
        return " ".join(words)
    found = [words[0]]
    for word in words[1:]:
        gap = _LOOSE[below(len(_LOOSE))]
        if gap == "  " and (word in _CLINGING or found[-1] in _CLINGING):
            gap = ""
        if word in DECLARATIONS:
            gap = " "  # less far in than the block it would begin the next declaration
        found += [gap, word]
    return "".join(found)


def program(below: Callable[[int], int], most: int = 3) -> str:
    """The text of a file."""
    parts = [laid_out(Programs(below).declaration(), below) for _ in range(1 + below(most))]
    return ("\n", "\n\n", "\n# between\n", "\n\n\n# between\n\n")[below(4)].join(parts) + ("", "\n", " # end")[below(3)]


def made(seed: int, most: int = 3) -> str:
    random = Random(seed)
    return program(lambda n: int(random.random() * n), most)


@st.composite
def programs(draw: st.DrawFn, most: int = 2) -> str:
    """Shrinks to few and plain declarations."""
    return program(lambda n: draw(st.integers(0, n - 1)), most)
