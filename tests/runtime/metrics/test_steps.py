"""In which order the steps of a definition stand in its funnel and among its ways."""

from __future__ import annotations

import pytest

from runtime.metrics.steps import steps
from tests.runtime.engine.harness import compiled

TASKS = ("one", "two", "three", "four")


@pytest.mark.parametrize(
    "body",
    [
        'if country = "PL" { task call "one" } else { task call "two" } task call "three" task call "four"',
        'wait until replied up to 4 hours else { task call "one" task call "two" } wait 2 days'
        ' task call "three" task call "four"',
        'if country = "PL" { if score(fit) > 2 { task call "one" } else { task call "two" } }'
        ' else { task call "three" } task call "four"',
        'split { 50% half { task call "one" task call "two" } 50% rest { task call "three" } } task call "four"',
    ],
)
def test_where_two_ways_meet_both_stand_before_what_follows(body: str) -> None:
    """The second way was listed behind all that comes after it."""
    rules = (
        f"score fit of contact {{ give 5 when country is known }} workflow w of contact {{ when: purchased {body} }}"
    )
    pinned = compiled(rules).definitions["workflow", "w"].pinned
    assert [step.label.split()[-1] for step in steps(pinned) if step.kind == "task"] == list(TASKS)
