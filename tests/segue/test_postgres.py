"""The same verbs on PostgreSQL."""

from pathlib import Path

import pytest

from runtime import project as projects
from runtime.worker import only_worker

from .conftest import Segue

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def project(segue: Segue, tmp_path: Path, postgres_url: str) -> Path:
    segue("init")
    settings = (tmp_path / "segue.yaml").read_text()
    (tmp_path / "segue.yaml").write_text(settings.replace("sqlite:///crm.db", f'"{postgres_url}"'))
    assert segue("migrate").code == 0
    assert segue("import", "people.csv", "--map", "people.map.yaml", "--live").code == 0
    return tmp_path


def test_from_import_to_report(segue: Segue, project: Path) -> None:
    done = segue("run", "--until", "2026-03-10", "--json")
    assert done.code == 0, done.err
    assert done.json["total"]["entered"] == 3
    assert segue("segments", "--json").json[0]["members"] == 3
    assert segue("enrollments", "--contact", "ann@example.net", "--json").json["count"] == 1
    assert segue("enroll", "3", "trial_welcome", "--as", "mia").code == 0
    assert segue("run", "--until", "2026-04-01", "--json").json["total"]["entered"] == 1
    assert segue("tasks", "--json").json["count"] == 4
    assert segue("report", "trial_welcome", "--json").json["total"]["enrolled"] == 4
    assert segue("why", "ann@example.net", "trial_welcome", "--json").json["summary"].startswith("waiting task")
    assert segue("status", "--json").json["outbox"] == {"sent": 8}


def test_plan_is_not_there_yet(segue: Segue, project: Path) -> None:
    told = segue("plan")
    assert told.code == 2 and "PostgreSQL is not available yet" in told.err


def test_one_worker_at_a_time(segue: Segue, project: Path) -> None:
    with projects.open_store(projects.load(project)) as store, only_worker(store):
        assert "another worker runs on" in segue("run", "--until", "2026-04-01").err
    assert segue("run", "--until", "2026-04-01").code == 0
