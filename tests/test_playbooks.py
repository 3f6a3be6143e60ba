"""Every project of the rule library checks without a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsl.compile import compile_project
from dsl.diagnostics import render_concise
from dsl.source import Source

LIBRARY = Path(__file__).parents[1] / "playbooks"


def read(path: Path) -> Source:
    return Source(path.relative_to(LIBRARY).as_posix(), path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", sorted(p.parent for p in LIBRARY.glob("*/segue.yaml")), ids=lambda p: p.name)
def test_a_project_of_the_library_is_sound(folder: Path) -> None:
    rules = [read(p) for p in sorted(folder.rglob("*.segue"))]
    compiled = compile_project(rules, read(folder / "schema.yaml"), read(folder / "segue.yaml"))
    assert [render_concise(d, compiled.sources) for d in compiled.diagnostics] == []
    assert rules and compiled.program is not None
