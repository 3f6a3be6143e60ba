"""The same verbs on PostgreSQL."""

from collections import Counter
from pathlib import Path

import psycopg
import pytest

from runtime.project import loading as projects
from runtime.store.worker import only_worker

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


def test_a_plan_says_what_a_run_would_do_and_writes_nothing(segue: Segue, project: Path, postgres_url: str) -> None:
    before = _dump(postgres_url)
    told = segue("plan", "--until", "2026-03-10", "--json")
    assert told.code == 0, told.err
    planned = told.json
    assert _dump(postgres_url) == before
    done = segue("run", "--until", "2026-03-10", "--json").json["total"]
    assert done["entered"] == len(planned["entering"]) == 3 and done["sent"] == len(planned["mails"]) == 5
    assert segue("plan", "--until", "2026-03-10", "--json").json["entering"] == []


def _dump(url: str) -> dict[str, Counter[object]]:
    """Every row of every table."""
    with psycopg.connect(url.replace("+psycopg", "")) as reader:
        tables = [t for (t,) in reader.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {t: Counter(reader.execute(f'SELECT * FROM "{t}"'.encode()).fetchall()) for t in tables}


def test_one_worker_at_a_time(segue: Segue, project: Path) -> None:
    with projects.open_store(projects.load(project)) as store, only_worker(store):
        assert "another worker runs on" in segue("run", "--until", "2026-04-01").err
    assert segue("run", "--until", "2026-04-01").code == 0
