"""A project as `segue init` makes it, and the command line called in this process."""

import json
import shutil
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


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two projects made once, copied for each test: a store with people in the inbox, and one that was run."""
    folder = tmp_path_factory.mktemp("made")
    for name in ("project", "ran"):
        root = str(folder / name)
        people, map_ = (str(folder / name / file) for file in ("people.csv", "people.map.yaml"))
        assert main(["init", root]) == main(["migrate", "--project", root]) == 0
        assert main(["import", people, "--map", map_, "--live", "--project", root]) == 0
    assert main(["run", "--until", "2026-04-01", "--project", str(folder / "ran")]) == 0
    return folder


@pytest.fixture
def project(segue: Segue, made: Path, tmp_path: Path) -> Path:
    """The starter project, its store made and its five people waiting in the inbox."""
    shutil.copytree(made / "project", tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def ran(segue: Segue, made: Path, tmp_path: Path) -> Path:
    """The same after March 2026: three trials were mailed twice each, and calls are to be made."""
    shutil.copytree(made / "ran", tmp_path, dirs_exist_ok=True)
    return tmp_path
