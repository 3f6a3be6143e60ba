"""A sequence as it is written, with its figures beside the lines that say its steps."""

from __future__ import annotations

from pathlib import Path

from runtime.metrics import FunnelStep
from runtime.project.loading import load
from runtime.reading.written import written

SETTINGS = """\
name: Shop
account: {postal_address: "1 Road"}
"""
SCHEMA = """\
extends: standard
topics:
  offers: {label: "Offers", kind: one_to_one}
"""
RULES = """\
template hello { topic: offers  subject: "Hello"  body: "Hello" }

sequence greet "Greet" {
  when: lifecycle_stage becomes lead
  send hello   # at once
  wait 2 days
  if email is known {
    task call "Call them"
  }
  send hello
}
"""


def _step(kind: str, label: str, reached: int, old: bool = False) -> FunnelStep:
    return FunnelStep(kind, label, False, old, reached)


def test_each_step_stands_beside_its_line(tmp_path: Path) -> None:
    for name, text in (("segue.yaml", SETTINGS), ("schema.yaml", SCHEMA), ("greet.segue", RULES)):
        (tmp_path / name).write_text(text)
    funnel = [
        _step("send", "send hello", 9), _step("wait", "wait 2 days", 8), _step("task", "task call Call them", 7),
        _step("send", "send hello", 6), _step("finish", "finish", 5), _step("send", "send hello", 4, old=True),
    ]  # fmt: skip
    found = written(load(tmp_path), "sequence", "greet", funnel)
    assert found is not None and found.file == "greet.segue"
    assert [line.nr for line in found.lines] == list(range(3, 12))
    beside = {line.nr: line.step.reached for line in found.lines if line.step}
    assert beside == {5: 9, 6: 8, 8: 7, 10: 6}


def test_what_no_file_has_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "segue.yaml").write_text(SETTINGS)
    assert written(load(tmp_path), "sequence", "greet", []) is None
