"""Members counted for an editor: of a store that is there, and never at the price of a wait or a new file."""

import sqlite3
from dataclasses import replace
from pathlib import Path

from dsl.schema import standard_schema
from dsl.schema.model import Project
from runtime.project.counting import segment_counts
from runtime.store.store import Store

PROJECT = Project("shop", store="sqlite:///crm.db")


def test_members_of_each_segment(tmp_path: Path) -> None:
    Store.create(f"sqlite:///{tmp_path / 'crm.db'}", standard_schema("USD")).close()
    with sqlite3.connect(tmp_path / "crm.db") as store:
        for number, name in enumerate(("trials", "nobody")):
            row = {"id": number, "kind": "segment", "name": name, "label": "", "object": "contact", "hash": ""}
            store.execute(f"INSERT INTO segue_segment ({', '.join(row)}) VALUES (?, ?, ?, ?, ?, ?)", (*row.values(),))
        for member, left in ((1, None), (2, None), (3, 500)):
            store.execute("INSERT INTO segue_membership VALUES (0, 0, ?, 100, ?)", (member, left))
    assert segment_counts(tmp_path, PROJECT) == {"trials": 2, "nobody": 0}


def test_without_a_store_nothing_is_made(tmp_path: Path) -> None:
    assert segment_counts(tmp_path, PROJECT) == {}
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_store_of_ours_or_elsewhere_has_no_numbers(tmp_path: Path) -> None:
    (tmp_path / "crm.db").write_bytes(b"not a database at all, " * 100)
    assert segment_counts(tmp_path, PROJECT) == {}
    for store in ("postgresql+psycopg://nowhere.example/crm", "sqlite:///${CRM}", "sqlite://", ""):
        assert segment_counts(tmp_path, replace(PROJECT, store=store)) == {}


def test_a_store_that_somebody_writes_is_not_waited_for(tmp_path: Path) -> None:
    Store.create(f"sqlite:///{tmp_path / 'crm.db'}", standard_schema("USD")).close()
    with sqlite3.connect(tmp_path / "crm.db", isolation_level=None) as store:
        store.execute("PRAGMA journal_mode = DELETE")
        store.execute("BEGIN EXCLUSIVE")
        assert segment_counts(tmp_path, PROJECT, patience=0.01) == {}
