"""Pieces of made-up programs, each a list of words: values, conditions, settings and statements of every form.

They are right in syntax alone: names mean nothing and types do not fit."""

from __future__ import annotations

from collections.abc import Callable

Words = list[str]

NAMES = (
    "plan",
    "nps",
    "amount",
    "purchased",
    "clicked_email",
    "deal",
    "休眠顧客",
    "zażółć",
    "kühl",
    "x",
    "priority",
    "times",
)
AFTER_DOT = ("name", "form", "send", "test", "ęść", "count", "at")
LINES = (
    '"x"',
    '"a \\"b\\" {{ contact.first_name }}"',
    '""',
    '"カート # no comment"',
    '"^A8\\\\s*"',
    '"https://x.example/?a=1"',
)
BLOCKS = (
    '"""one line"""',
    '"""\n    Hello\n\n      indented\n    the end  \n    """',
    '"""\n  Hello\n there"""',
    '"""first\n      second\n    """',
    '"""\n\n\n"""',
    '"""  \n\t\tかな\n\t\t"quoted" \\n\n"""',
)
NUMBERS = ("0", "1_000", "12.5", "10.50", "7", "1000000")
DURATIONS = ("1 day", "3 business days", "4 hours", "5  months", "1 year", "2 weeks", "90 minutes")
CLOCKS = ("09:00", "9:00", "23:59")
UNITS = ("day", "week", "month")


