"""What CONTRIBUTING and the architecture tell people to open is there."""

from __future__ import annotations

import re

import pytest

from .pages import ROOT, text_of

_PATH = re.compile(r"`((?:src|tui|tests|docs|grammar|editors|playbooks|benchmarks)/[\w./*-]+)`")
_MADE_UP = ("NAME", "CATEGORY")  # what a reader puts there


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "README.md", "docs/architecture.md", "benchmarks/README.md"])
def test_every_file_and_folder_it_names_is_there(page: str) -> None:
    named = [path for path in _PATH.findall(text_of(page)) if not any(part in path for part in _MADE_UP)]
    assert named and [path for path in named if not list(ROOT.glob(path.rstrip("/")))] == []


def test_files_named_beside_a_path_are_in_its_folder() -> None:
    """`src/dsl/syntax/node_tests.py`, `build_tests.py`: the second is beside the first, or in a folder of its step."""
    lost = []
    for step in re.split(r"\n(?=\d\. |### )", text_of("CONTRIBUTING.md")):
        folders = {path.rpartition("/")[0] for path in _PATH.findall(step)}
        for name in re.findall(r"`(\w+\.py)`", step):
            if folders and not any(list((ROOT / folder).rglob(name)) for folder in folders):
                lost.append((name, step[:60]))
    assert lost == []
