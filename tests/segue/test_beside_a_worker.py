"""While a worker runs, a second one refuses; what people ask for goes through the inbox and reaches it."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.project import loading as projects
from runtime.service.orders import Order
from runtime.service.running import run as run_project

from .conftest import Segue
from .test_manners import PYTHON, environment

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def project(request: pytest.FixtureRequest, segue: Segue, tmp_path: Path) -> Path:
    segue("init")
    if request.param == "postgres":
        settings = (tmp_path / "segue.yaml").read_text()
        url = request.getfixturevalue("postgres_url")
        (tmp_path / "segue.yaml").write_text(settings.replace("sqlite:///crm.db", f'"{url}"'))
    assert segue("migrate").code == 0
    assert segue("import", "people.csv", "--map", "people.map.yaml").code == 0
    return tmp_path


@pytest.fixture
def worker(segue: Segue, project: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`segue run` on the real clock, after its first tick."""
    process = subprocess.Popen([*PYTHON, "run"], cwd=project, env=environment(project.parent), stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 60
        while segue("status", "--json").json["clock_at"] is None:
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_second_worker_refuses_and_commands_reach_the_first(
    segue: Segue, project: Path, worker: "subprocess.Popen[bytes]"
) -> None:
    told = segue("run", "--once")
    assert told.code == 2 and f": process {worker.pid} on " in told.err and ", since 20" in told.err
    assert "end it first, or let it do the work" in told.err
    assert segue("status", "--json").json["worker"].startswith(f"process {worker.pid} on ")
    before = segue("status", "--json").json["inbox"]
    asked = segue("enroll", "3", "trial_welcome", "--as", "mia")
    assert asked.code == 0 and "no worker runs" not in asked.err
    (project / "more.csv").write_text((project / "people.csv").read_text().replace("@example", "@other"))
    assert segue("import", "more.csv", "--map", "people.map.yaml").code == 0
    assert segue("status", "--json").json["inbox"] > before
    assert segue("enrollments", "--json").json["count"] == 0  # nobody but the worker writes enrollments
    assert worker.poll() is None


def test_after_a_killed_worker_the_next_one_takes_in_what_was_asked(
    segue: Segue, project: Path, worker: "subprocess.Popen[bytes]"
) -> None:
    assert segue("enroll", "3", "trial_welcome", "--as", "mia").code == 0
    worker.kill()
    worker.wait()
    loaded = projects.load(project)
    with projects.open_store(loaded) as store:
        later = time.time_ns() // 1000 + 120_000_000
        run_project(loaded, store, projects.open_channel(loaded), Order(once=True), now=lambda: later)
    assert segue("enrollments", "--json").json["count"] == 1