class Pieces:
    """`below(n)` gives a number from 0 to n - 1; all that is made follows from those numbers."""

    def __init__(self, below: Callable[[int], int]) -> None:
        self.below = below

    def one(self, options: tuple[str, ...] | Words) -> str:
        return options[self.below(len(options))]

    def either(self, *makers: Callable[[int], Words], depth: int = 0) -> Words:
        return makers[self.below(len(makers))](depth)

    def maybe(self, words: Words) -> Words:
        return words if self.rarely() else []

    def rarely(self) -> bool:
        return self.below(3) == 2

    def one_of(self, *makers: Callable[[], Words]) -> Words:
        return makers[self.below(len(makers))]()

    def several(self, make: Callable[[int], Words], depth: int, most: int = 3, least: int = 1) -> list[Words]:
        return [make(depth) for _ in range(least + self.below(most))]

    # --- values ---

    def name(self) -> str:
        return self.one(NAMES)

    def path(self) -> Words:
        words = [self.name()]
        while self.below(4) == 3:
            words += [".", self.one(AFTER_DOT)]
        return words

    def line(self) -> str:
        return self.one(LINES)

    def text(self) -> str:
        return self.one(BLOCKS) if self.below(3) == 2 else self.line()

    def duration(self) -> str:
        return self.one(DURATIONS)

    def literal(self) -> Words:
        kinds: tuple[Words, ...] = (
            [self.line()],
            [self.one(NUMBERS)],
            ["-", self.one(NUMBERS)],
            ["20%"],
            ["-", "2.5%"],
            ["1_000  JPY"],
            ["-", "100 USD"],
            ["2026-03-02"],
            ["2026-03-02  9:30"],
            [self.one(CLOCKS)],
            [self.duration()],
            ["true"],
            ["false"],
        )
        return kinds[self.below(len(kinds))]

    def options(self) -> Words:
        items = self.several(lambda _: self.item(), 0, 12, 0)
        return ["[", *joined([*items, [self.one(("form", "send", "task"))]] if self.rarely() else items), "]"]

    def item(self) -> Words:
        return [self.name()] if self.below(3) else self.literal()

    def function(self, depth: int) -> Words:
        arguments = self.several(lambda d: self.operand(d), depth - 1, 3)
        return [self.one(("month", "replace", "without_suffix", "trim")), "(", *joined(arguments), ")"]

    def operand(self, depth: int) -> Words:
        """A value; below `depth` 1 nothing that holds other values."""
        kind = self.below(12 if depth > 0 else 7)
        if kind < 4:
            return self.path()
        if kind < 6:
            return self.literal()
        others: tuple[Callable[[], Words], ...] = (
            lambda: [self.duration(), self.one(("ago", "from now"))],
            self.options,
            lambda: self.aggregate(depth),
            lambda: self.function(depth),
            lambda: ["count", "(", *self.path(), *self.filter(depth), ")"],
            lambda: ["score", "(", self.name(), ")"],
        )
        return others[kind - 6]()

    def filter(self, depth: int) -> Words:
        return ["(", *self.condition(depth - 1), ")"] if depth > 0 and self.below(2) else []

    def event(self, depth: int) -> Words:
        return [self.name(), *self.filter(depth)]

    def aggregate(self, depth: int) -> Words:
        of = [*self.event(depth), *self.maybe(["including", "machines"]), *self.window(depth)]
        word = self.one(("last", "first", "sum", "min", "max", "avg"))
        return [word, "(", *of, ")", *self.maybe([".", self.one(AFTER_DOT)])]

    # --- conditions ---

    def condition(self, depth: int) -> Words:
        parts = self.several(self.test, depth, 4 if depth > 1 else 2)
        return joined(parts, self.one(("and", "or")))

    def test(self, depth: int) -> Words:
        if self.below(6) == 5:
            return ["not", *self.atom(depth)]
        return self.atom(depth)

    def atom(self, depth: int) -> Words:
        return self.either(self.comparison, self.comparison, self.words_test, self.history, self.people, depth=depth)

    def comparison(self, depth: int) -> Words:
        left = self.operand(depth)
        return left + self.one_of(
            lambda: [self.one(("=", "!=", "<", "<=", ">", ">=")), *self.operand(depth)],
            lambda: [*self.maybe(["not"]), "in", *self.options()],
            lambda: [self.one(("contains", "starts  with", "ends with")), *self.operand(0)],
            lambda: ["contains", self.one(("any", "all")), *self.options()],
            lambda: ["between", *self.operand(depth), "and", *self.operand(0)],
            lambda: ["is", self.one(("missing", "known"))],
            lambda: ["becomes", *self.operand(0)],
        )

    def words_test(self, depth: int) -> Words:
        path = self.path()
        return self.one_of(
            lambda: path,
            lambda: [*path, "within", self.duration()],
            lambda: [*path, "within", "next", self.duration()],
            lambda: [*path, "older", "than", self.duration()],
            lambda: [*path, "matches", self.line()],
            lambda: [*path, "in", self.one(("this", "last", "next")), self.one(UNITS)],
            lambda: ["(", *self.condition(depth - 1), ")"] if depth > 0 else path,
        )

    def history(self, depth: int) -> Words:
        path = self.path()
        return self.one_of(
            lambda: [*path, "was", "ever", *self.literal()],
            lambda: [*path, "was", "ever", "in", *self.options()],
            lambda: ["was", "ever", "in", "segment", self.name()],
            lambda: [*path, "changed", *self.maybe(["within", self.duration()])],
            lambda: [*path, self.one(("fell", "rose")), "by", "10", *self.maybe(["within", self.duration()])],
            lambda: ["score", "(", self.name(), ")", "fell", "by", *self.operand(0)],
        )

    def people(self, depth: int) -> Words:
        return self.one_of(
            lambda: ["in", self.one(("segment", "sequence", "workflow")), self.name()],
            lambda: ["subscribed", "to", self.name()],
            lambda: ["opted", "out", "of", self.name()],
            lambda: ["has", *self.maybe([self.one(("not", "never"))]), *self.event(depth), *self.narrowing(depth)],
            lambda: [*self.event(depth), *self.counting()],
            lambda: [*self.event(depth), "since", "enrollment"],
            lambda: [self.one(("any", "no", "every")), *self.path(), *self.filter(depth)],
        )

    def counting(self) -> Words:
        times = ["at  least", self.one(NUMBERS), self.one(("times", "time"))]
        both = ["including", "machines", *times]
        return (["including", "machines"], times, both)[self.below(3)]

    def window(self, depth: int) -> Words:
        return self.one_of(
            list,
            lambda: ["within", self.duration()],
            lambda: ["since", "enrollment"],
            lambda: ["since", *self.aggregate(depth - 1)],
        )

    def narrowing(self, depth: int) -> Words:
        return [*self.maybe(self.counting()), *self.window(depth)]


def flat(parts: list[Words]) -> Words:
    return [word for part in parts for word in part]


def joined(parts: list[Words], by: str = ",") -> Words:
    found: Words = []
    for part in parts:
        found += [by, *part] if found else part
    return found
