"""The demo in small: its rules are sound, its figures follow from the seed, and it throws no one's work away."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from runtime.demo import DemoResult, run_demo
from runtime.demo.dice import Dice
from runtime.demo.make import make_project
from runtime.errors import InvalidInput
from runtime.project.loading import load


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoResult:
    return run_demo(tmp_path_factory.mktemp("demo") / "segue-demo", contacts=300, days=12)


def test_its_rules_are_sound_without_any_remark(tmp_path: Path) -> None:
    loaded = load(make_project(tmp_path / "demo"))
    assert loaded.remarks == ()
    kinds = [kind for kind, _ in loaded.program.definitions]
    assert (kinds.count("sequence"), kinds.count("workflow")) == (2, 3)
    assert len(loaded.program.segments) == 6
    dynamic = [d for d in loaded.program.definitions.values() if d.pinned.graph.rep_led is not None]
    assert len(dynamic) == 2


def test_something_of_everything_happens(demo: DemoResult) -> None:
    assert demo.counts["contacts"] <= 300
    for what in ("enrollments", "mails sent", "opened", "clicked", "purchases", "tasks done"):
        assert demo.counts[what] > 0, what
    assert demo.counts["mails sent"] == len(list((demo.folder / "outbox" / "new").iterdir()))


def test_the_same_seed_gives_the_same_figures(demo: DemoResult, tmp_path: Path) -> None:
    again = run_demo(tmp_path / "other", contacts=300, days=12)
    assert replace(again, folder=demo.folder, seconds=0, next_steps=()) == replace(demo, seconds=0, next_steps=())
    other = run_demo(tmp_path / "other", contacts=300, days=12, seed=8)
    assert other.counts != again.counts


def test_an_enrollment_is_for_an_address_and_nobody_is_mailed_after_a_hard_bounce(demo: DemoResult) -> None:
    store = sqlite3.connect(demo.folder / "crm.db")
    late = store.execute(
        "SELECT count(*) FROM segue_outbox o JOIN event_bounced b ON b.record_id = o.contact_id AND b.kind = 'hard'"
        " WHERE o.state = 'sent' AND o.settled_at > b.at"
    ).fetchone()[0]
    nowhere = store.execute("SELECT count(*) FROM segue_outbox WHERE state = 'sent' AND address IS NULL").fetchone()[0]
    store.close()
    assert (late, nowhere) == (0, 0)


def test_what_somebody_wrote_is_not_thrown_away(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "demo")
    make_project(folder)  # untouched: made anew
    (folder / "rules" / "mine.segue").write_text("static segment mine of contact\n")
    with pytest.raises(InvalidInput, match=r"mine\.segue was added"):
        make_project(folder)
    (folder / "rules" / "mine.segue").unlink()
    (folder / "segue.yaml").write_text("name: other\n")
    with pytest.raises(InvalidInput, match=r"segue\.yaml was changed"):
        make_project(folder)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "thesis.txt").write_text("two years")
    with pytest.raises(InvalidInput, match="no demo of ours"):
        make_project(tmp_path / "work")
    assert (tmp_path / "work" / "thesis.txt").exists()


def test_dice_have_no_memory() -> None:
    dice = Dice(1)
    first = dice.roll("opens", 7)
    dice.roll("clicks", 7)
    assert dice.roll("opens", 7) == first != Dice(2).roll("opens", 7)
    share = sum(dice.weighted(("a", "b"), (3, 1), n) == "a" for n in range(4000)) / 4000
    assert 0.7 < share < 0.8
    assert {dice.between(2, 4, n) for n in range(100)} == {2, 3, 4}
