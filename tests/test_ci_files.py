"""The hooks for pre-commit and the action for GitHub: they name verbs there are, and their steps do what they say."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from segue.verbs import VERBS

ROOT = Path(__file__).parents[1]
GOOD = "segment leads of contact {\n  lifecycle_stage = lead\n}\n"
TEST = """
test "a lead" of leads {
  clock 2026-03-02 10:00
  given contact ann { lifecycle_stage = %s }
  expect ann in segment leads
}
"""
WARNED = "segment s of contact {\n  created_at is known\n}\n"


def read(name: str) -> Any:
    return YAML(typ="safe").load(ROOT / name)


@pytest.mark.parametrize("hook", read(".pre-commit-hooks.yaml"), ids=lambda h: h["id"])
def test_each_hook_runs_a_verb_on_the_files_it_is_for(hook: dict[str, Any]) -> None:
    program, verb = hook["entry"].split()
    assert program == "segue" and verb in VERBS and hook["language"] == "python"
    wanted = re.compile(hook["files"])
    assert wanted.search("rules/a.segue") and wanted.search("規則/a.segue") and not wanted.search("a.segue.txt")
    assert bool(wanted.search("shop/segue.yaml")) == (verb != "fmt") == bool(wanted.search("schema.yaml"))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "repository/my shop"
    folder.mkdir(parents=True)
    (folder / "segue.yaml").write_text("name: shop\n")
    (folder / "a.segue").write_text(GOOD)
    called = tmp_path / "bin/segue"
    called.parent.mkdir()
    called.write_text(f'#!/bin/sh\nexec "{ROOT}/segue" "$@"\n')
    called.chmod(0o755)
    return folder


def step(name: str, shop: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """A step of the action as the runner would do it: its defaults and `inputs` filled in, bash with -e."""
    action = read("action.yml")
    given = {key: str(value.get("default", "")) for key, value in action["inputs"].items()}
    given |= {key.replace("_", "-"): value for key, value in inputs.items()}
    found = next(s for s in action["runs"]["steps"] if s.get("name") == name)
    filled = {
        key: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda m: given[m[1]], value)
        for key, value in found["env"].items()
    }
    assert not any("${{" in value for value in filled.values()) and "${{" not in found["run"]  # no injected input
    place = f"{shop.parents[1] / 'bin'}:{os.environ['PATH']}"
    environment = {**os.environ, **filled, "PATH": place, "GITHUB_ACTIONS": "true"}
    run = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", found["run"]]
    return subprocess.run(run, cwd=shop.parent, env=environment, capture_output=True, text=True, check=False)


def test_the_action_annotates_and_fails_at_the_level_asked(shop: Path) -> None:
    assert step("Check", shop, project="my shop").returncode == 0
    (shop / "a.segue").write_text(WARNED)
    failed = step("Check", shop, project="my shop")
    assert failed.returncode == 1 and failed.stdout.startswith("::warning file=")
    assert step("Check", shop, project="my shop", fail_level="error").returncode == 0


def test_the_action_writes_sarif_also_where_something_is_found(shop: Path) -> None:
    (shop / "a.segue").write_text(WARNED)
    assert step("SARIF", shop, project="my shop", sarif="found.sarif").returncode == 0
    assert '"version": "2.1.0"' in (shop.parent / "found.sarif").read_text()


def test_the_action_fails_where_it_could_not_check(shop: Path) -> None:
    assert step("SARIF", shop, project="nowhere", sarif="found.sarif").returncode == 2
    assert step("Check", shop, project="nowhere").returncode == 2


def test_the_action_asks_for_the_one_layout(shop: Path) -> None:
    assert step("Layout", shop, project="my shop").returncode == 0
    (shop / "a.segue").write_text(GOOD.replace("  lifecycle", "      lifecycle"))
    assert step("Layout", shop, project="my shop").returncode == 1


def test_the_action_runs_the_rule_tests(shop: Path) -> None:
    (shop / "a.segue").write_text(GOOD + TEST % "lead")
    passed = step("Test", shop, project="my shop")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    (shop / "a.segue").write_text(GOOD + TEST % "mql")
    failed = step("Test", shop, project="my shop")
    assert failed.returncode == 1 and "::error file=" in failed.stdout
