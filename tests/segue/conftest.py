"""A project as `segue init` makes it, and the command line called in this process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from segue.main import main


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Segue = Callable[..., Said]


@pytest.fixture
def segue(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Segue:
    """`segue("check", "--format", "json")` in an empty folder; what it said and its exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path.parent / "cache"))

    def call(*arguments: str) -> Said:
        capsys.readouterr()
        code = main(arguments)
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    return call


@pytest.fixture
def project(segue: Segue, tmp_path: Path) -> Path:
    """The starter project, its store made and its five people waiting in the inbox."""
    assert segue("init").code == 0
    assert segue("migrate").code == 0
    assert segue("import", "people.csv", "--map", "people.map.yaml", "--live").code == 0
    return tmp_path


@pytest.fixture
def ran(segue: Segue, project: Path) -> Path:
    """The same after March 2026: three trials were mailed twice each, and calls are to be made."""
    assert segue("run", "--until", "2026-04-01").code == 0
    return project
