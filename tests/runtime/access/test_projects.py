"""Runs, imports, migrations, vacuums and rebuilds: who may, and that it is written down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.access.roles import ADMIN, OPERATOR, REP, ROLES, VIEWER
from runtime.channels.memory import MemoryChannel
from runtime.errors import NotAllowed
from runtime.operators.importing import import_rows
from runtime.project.loading import load, open_store
from runtime.reading.activity import page_of_acts
from runtime.service.migrating import migrate_project
from runtime.service.orders import Order
from runtime.service.rebuilding import rebuild
from runtime.service.running import run
from runtime.service.vacuuming import vacuum


@pytest.fixture
def project(tmp_path: Path) -> Path:
    people = "users: {rep: {role: rep}, amy: {role: operator}, zoe: {role: admin}}\n"
    keeps = "retention: {events: 1 year, outbox: 1 year}\n"
    (tmp_path / "segue.yaml").write_text(f"name: p\n{people}{keeps}")
    (tmp_path / "rules.segue").write_text('workflow w of contact { when: email contains "@"  set first_name = "x" }\n')
    (tmp_path / "people.csv").write_text("Mail\nann@x.example\n")
    (tmp_path / "people.yaml").write_text("rows:\n  - record: contact\n    id: Mail\n    set: {email: Mail}\n")
    migrate_project(tmp_path, by="zoe")
    _ran(tmp_path, "zoe", start="2026-03-02")
    return tmp_path


def _ran(root: Path, by: str, **order: object) -> object:
    loaded = load(root)
    with open_store(loaded) as store:
        return run(loaded, store, MemoryChannel(), Order(until="+1 days", by=by, **order))


def _vacuumed(root: Path, by: str, dry_run: bool = False) -> object:
    loaded = load(root)
    with open_store(loaded) as store:
        return vacuum(store, loaded.program, dry_run, by)


def _rebuilt(root: Path, by: str) -> object:
    loaded = load(root)
    with open_store(loaded) as store:
        return rebuild(loaded, store, MemoryChannel(), by)


ON_A_PROJECT: dict[str, tuple[str, Callable[[Path, str], object]]] = {
    "import": (OPERATOR, lambda root, by: import_rows(
        root, root / "people.csv", root / "people.yaml", False, None, lambda *_: None, by)),
    "run": (ADMIN, lambda root, by: _ran(root, by)),
    "confirm": (ADMIN, lambda root, by: _ran(root, by, confirmed=frozenset({"w"}))),
    "migrate": (ADMIN, lambda root, by: migrate_project(root, by=by)),
    "vacuum": (ADMIN, _vacuumed),
    "rebuild": (ADMIN, _rebuilt),
}  # fmt: skip


@pytest.mark.parametrize("act", ON_A_PROJECT)
def test_who_may_act_on_a_project(project: Path, act: str) -> None:
    least, do = ON_A_PROJECT[act]
    for name, role in (("anybody", VIEWER), ("rep", REP), ("amy", OPERATOR), ("zoe", ADMIN)):
        if ROLES.index(role) >= ROLES.index(least):
            do(project, name)
        else:
            with pytest.raises(NotAllowed, match=name):
                do(project, name)
    with open_store(load(project)) as store, store.session() as session:
        lines = [line for line in page_of_acts(session) if line.act == act]
    assert {line.by_user for line in lines if line.refused} == (
        set() if act == "migrate" else {"anybody", "rep", "amy"} - ({"amy"} if least == OPERATOR else set())
    )
    assert "zoe" in {line.by_user for line in lines if not line.refused}


def test_everybody_may_ask_what_would_go_and_nobody_is_written_down_for_it(project: Path) -> None:
    assert _vacuumed(project, "anybody", dry_run=True)
    assert migrate_project(project, dry_run=True, by="anybody").changes == ()
    with open_store(load(project)) as store, store.session() as session:
        assert {line.by_user for line in page_of_acts(session)} == {"zoe"}
