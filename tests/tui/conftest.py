"""Stores for the screens: filled once, copied for each test. All that is shown is in the store, its clock too."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.make_store import fill
from dsl.schema import standard_schema
from runtime.project.loading import Settings
from runtime.store import meta
from runtime.store.store import Store

from .driving import copied
from .hearings import made_hearings, put_aside, save
from .sales import made_office
from .shop import made_shop


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """A file with that many contacts, all enrolled; made once per size."""
    folder = tmp_path_factory.mktemp("stores")

    def of_size(contacts: int) -> Path:
        path = folder / f"{contacts}.db"
        if not path.exists():
            with Store.create(f"sqlite:///{path}", standard_schema()) as store, store.session() as session:
                fill(session, contacts)
                with session.transaction():
                    meta.write(session, "clock_kind", "virtual")  # what is late does not hang on the day of the test
        return path

    return of_size


@pytest.fixture
def crm(filled: Callable[[int], Path], tmp_path: Path) -> str:
    """The address of a store of 300 contacts that this test may change."""
    path = tmp_path / "crm.db"
    shutil.copy(filled(300), path)
    return f"sqlite:///{path}"


@pytest.fixture
def nothing(tmp_path: Path) -> str:
    """The address of a store in which nothing ever happened."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    Store.create(url, standard_schema()).close()
    return url


@pytest.fixture(scope="session")
def built_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    made_shop(folder / "shop")
    return folder / "shop"


@pytest.fixture
def shop(built_shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A project with something in every room, which this test may change."""
    return copied(built_shop, tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def built_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    made_office(folder)
    return folder


@pytest.fixture
def office(built_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A sales office with its deals and tickets, which this test may change."""
    return copied(built_office, tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def built_hearings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hearings")
    made_hearings(folder)
    return folder


@pytest.fixture
def hearings(built_hearings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A project with two playbooks, which this test may change."""
    return copied(built_hearings, tmp_path, monkeypatch)


@pytest.fixture
def aside(hearings: Settings) -> Settings:
    """A talk with ann is put aside, all answered."""
    put_aside(hearings)
    return hearings


@pytest.fixture
def told(hearings: Settings) -> Settings:
    """A talk with ann is saved."""
    save(hearings)
    return hearings
