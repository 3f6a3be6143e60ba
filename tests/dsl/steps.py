"""Settings, statements and lines of tests for made-up programs. As in `pieces.py`, right in syntax alone."""

from __future__ import annotations

from .pieces import CLOCKS, UNITS, Pieces, Words, flat, joined


class Steps(Pieces):
    # --- settings ---

    def setting(self, depth: int) -> Words:
        name = self.one(("when", "goal", "stop_on", "window", "subject", "設定"))
        value = self.one_of(
            lambda: self.condition(depth),
            lambda: [self.text()],
            lambda: joined([self.test(0), self.test(depth), *self.several(self.test, 0, 2)]),
            lambda: ["every", "day", "08:00 - 20:00"],
            lambda: ["every", "monday", self.one(CLOCKS)],
            lambda: ["every", "month", "on", *self.operand(0), *self.maybe(["at", self.one(CLOCKS)])],
            lambda: ["every", self.duration(), *self.maybe(["on", "day"]), *self.maybe(["at", self.one(CLOCKS)])],
            lambda: ["every", '"0 9 1 * *"'],
            lambda: ["after", self.duration()],
            lambda: ["at", *self.path(), *self.maybe(self.moved())],
            lambda: ["half", "every", self.duration()],
            lambda: ["0", "..", "10", *self.maybe(["->", *self.path()])],
            lambda: ["120", "per", self.one(UNITS)],
            lambda: [*self.path(), self.one(("ascending", "descending"))],
            lambda: ["9:00-17:00"],
        )
        return [name, ":", *value]

    def settings(self, most: int = 3) -> Words:
        return flat(self.several(self.setting, 2, most, 0))

    # --- statements ---

    def block(self, depth: int) -> Words:
        return ["{", *self.statements(depth), "}"]

    def statements(self, depth: int) -> Words:
        return flat(self.several(self.statement, depth, 3, 0))

    def statement(self, depth: int) -> Words:
        if depth > 0 and self.below(2):
            return self.either(self.branches, self.match, self.split, self.repeat, self.waiting, depth=depth - 1)
        return self.either(self.mailing, self.writing, self.telling, self.moving, self.task, depth=0)

    def branches(self, depth: int) -> Words:
        words = ["if", *self.condition(depth), *self.block(depth)]
        while self.below(3) == 2:
            words += ["else", "if", *self.condition(1), *self.block(depth)]
        return [*words, *self.other(depth)]

    def other(self, depth: int) -> Words:
        return ["else", *self.block(depth)] if self.rarely() else []

    def match(self, depth: int) -> Words:
        cases = [[*joined(self.several(lambda _: self.item(), 0, 3)), *self.block(depth)] for _ in range(self.below(3))]
        return ["match", *self.path(), "{", *flat(cases), *self.other(depth), "}"]

    def split(self, depth: int) -> Words:
        arms = [[self.one(("50%", "33.3%")), self.name(), *self.block(depth)] for _ in range(self.below(4))]
        return ["split", "{", *flat(arms), "}"]

    def repeat(self, depth: int) -> Words:
        until = ["until", *self.condition(depth)] if self.rarely() else []
        return ["repeat", "up", "to", "3", "times", "every", self.duration(), *until, *self.block(depth)]

    def waiting(self, depth: int) -> Words:
        return self.one_of(
            lambda: ["wait", self.duration()],
            lambda: ["wait", "until", *self.condition(depth), "up", "to", self.duration(), *self.other(depth)],
            lambda: ["wait", "until", *self.path(), *self.other(depth)],
            lambda: ["wait", "until", "renewal_date", "at", self.one(CLOCKS), *self.other(depth)],
            lambda: ["wait", "until", "2026-03-02", *self.other(depth)],
            lambda: ["wait", "until", *self.path(), *self.moved(), *self.other(depth)],
            lambda: ["wait", "until", "last(purchased).at", *self.moved(), "at", self.one(CLOCKS), *self.other(depth)],
            lambda: ["wait", "until", self.one(("monday 09:00", "09:00"))],
        )

    def moved(self) -> Words:
        return [self.one(("+", "-")), self.duration()]

    def mailing(self, _: int) -> Words:
        whom = self.one_of(
            list,
            lambda: ["as", "task"],
            lambda: ["to", *self.path()],
            lambda: ["to", "every", *self.path(), *self.filter(2)],
        )
        return ["send", self.name(), *whom]

    def fields(self, least: int = 0) -> Words:
        assigned = self.several(lambda _: [*self.path(), "=", *self.operand(1)], 0, 4, least)
        return ["{", *flat(assigned), "}"]

    def writing(self, _: int) -> Words:
        return self.one_of(
            lambda: ["set", *self.path(), "=", *self.operand(2)],
            lambda: ["clear", *self.path()],
            lambda: ["add", *self.operand(0), "to", *self.path()],
            lambda: ["create", self.name(), *self.fields(), *self.maybe(["as", self.name()])],
            lambda: ["link", *self.path(), "to", *self.path(), *self.maybe(["as", "firm"])],
            lambda: ["unlink", *self.path(), "from", *self.path()],
            lambda: ["assign", *self.path(), "round_robin", "team", self.name(), *self.maybe(["replace"])],
        )

    def telling(self, _: int) -> Words:
        return self.one_of(
            lambda: ["notify", *self.path(), self.text()],
            lambda: ["log", "note", self.text()],
            lambda: ["slack", '"#x"', self.text()],
            lambda: ["webhook", '"orders"', *self.fields()],
        )

    def moving(self, _: int) -> Words:
        kind = self.one(("sequence", "workflow"))
        return self.one_of(
            lambda: [self.one(("add to", "remove from")), "segment", self.name()],
            lambda: ["enroll", "in", kind, self.name()],
            lambda: ["unenroll", "from", kind, self.name()],
            lambda: ["subscribe", "to", self.name(), *self.maybe(["because", self.text()])],
            lambda: ["unsubscribe", "from", self.one(("all", self.name()))],
            lambda: ["exit", self.line()],
        )

    def task(self, _: int) -> Words:
        options = (
            ["to", *self.path()],
            ["due", "in", self.duration()],
            ["priority", "high"],
            ["without", "waiting"],
            ["as", "ring"],
        )
        return ["task", self.name(), self.text(), *flat([self.maybe(option) for option in options])]

    # --- tests ---

    def test_line(self, depth: int) -> Words:
        if depth > 0 and self.below(8) == 7:
            rows = [["(", *joined([self.item(), self.item()]), ")"] for _ in range(1 + self.below(4))]
            inner = flat(self.several(self.test_line, depth - 1, 3))
            return ["for", "each", "plan", ",", "mail", "in", "[", *joined(rows), "]", "{", *inner, "}"]
        return self.either(self.given, self.happening, self.expected)

    def given(self, _: int) -> Words:
        return self.one_of(
            lambda: ["clock", "2026-03-02 10:00", *self.maybe(["in", self.one(("Asia/Tokyo", "UTC"))])],
            lambda: ["given", "contact", "ann", *self.fields()],
            lambda: ["given", "ann", *self.occurrence(), *self.maybe([self.duration(), "ago"])],
            lambda: ["given", "ann", "linked", "to", "acme", *self.maybe(["as", "firm"])],
            lambda: ["given", "ann", "in", "segment", self.name()],
            lambda: ["given", "ann", self.one(("subscribed to", "opted out of")), self.name()],
        )

    def occurrence(self) -> Words:
        filters = self.several(lambda _: [self.name(), "=", *self.literal()], 0, 3)
        return [self.name(), *self.maybe(["(", *joined(filters), ")"])]

    def happening(self, _: int) -> Words:
        return self.one_of(
            lambda: ["ann", *self.occurrence()],
            lambda: ["ann", "enrolls", "in", self.name()],
            lambda: ["after", self.duration()],
            lambda: ["on", "task", "call", "of", "ann", self.one(("done", "skipped"))],
            lambda: ["set", "ann", ".", "plan", "=", *self.operand(0)],
            lambda: ["rep", "saves", *self.occurrence(), "for", "d", *self.maybe(["with", "ann"])],
            lambda: ["ann", self.one(("submits", "answers")), *self.occurrence(), *self.maybe(self.refused())],
            lambda: ["rep", "moves", "d", "to", self.name(), *self.maybe(self.refused())],
            lambda: ["rep", self.one(("sends", "fixes")), self.name()],
        )

    def refused(self) -> Words:
        return ["but", "is", "refused", *self.maybe(["because", self.line()])]

    def stands(self) -> Words:
        if self.below(2):
            return ["plan", "=", "paid", *self.maybe(["nps", "is", "missing"])]
        return ["score", "(", self.name(), ")", *self.one((["=", "4"], ["is", "missing"]))]

    def expected(self, _: int) -> Words:
        source = self.maybe(["from", self.name()])
        why = self.maybe(["because", self.one((self.line(), "no_reply"))])
        words = self.maybe(["contains", self.line()])
        about = self.one_of(
            lambda: ["ann", "receives", self.name(), *self.maybe(["at", "2026-03-02 10:00"]), *words, *source],
            lambda: ["ann", "does", "not", "receive", self.name(), *words, *source],
            lambda: [
                *self.maybe(["no"]),
                "task",
                "call",
                "for",
                "ann",
                *self.maybe(["assigned", "to", "rep"]),
                *self.maybe(["due", self.one(("2026-03-04", "2026-03-04 08:00"))]),
                *self.maybe(["reminded", self.one(("2026-03-04", "2026-03-04 07:30"))]),
                *self.maybe(["priority", "high"]),
                *self.maybe([*self.maybe(["contains"]), self.line()]),
                *source,
            ],
            lambda: [
                "rep",
                *self.maybe(["not"]),
                "notified",
                *self.maybe([*self.maybe(["contains"]), self.line()]),
                *source,
            ],
            lambda: ["ann", "{", *self.stands(), "}", *source],
            lambda: ["ann", *self.maybe(["not"]), "in", self.one(("segment", "sequence")), self.name()],
            lambda: ["ann", self.one(("finished", "refused", "unenrolled from")), self.name(), *why],
            *[lambda: self.effect(source)] * 3,  # of eight kinds
            lambda: ["nothing", "else"],
        )
        return ["expect", *about]

    def effect(self, source: Words) -> Words:
        said = [*self.maybe(["contains"]), self.line()]
        no = self.maybe(["no"])
        cells = ["(", *joined([[self.name(), "=", *self.literal()] for _ in range(1 + self.below(3))]), ")"]
        fields = self.maybe(["{", "plan", "=", "paid", *self.maybe(["nps", "is", "missing"]), "}"])
        return self.one_of(
            lambda: [*no, self.one(("slack", "webhook")), self.line(), *self.maybe(said), *source],
            lambda: [*no, "note", "on", "d", *self.maybe(said)],
            lambda: ["ticket", *self.maybe(["not"]), "created", *self.maybe(["as", "t"]), *fields, *source],
            lambda: ["t", *self.maybe(["not"]), "linked", "to", "acme", *self.maybe(["as", "firm"])],
            lambda: ["ann", self.one(("subscribed to", "not subscribed to", "opted out of")), self.name()],
            lambda: ["report", self.name(), self.one(("shows", "does not show")), *cells],
            lambda: ["hygiene", self.name(), self.one(("finds", "does not find")), "d"],
            lambda: ["snippet", self.line(), "for", "ann", *said],
        )
