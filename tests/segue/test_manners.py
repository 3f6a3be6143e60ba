"""Manners of the command line: no traceback, what goes where, what is loaded, how it stops."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from segue.main import main

from .conftest import Segue

ROOT = Path(__file__).parents[2]
PYTHON = [sys.executable, "-m", "segue"]


def environment(tmp_path: Path) -> dict[str, str]:
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return {**os.environ, "PYTHONPATH": path, "XDG_CACHE_HOME": str(tmp_path / ".cache")}


def loaded_by(tmp_path: Path, *arguments: str) -> set[str]:
    """The modules that a verb imports."""
    code = f"import sys\nfrom segue.main import main\nmain({list(arguments)!r})\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split())


HEAVY = {
    "sqlalchemy",
    "textual",
    "pydantic",
    "liquid",
    "babel",
    "lark",
    "holidays",
    "whenever",
    "ruamel.yaml",
    "mimesis",
}


def test_help_loads_nothing(tmp_path: Path) -> None:
    assert not loaded_by(tmp_path, "--help") & (HEAVY | {"cyclopts", "rich", "dsl", "runtime"})


def test_help_of_a_verb_loads_little(tmp_path: Path) -> None:
    from segue.verbs import VERBS

    for verb in VERBS:
        assert not loaded_by(tmp_path, verb, "--help") & (HEAVY | {"rich.progress", "dsl", "asyncio"}), verb


def test_check_loads_no_database_and_no_screen(segue: Segue, project: Path) -> None:
    assert not loaded_by(project, "check") & {"sqlalchemy", "sqlite3", "textual", "psycopg", "rich.progress"}


def test_the_public_api_costs_nothing() -> None:
    code = "import sys, segue\nassert not {'dsl', 'runtime', 'cyclopts'} & set(sys.modules)\nsegue.load, segue.Store"
    subprocess.run([sys.executable, "-c", code], env=environment(Path("/tmp")), check=True)


def test_a_bug_is_told_without_a_traceback(segue: Segue, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("runtime.service.standing.standing", fails)
    told = segue("status")
    assert told.code == 70 and told.out == "" and "Traceback" not in told.err
    kept = Path(told.err.split("the details are in ")[1].split(";")[0])
    text = kept.read_text()
    kept.unlink()
    assert "segue status" in text and "ZeroDivisionError: by nought" in text


def test_ctrl_c(segue: Segue, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("runtime.service.standing.standing", stopped)
    told = segue("status")
    assert told.code == 130 and told.err == "\nsegue: stopped; nothing is lost\n"


def test_a_full_disk(segue: Segue, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "crm.db")

    monkeypatch.setattr("runtime.service.standing.standing", full)
    told = segue("status")
    assert (
        told.code == 2
        and told.err == "segue: crm.db: No space left on device\n  the disk is full; free some space, then run again\n"
    )


def test_a_store_that_cannot_grow(segue: Segue, project: Path) -> None:
    """The file system refuses: what is there stays as it was, and the run goes on when there is room again."""
    limited = (
        "import resource, sys\nfrom segue.main import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "sys.exit(main(['run', '--until', '2026-04-01']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited], cwd=project, env=environment(project.parent), capture_output=True, text=True
    )
    assert done.returncode == 2 and "Traceback" not in done.stderr and "disk" in done.stderr, done.stderr
    assert segue("run", "--until", "2026-04-01", "--json").json["total"]["sent"] == 6


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_worker_stops_at_a_signal(segue: Segue, project: Path, number: signal.Signals, code: int) -> None:
    if signal.getsignal(number) == signal.SIG_IGN:  # a script's `&` starts us so, and the worker would ignore it too
        signal.signal(number, signal.default_int_handler)
    worker = subprocess.Popen(
        [*PYTHON, "run"], cwd=project, env=environment(project.parent), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while segue("status", "--json").json["clock_at"] is None and time.monotonic() < deadline:
            time.sleep(0.2)
        assert segue("status", "--json").json["worker"].startswith(_worker(worker.pid))
        worker.send_signal(number)
        out, err = worker.communicate(timeout=60)
    finally:
        worker.kill()
    assert worker.returncode == code and "stopped; nothing is lost" in err and "Traceback" not in err + out
    assert '"why": "a signal", "event": "worker ended"' in err
    assert segue("status", "--json").json["worker"] is None


def _worker(pid: int) -> str:
    import socket

    return f"process {pid} on {socket.gethostname()}, since 20"


def test_a_killed_worker_leaves_no_lock(segue: Segue, project: Path) -> None:
    worker = subprocess.Popen([*PYTHON, "run"], cwd=project, env=environment(project.parent), stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while segue("status", "--json").json["worker"] is None and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        worker.kill()
        worker.wait()
    assert segue("run", "--once").code == 0


def test_a_reader_that_goes_away(project: Path) -> None:
    shell = f"{sys.executable} -m segue enrollments --json | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", shell], cwd=project, env=environment(project.parent), capture_output=True, text=True
    )
    assert done.stderr == "" and done.stdout.strip() in ("0", "141")


def test_a_reader_of_both_streams_that_goes_away(project: Path) -> None:
    shell = f"{sys.executable} -m segue explain segment nobody 2>&1 | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", shell], cwd=project, env=environment(project.parent), capture_output=True, text=True
    )
    assert done.stderr == "" and done.stdout.strip() in ("2", "141")


def test_stdout_is_data(segue: Segue, project: Path) -> None:
    """Every verb that prints facts prints JSON and nothing else with `--json`."""
    runs = ["plan --until +30days", "run --until 2026-04-01", "segments", "segments new_trials", "enrollments", "tasks"]
    runs += ["report", "report trial_welcome", "why 1 trial_welcome", "status", "migrate"]
    for line in runs:
        told = segue(*line.split(" "), "--json")
        assert told.code == 0, told.err
        json.loads(told.out)


def test_names_in_any_script_on_any_terminal(segue: Segue, ran: Path) -> None:
    env = {**environment(ran.parent), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*PYTHON, "enrollments"], cwd=ran, env=env, capture_output=True)
    assert done.returncode == 0 and b"\\u82f1" in done.stdout


def test_main_takes_arguments_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["segue", "--version"])
    assert main() == 0 and capsys.readouterr().out.startswith("segue ")


def test_tui_opens_on_the_projects_store(segue: Segue, ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr("tui.app.run", lambda *arguments: opened.extend(arguments))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert segue("tui", "--as", "mia").code == 0
    assert opened[2:4] == ["Europe/Berlin", "mia"]


def test_demo(segue: Segue, tmp_path: Path) -> None:
    told = segue("demo", "shop", "--contacts", "60", "--days", "3")
    assert told.code == 0 and "contacts" in told.out and "Type next:" in told.err
    assert segue("report", "--project", "shop", "--json").code == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/novel.txt").write_text("It was a dark night")
    assert segue("demo", "mine").code == 2


def test_tui_wants_a_terminal(segue: Segue, project: Path) -> None:
    told = segue("tui")
    assert told.code == 2 and "needs a terminal" in told.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("enrollments", "--limit", "-1"),
        ("segments", "--limit", "-1"),
        ("tasks", "--limit", "-1"),
        ("plan", "--most", "-1"),
        ("demo", "x", "--contacts", "0"),
        ("demo", "x", "--days", "-2"),
    ],
)
def test_a_number_that_cannot_be(segue: Segue, ran: Path, arguments: tuple[str, ...]) -> None:
    told = segue(*arguments)
    assert (told.code, told.out) == (2, "") and "or more" in told.err and not (ran / "x").exists()


def test_tasks_of_nobody(segue: Segue, ran: Path) -> None:
    told = segue("tasks", "--of", "mai")
    assert told.code == 2 and "there is no user `mai`" in told.err and "did you mean `mia`?" in told.err


def test_check_takes_json_as_every_verb(segue: Segue, ran: Path) -> None:
    assert segue("check", "--json").json == segue("check", "--format", "json").json
