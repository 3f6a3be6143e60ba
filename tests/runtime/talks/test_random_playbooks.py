"""Random playbooks, saved, put aside, edited and broken off at random, beside the same on paper (P3-P5, X34)."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from dsl.compile import compile_project
from dsl.source import Source
from runtime.errors import InvalidInput
from runtime.store.ids import record_id
from runtime.talks import drafts, saved_talks
from runtime.talks.opening import named, opened, reader
from runtime.talks.questions import OUTCOME, Sitting
from runtime.talks.reviewing import review
from runtime.talks.saving import Saved
from runtime.talks.sheets import Sheet, sheet
from tests.runtime.engine.disturbed import Death, Killed, dying
from tests.runtime.engine.harness import PROJECT, SCHEMA, MakeWorld
from tests.runtime.talks.conftest import REP, loaded
from tests.runtime.talks.paper import Paper, Record, RefusedOnPaperError, Said, Typed, said
from tests.runtime.talks.random_playbooks import Playbook, Stored, random_playbook

PEOPLE: dict[str, dict[str, Stored]] = {"ann": {"visits": 3, "plan": "free"}, "bob": {"tags": ";b;"}, "eve": {}}
TABLES = ("talk", "answer", "draft", "audit", "inbox")
HISTORY = "SELECT object, id, property, old, new FROM segue_property_history WHERE object <> 'note' ORDER BY at, seq"
THEIRS = (
    "SELECT count(*) FROM link_contact_note l JOIN note n ON n.bucket = l.to_bucket AND n.id = l.to_id"
    " WHERE l.id = :id AND n.body LIKE 'Call%'"
)
Called = tuple[Sitting, Record, str]  # the record and the person on the line
NAMES = {**dict.fromkeys(PEOPLE, "contact"), "d": "deal", "Acme": "company"}


class Desk:
    """The same acts in a world and on paper."""

    def __init__(self, worlds: MakeWorld, random: Random) -> None:
        self.random, self.book = random, _playbook(random)
        self.world = world = worlds(self.book.text)
        for name, values in PEOPLE.items():
            world.contact(name, **{k: ["b"] if k == "tags" else v for k, v in values.items()})
        world.deal("d", "ann", "03-02 08:00", stage="proposal", amount="12.50")
        world.link("deal", "d", "contact", "bob", "03-02 08:00").company("Acme", "ann", budget=1250)
        self.minute = 0
        held: dict[Record, dict[str, Stored]] = {("contact", name): dict(v) for name, v in PEOPLE.items()}
        held |= {("deal", "d"): {"amount": 1250}, ("company", "Acme"): {"name": "Acme", "budget": 125000}}
        self.paper = Paper(self.book, held, {"ann": "Acme"})
        self.saved: list[tuple[Saved, Said]] = []
        self.tick()

    def tick(self) -> None:
        self.minute += 1
        self.world.run_to(f"03-02 {9 + self.minute // 60:02}:{self.minute % 60:02}")
        self.paper.tick()

    def sitting(self) -> Called:
        """Somebody is called."""
        person = self.random.choice(("ann", "bob") if self.book.object == "deal" else tuple(PEOPLE))
        record = ("deal", "d") if self.book.object == "deal" else ("contact", person)
        project, session = loaded(self.world), self.world.engine.session
        contact = person if self.book.object == "deal" else None
        at = opened(session, project, named(project, "playbook", "p"), record[1], contact)
        return at, record, person

    def typed(self) -> dict[str, str]:
        """Answers to some questions, most of them right."""
        random, found = self.random, {}
        for name, ask in self.book.asks.items():
            if random.random() < 0.7:
                wrong = ask.kind.wrong and random.random() < 0.03
                found[name] = random.choice(ask.kind.wrong if wrong else [v.typed for v in ask.kind.values])
            elif random.random() < 0.1:
                found[name] = " "
        if random.random() < 0.02:
            found["qq"] = "1"
        return found

    def outcome(self) -> str | None:
        if self.random.random() < 0.05:
            return self.random.choice((None, "busy"))
        return self.random.choice(self.book.outcomes) if self.book.outcomes else None

    # --- acts -------------------------------------------------------------------------------------

    def save(
        self, called: Called, typed: Typed, outcome: str | None, kept: dict[str, Stored], draft: int | None = None
    ) -> bool:
        """The same as on paper, or refused as on paper, or broken off and nothing of it there."""
        at, record, person = called
        before, random = self.counts(), self.random
        death = Death(random.randrange(1, 60), committed=False) if random.random() < 0.4 else None
        try:
            with dying(at.session, death):
                done = saved_talks.save(loaded(self.world), at, typed, outcome, REP, draft, kept)
        except (InvalidInput, Killed) as error:
            assert self.counts() == before
            if isinstance(error, InvalidInput):
                with pytest.raises(RefusedOnPaperError):
                    self.paper.save(record, person, typed, outcome, kept)
            return False
        said_ = self.paper.save(record, person, typed, outcome, kept)
        assert {k: v for k, v in done.answers.items() if k != OUTCOME} == said_.answers
        self.saved.append((done, said_))
        return True

    def on_screen(self) -> None:
        """Filled in as a form, put aside and taken up again, looked through, then saved."""
        called = at, record, person = self.sitting()
        typed = {name: text for name, text in self.typed().items() if name in self.book.asks}
        project, outcome = loaded(self.world), self.outcome()
        id_ = drafts.put_aside(at, typed | ({OUTCOME: outcome} if outcome else {}), REP)
        taken, ended = drafts.outcome_in(drafts.draft(at.session, str(id_), REP).answers)
        assert (taken, ended) == ({k: v for k, v in typed.items() if v.strip()}, outcome)
        form = sheet(at, reader(at.session, project), taken | ({OUTCOME: ended} if ended else {}))
        texts, kept, right = self.paper.form(record, person, taken)
        assert (dict(form.typed), dict(form.kept)) == (texts, kept)
        assert right == (not any(question.wrong for question in form.questions))
        shown = self._reviewed(at, form) if not form.open else None
        ended = form.outcome or None
        if self.save(called, form.typed, ended, dict(form.kept), id_):
            done, said_ = self.saved[-1]
            assert shown == (said_.note, self._changes(done)) and drafts.drafts(at.session) == []
        drafts.drop(at.session, id_)

    def _reviewed(self, at: Sitting, form: Sheet) -> tuple[str, Counter[tuple[str, str, str]]]:
        found = review(loaded(self.world), at, form)
        return found.note, Counter((c.object, c.old, c.new) for c in found.changes)

    def _changes(self, done: Saved) -> Counter[tuple[str, str, str]]:
        """What differs from what the records hold, in words."""
        found: Counter[tuple[str, str, str]] = Counter()
        for one in done.written:
            if one.record is None:
                continue
            name = next(n for n, of in NAMES.items() if record_id(of, n) == one.record)
            old = self.paper.held[one.object, name].get(one.property)
            if old != one.value:
                found[one.object, self._said(one.property, old), self._said(one.property, one.value)] += 1
        return found

    def _said(self, name: str, value: Stored) -> str:
        ask = next(ask for ask in self.book.asks.values() if ask.kind.target and ask.kind.target[1] == name)
        return "" if value is None else said(ask, value)

    def edit(self) -> None:
        if not self.saved:
            return
        i = self.random.randrange(len(self.saved))
        done, said_ = self.saved[i]
        project, session = loaded(self.world), self.world.engine.session
        kept = saved_talks.found(session, f"{done.record_id % 256}.{done.id}")
        typed = {name: text for name, text in self.typed().items() if self.random.random() < 0.3}
        outcome, before = self.random.choice((None, self.outcome())), self.counts()
        try:
            again = saved_talks.edit(project, saved_talks.sitting_of(session, project, kept), kept, typed, outcome, REP)
        except InvalidInput:
            assert self.counts() == before
            with pytest.raises(RefusedOnPaperError):
                self.paper.edit(said_, typed, outcome)
            return
        self.paper.edit(said_, typed, outcome)
        assert ({k: v for k, v in again.answers.items() if k != OUTCOME}, again.revision) == (
            said_.answers, said_.revision,
        )  # fmt: skip
        self.saved[i] = (again, said_)

    # --- what came of it --------------------------------------------------------------------------

    def counts(self) -> list[int]:
        return [self.world.sql(f"SELECT count(*) FROM segue_{name}")[0][0] for name in TABLES]

    def agree(self) -> None:
        world, paper = self.world, self.paper
        for (of, name), values in paper.held.items():
            for property_, value in values.items():
                found = world.value(name, property_, of)
                assert (str(found) if property_ in ("renewal", "close_on") and found else found) == value
        past = {key: [(_as_text(old), _as_text(new)) for old, new in rows] for key, rows in paper.history.items()}
        assert self.past() == {key: rows for key, rows in past.items() if rows}
        assert Counter(body for (body,) in world.sql("SELECT body FROM note")) == paper.notes()
        assert Counter(title for (title,) in world.sql("SELECT title FROM segue_task")) == paper.tasks()
        revisions = Counter(n for (n,) in world.sql("SELECT revision FROM segue_talk"))
        assert revisions == Counter(n for s in paper.talks for n in range(1, s.revision + 1))
        by_person = Counter(s.person for s in paper.talks)
        assert [world.sql(THEIRS, id=record_id("contact", name))[0][0] for name in PEOPLE] == [
            by_person[name] for name in PEOPLE
        ]

    def past(self) -> dict[tuple[Record, str], list[tuple[str | None, str | None]]]:
        found: dict[tuple[Record, str], list[tuple[str | None, str | None]]] = {}
        for of, id_, property_, old, new in self.world.sql(HISTORY):
            name = next(n for n, o in NAMES.items() if o == of and record_id(of, n) == id_)
            found.setdefault(((of, name), property_), []).append((old, new))
        return found


def _as_text(value: Stored) -> str | None:
    return None if value is None else str(value)


def _playbook(random: Random) -> Playbook:
    """One that the checker lets through: it finds conditions that never hold."""
    while True:
        book = random_playbook(random)
        files = Source("rules.segue", book.text), Source("schema.yaml", SCHEMA), Source("segue.yaml", PROJECT)
        if compile_project([files[0]], *files[1:]).program is not None:
            return book


def play(worlds: MakeWorld, seed: int, acts: int = 14) -> Desk:
    random = Random(seed)
    desk = Desk(worlds, random)
    for _ in range(acts):
        match random.choice(("save", "save", "screen", "screen", "edit", "tick")):
            case "save":
                desk.save(desk.sitting(), desk.typed(), desk.outcome(), {})
            case "screen":
                desk.on_screen()
            case "edit":
                desk.edit()
            case "tick":
                desk.tick()
    desk.tick()
    desk.agree()
    return desk


def test_p3_p5_what_is_saved_is_what_stands_on_paper(worlds: MakeWorld, seeds: range) -> None:
    assert sum(len(play(worlds, seed).saved) for seed in seeds) > len(seeds)
