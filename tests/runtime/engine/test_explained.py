"""Each condition the engine runs is shown with its SQL, and holds no parameter that it does not read."""

from __future__ import annotations

import re

import pytest

from runtime.project.explaining import explained
from runtime.project.unrun import lacking
from tests.runtime.engine.programs import program

PROGRAMS = ("windows", "steps", "values", "past")


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_every_segment_is_shown_with_its_sql(name: str, dialect: str) -> None:
    rules = program(name, "Europe/Warsaw")
    for segment in (s for s in rules.segments.values() if s.condition is not None):
        assert not list(lacking(segment))
        (query,) = explained(rules, {}, ["segment", segment.name], dialect, 1_772_700_000_000_000).queries
        assert query.sql.startswith('SELECT s.id\nFROM "contact" AS s\nWHERE ')
        assert set(re.findall(r"(?<!:):([kt][0-9]+)", query.sql)) == query.values.keys(), segment.name
