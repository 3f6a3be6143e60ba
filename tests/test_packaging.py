"""The repository around the code: what a stranger's clone and a built wheel hold, and what a verb imports."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import resources, util
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder

ROOT = Path(__file__).parent.parent
PARTS = ("dsl", "runtime", "lsp", "segue", "tui")
LOCKS = ("requirements.lock", "requirements-dev.lock")
HEAVY = ("sqlalchemy", "textual", "alembic", "psycopg", "holidays", "mimesis", "pygls", "lsprotocol")


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE))


def imported_by(code: str) -> set[str]:
    """The top-level modules a fresh interpreter holds after `code`."""
    report = "import sys; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    ours = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    done = subprocess.run([sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, env=ours)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


# --- what is written about it --------------------------------------------------------------------


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "README.md", "docs/architecture.md"])
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    written = set(
        re.findall(r"`([\w.-]+(?:/[\w.-]*)*\.(?:py|md|lark)|(?:src|tests|docs|grammar|tui|\.ci)/[\w./-]*)`", text)
    )
    rooms = ("src", "grammar", "tests", "tui", "docs", ".ci", "playbooks", "benchmarks", "editors")
    there = [
        f"/{path.relative_to(ROOT).as_posix()}" for room in rooms for path in (ROOT / room, *(ROOT / room).rglob("*"))
    ]
    there += [f"/{path.name}" for path in ROOT.iterdir()]
    named = {name.rstrip("/") for name in written if "NAME" not in name}
    gone = {name for name in named if not any(path.endswith(f"/{name}") for path in there)}
    assert gone == set()
    for target in re.findall(r"\]\(([\w./-]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target


# --- what is imported ----------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["dsl", "segue", "segue.main", "segue.verbs.check"])
def test_what_check_needs_imports_no_database_and_no_screen(module: str) -> None:
    if not (ROOT / "src" / Path(*module.split("."))).with_suffix(".py").exists() and "." in module:
        pytest.skip(f"{module} is not written yet")
    assert imported_by(f"import {module}").isdisjoint(HEAVY)


def test_the_machine_imports_no_screen() -> None:
    assert imported_by("import runtime.engine, runtime.store, runtime.query").isdisjoint({"textual", "cyclopts"})


@pytest.mark.parametrize("part", [*PARTS, "grammar"])
def test_no_installed_package_hides_a_part_of_ours(part: str) -> None:
    spec = util.find_spec(part)
    assert spec is not None and spec.origin is not None
    assert Path(spec.origin).is_relative_to(ROOT)


# --- what is shipped -----------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_every_part_says_it_is_typed(part: str) -> None:
    assert resources.files(part).joinpath("py.typed").is_file()


def test_the_grammar_is_found_as_a_resource() -> None:
    assert "start" in resources.files("grammar").joinpath("segue.lark").read_text("utf-8")


def test_a_wheel_holds_every_source_file_the_grammar_and_the_library(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(build, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("segue-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"grammar/segue.lark", "grammar/__init__.py", *(f"{part}/py.typed" for part in PARTS)} <= names
    for room in (ROOT / "src", ROOT):
        sources = [path for part in PARTS for kind in ("*.py", "*.tcss") for path in (room / part).rglob(kind)]
        assert {path.relative_to(room).as_posix() for path in sources} <= names
    library = {path.relative_to(ROOT).as_posix() for path in (ROOT / "playbooks").rglob("*") if path.is_file()}
    assert {f"segue/{name}" for name in library} <= names
    strays = {name for name in names if name.split("/")[0] not in {*PARTS, "grammar"} and ".dist-info/" not in name}
    assert not strays
    assert any(name.endswith("/licenses/LICENSE") for name in names)


# --- locks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"(?m)^\s*(-|--(?!hash))[a-z]", text), "an option of pip beside the pins"
    assert not re.search(r"(^|\s)/\w", text), "an absolute path"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_carries_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"(?m)^(?=[\w.-]+==)", text)[1:]
    assert {entry.partition("==")[0] for entry in entries} == pins(lock).keys() and len(entries) > 20
    for entry in entries:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_test_lock_only_adds_to_the_run_time_lock() -> None:
    run, dev = (pins(lock) for lock in LOCKS)
    assert run.items() <= dev.items()


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for lock, wanted in (
        ("requirements.lock", project["project"]["dependencies"]),
        ("requirements-dev.lock", project["dependency-groups"]["dev"]),
    ):
        names = {re.split(r"[\[<>=~!; ]", line, maxsplit=1)[0].replace(".", "-") for line in wanted}
        assert names <= pins(lock).keys(), "run .ci/lock"


def test_nothing_is_installed_that_nothing_imports() -> None:
    """But for time zones, which `zoneinfo` reads where the machine has none."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = {re.split(r"[\[<>=~!; ]", line, maxsplit=1)[0] for line in project["project"]["dependencies"]}
    sources = [path for folder in ("src", "tui") for path in (ROOT / folder).rglob("*.py")]
    words = "\n".join(path.read_text("utf-8") for path in sources)
    imported = set(re.findall(r"(?m)^\s*(?:from|import) (\w+)", words))
    used = {name for module, names in packages_distributions().items() if module in imported for name in names}
    assert wanted - {name.lower() for name in used} == {"tzdata"}


# --- the launcher --------------------------------------------------------------------------------


def test_a_source_archive_has_what_its_launchers_need() -> None:
    files = {file.relative_path for file in SdistBuilder(str(ROOT)).recurse_included_files()}
    assert {"segue", "test", ".ci/environment.sh", *LOCKS} <= files


@pytest.mark.parametrize("script", ["segue", "test", ".ci/lock", ".ci/environment.sh"])
def test_scripts_are_plain_shell(script: str) -> None:
    done = subprocess.run(["sh", "-n", str(ROOT / script)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    text = (ROOT / script).read_text("utf-8")
    for bashism in ("[[", "local ", "function ", "<<<", "$'", "&>", "pipefail", "source "):
        assert bashism not in text


@pytest.mark.parametrize("script", ["segue", "test", ".ci/run", ".ci/lock"])
def test_scripts_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o111 == 0o111


def test_an_environment_without_its_stamp_is_not_taken_for_finished(tmp_path: Path) -> None:
    """A set-up killed half way leaves an interpreter without `ready-run`; a changed lock leaves an old one."""
    clone = tmp_path / "clone"
    (clone / ".venv/bin").mkdir(parents=True)
    (clone / ".venv/bin/python").symlink_to(sys.executable)
    (clone / "requirements.lock").write_text("now")
    ask = f'root={clone}; home=$root/.venv; . {ROOT}/.ci/environment.sh; is_ready run && echo ready || echo "not ready"'

    def verdict() -> str:
        return subprocess.run(["sh", "-c", ask], capture_output=True, text=True).stdout.strip()

    assert verdict() == "not ready"
    (clone / ".venv/ready-run").write_text("before")
    assert verdict() == "not ready"
    (clone / ".venv/ready-run").write_text("now")
    assert verdict() == "ready"


# --- what is written beside the code -------------------------------------------------------------


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text and "Version 2.0, January 2004" in text and "END OF TERMS AND CONDITIONS" in text


def test_every_decision_says_context_decision_why_and_consequences() -> None:
    records = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert [path.name[:4] for path in records] == [f"{n:04}" for n in range(1, len(records) + 1)]
    for path in records:
        text = path.read_text("utf-8")
        for heading in ("## Context", "## Decision", "## Why", "## Consequences"):
            assert heading in text, f"{path.name} lacks {heading}"
