"""Random surveys: who is asked, who answers what, how often and how wrongly, who is deleted or broken off meanwhile.
One answer stands for each token, nobody is asked too soon, and the figures of each month and segment are those that
plain Python counts, to the last contact (P10-P12, X9, X27)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import pytest

from runtime.errors import InvalidInput, UnknownName
from runtime.store import inbox
from runtime.store.ids import record_id
from runtime.surveys.answering import answer
from runtime.surveys.results import Result
from tests.runtime.engine.disturbed import Death, Killed, dying
from tests.runtime.engine.harness import MakeWorld
from tests.runtime.surveys.conftest import ask, told
from tests.runtime.talks.conftest import REP, loaded

RULES = """
survey nps { scale: 0..10 -> contact.visits  not_again_within: 20 days
  when answers.score <= 6 { ask reason "Why?": choice [price, help] required }
  on submit { if answers.score <= 6 { task call "Sorry about {{ answers.reason | default: 'it' }}" } }
}
survey easy { kind: ces scale: 1..7 polarity: high  not_again_within: 1 month }
survey effort { kind: ces scale: 1..6 polarity: low  ask words "What was hard?": long_text }
survey happy { kind: csat scale: 1..5 }
segment paying of contact { plan = paid }
segment trying of contact { plan = trial or visits > 5 }
"""
ZONE = ZoneInfo("Europe/Warsaw")
SCALES = {"nps": (0, 10), "easy": (1, 7), "effort": (1, 6), "happy": (1, 5)}
ACTS = ("invite", "invite", "reply", "reply", "reply", "import", "set", "delete", "tick")
PEOPLE = ("ann", "bob", "cid", "eve", "fay")


def clock(t: int) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=t)).astimezone(ZONE)


def began(survey: str, now: int) -> datetime | None:
    """Since when an answer keeps somebody from being asked."""
    there = clock(now)
    match survey:
        case "nps":
            return (there.replace(tzinfo=None) - timedelta(days=20)).replace(tzinfo=ZONE)
        case "easy":
            year, month = (there.year, there.month - 1) if there.month > 1 else (there.year - 1, 12)
            last = (datetime(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
            return there.replace(year=year, month=month, day=min(there.day, last))
    return None


def value_of(survey: str, scores: list[int]) -> Fraction | None:
    n = len(scores)
    match survey:
        case _ if not scores:
            return None
        case "nps":
            return Fraction(100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)), n)
        case "happy":
            return Fraction(100 * sum(s >= 4 for s in scores), n)
    return Fraction(sum(scores), n)


def parts_of(survey: str, scores: list[int]) -> Counter[str]:
    kinds = {
        "nps": lambda s: "promoters" if s >= 9 else "passives" if s >= 7 else "detractors",
        "happy": lambda s: "satisfied" if s >= 4 else "not_satisfied",
        "easy": lambda s: "easy" if s > 4 else "neither" if s == 4 else "hard",
        "effort": lambda s: "easy" if s <= 3 else "hard",
    }
    return Counter(kinds[survey](s) for s in scores)


@dataclass
class Asked:
    """`answer`: when it was given, in µs."""

    survey: str
    who: str
    at: int
    token: str
    answer: int | None = None


class Town:
    """The same people in a world and on paper."""

    def __init__(self, worlds: MakeWorld, random: Random) -> None:
        self.random, self.world = random, worlds(RULES)
        self.plan: dict[str, str] = {}
        self.visits: dict[str, int | None] = dict.fromkeys(PEOPLE)
        self.alive, self.leaving = set(PEOPLE), set[str]()
        self.asked: list[Asked] = []
        self.given: list[tuple[str, str, int, float]] = []  # survey, who, when, score: here and elsewhere
        self.tasks: Counter[str] = Counter()
        self.waiting: list[tuple[str, int]] = []
        self.day = 0
        for name in PEOPLE:
            self.plan[name] = random.choice(("free", "paid", "trial"))
            self.world.contact(name, at="03-02 00:00", plan=self.plan[name])
        self.tick()

    @property
    def now(self) -> int:
        return inbox.present(self.world.engine.session)

    def tick(self) -> None:
        """A while goes by: minutes, weeks, across the ends of months and the night when the clock changes."""
        self.day += self.random.choice((1, 1, 6 * 24 * 60, 12 * 24 * 60))
        at = datetime(2026, 3, 2) + timedelta(minutes=self.day)
        self.world.run_to(f"{at:%Y-%m-%d %H:%M}")
        for who, score in self.waiting:
            self.visits[who] = score
        self.waiting, self.alive, self.leaving = [], self.alive - self.leaving, set()

    # --- acts -------------------------------------------------------------------------------------

    def invite(self) -> None:
        survey, now = self.random.choice(tuple(SCALES)), self.now
        names = [n for n in self.random.choices(PEOPLE, k=3) if n in self.alive]
        since = began(survey, now)
        lately = {who for of, who, at, _ in self.given if of == survey and since is not None and clock(at) > since}
        done = ask(self.world, survey, *names)
        those = list(dict.fromkeys(names))
        assert [record_id("contact", n) for n in those if n in lately] == list(done.lately)
        asked = [n for n in those if n not in lately]
        assert [one.contact_id for one in done.invited] == [record_id("contact", n) for n in asked]
        self.asked += [Asked(survey, n, now, one.token) for n, one in zip(asked, done.invited, strict=True)]

    def reply(self) -> None:
        """By a token, once more by the same one, by none that there is; rightly, wrongly, or broken off."""
        if not self.asked:
            return
        random, one = self.random, self.random.choice(self.asked[-4:])
        score, answers = self.said(one)
        token = one.token.upper() if random.random() < 0.2 else one.token
        session, before = self.world.engine.session, self.counts()
        death = Death(random.randrange(1, 40), committed=False) if random.random() < 0.3 else None
        try:
            with dying(session, death):
                done = answer(session, loaded(self.world), token, answers, REP)
        except (InvalidInput, Killed) as error:
            assert self.counts() == before
            assert isinstance(error, Killed) or not self.right(one, score, answers), error.message
            return
        assert self.right(one, score, answers) and done.contact_id == record_id("contact", one.who)
        one.answer = self.now
        self.given.append((one.survey, one.who, one.answer, float(str(score))))
        if one.survey == "nps":
            self.waiting.append((one.who, int(str(score))))
            if int(str(score)) <= 6:
                self.tasks[one.who] += 1
        with pytest.raises(InvalidInput, match="was answered on"):
            answer(session, loaded(self.world), token, {"score": 3}, REP)
        with pytest.raises(UnknownName):
            answer(session, loaded(self.world), token[:2] + "0" * 32, {"score": 3}, REP)

    def said(self, one: Asked) -> tuple[object, dict[str, object]]:
        """A score and all that is answered with it, right more often than not."""
        random, (low, high) = self.random, SCALES[one.survey]
        score: object = random.choice((*range(low, high + 1), low - 1, high + 1, 2.5, "many", None))
        more = random.choice(({}, {}, {"reason": "price"}, {"reason": "PRICE"}, {"reason": "rain"}, {"words": "x"}))
        if random.random() < 0.6:
            score = random.randint(low, high)
            more = {"reason": "help"} if one.survey == "nps" and score <= 6 else {}
        if score is None:
            return None, more
        return score, {"score": str(score) if random.random() < 0.5 else score} | more

    def right(self, one: Asked, score: object, answers: dict[str, object]) -> bool:
        low, high = SCALES[one.survey]
        on_scale = isinstance(score, int) and low <= score <= high
        asks = {"nps": {"reason"}, "effort": {"words"}}.get(one.survey, set())
        due = one.survey == "nps" and on_scale and int(str(score)) <= 6
        reason = str(answers.get("reason", "")).lower()
        known = answers.keys() - {"score"} <= asks and (reason in ("price", "help") if due else not reason)
        return one.answer is None and one.who in self.alive and on_scale and known

    def from_elsewhere(self) -> None:
        """An import brings an answer, on the scale or off it."""
        survey, who = self.random.choice(tuple(SCALES)), self.random.choice(PEOPLE)
        if who in self.alive - self.leaving:
            score = self.random.choice((*range(SCALES[survey][0], SCALES[survey][1] + 1), 99, 2.5))
            at = self.world.now + 1
            self.world.event(who, "submitted_survey", survey=survey, score=score)
            self.tick()
            self.given.append((survey, who, at, float(score)))

    def change(self) -> None:
        who = self.random.choice(PEOPLE)
        if who in self.alive - self.leaving:
            self.plan[who] = self.random.choice(("free", "paid", "trial"))
            self.world.set(who, plan=self.plan[who])
            self.tick()

    def delete(self) -> None:
        who = self.random.choice(PEOPLE)
        if who in self.alive and len(self.alive) > 2:
            self.world._put(inbox.delete_row("contact", record_id("contact", who), at=self.world.now + 1)).deliver()
            self.leaving.add(who)

    # --- what came of it --------------------------------------------------------------------------

    def counts(self) -> list[int]:
        return [
            self.world.sql(f"SELECT count(*) FROM segue_{name}")[0][0] for name in ("talk", "answer", "audit", "inbox")
        ]

    def agree(self) -> None:
        members = {
            "paying": {n for n in self.alive if self.plan[n] == "paid"},
            "trying": {n for n in self.alive if self.plan[n] == "trial" or (self.visits[n] or 0) > 5},
        }
        for survey in SCALES:
            given = [(who, f"{clock(at):%Y-%m}", score) for of, who, at, score in self.given if of == survey]
            asked = [(one.who, f"{clock(one.at):%Y-%m}", one.answer is not None) for one in self.asked
                     if one.survey == survey]  # fmt: skip
            (whole,) = told(self.world, survey)
            same(survey, whole, [s for *_, s in given], [a for *_, a in asked])
            months = {month for _, month, _ in (*given, *asked)}
            found = told(self.world, survey, "month")
            assert [r.group for r in found] == sorted(months)
            for r in found:
                same(survey, r, [s for _, m, s in given if m == r.group], [a for _, m, a in asked if m == r.group])
            found = told(self.world, survey, "segment")
            assert [r.group for r in found] == [
                name for name, those in members.items() if those & {who for who, *_ in (*given, *asked)}
            ]
            for r in found:
                those = members[r.group]
                same(survey, r, [s for who, _, s in given if who in those], [a for who, _, a in asked if who in those])
        for who in self.alive:
            assert self.world.value(who, "visits") == self.visits[who]
            assert len(self.world.tasks(who)) == self.tasks[who]


def same(survey: str, found: Result, given: list[float], asked: list[bool]) -> None:
    low, high = SCALES[survey]
    scores = [int(s) for s in given if s == int(s) and low <= s <= high]
    figures, value = found.figures, value_of(survey, scores)
    assert (found.invited, found.responded) == (len(asked), sum(asked))
    assert found.response_rate == (sum(asked) / len(asked) if asked else None)
    assert (figures.answers, figures.off_scale) == (len(scores), len(given) - len(scores))
    assert {s: n for s, n in figures.scores.items() if n} == Counter(scores)
    assert {part: n for part, n in figures.parts.items() if n} == parts_of(survey, scores)
    assert (figures.value is None) == (value is None)
    assert value is None or abs(Fraction(figures.value) - value) < Fraction(1, 10**9)


def test_p10_p12_each_answer_counts_once_and_in_the_right_month(worlds: MakeWorld, seeds: range) -> None:
    answered = asked = 0
    for seed in seeds:
        town = Town(worlds, Random(seed))
        for _ in range(40):
            match town.random.choice(ACTS):
                case "invite":
                    town.invite()
                case "reply":
                    town.reply()
                case "import":
                    town.from_elsewhere()
                case "set":
                    town.change()
                case "delete" if town.random.random() < 0.4:
                    town.delete()
                case _:
                    town.tick()
        town.tick()
        town.agree()
        answered, asked = answered + sum(one.answer is not None for one in town.asked), asked + len(town.asked)
    assert asked > answered > len(seeds)
