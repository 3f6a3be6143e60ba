"""Imports a text as a file, and reads what waits in the inbox afterwards."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import orjson

from dsl.schema.model import Schema
from dsl.schema.standard import standard_schema
from dsl.source import Source
from runtime.store.imports import ImportMap, ImportResult, import_file, read_map
from runtime.store.store import Store

NOW = 1_700_000_000_000_000
CONTACTS = """
    source: shop
    rows:
      - record: contact
        id: id
        set: {email: mail, first_name: name}
"""
PEOPLE = "id,mail,name\n1,ann@x.example,Ann\n2,bob@x.example,\n"


def map_of(text: str, schema: Schema | None = None) -> ImportMap:
    found, problems = read_map(Source("map.yaml", dedent(text)), schema or standard_schema())
    assert found is not None, problems
    return found


def problems_of(text: str, schema: Schema | None = None) -> list[str]:
    """`line:column message; help` of each."""
    source = Source("map.yaml", dedent(text))
    _, problems = read_map(source, schema or standard_schema())
    told = []
    for problem in problems:
        line, column = source.position(problem.label.span.start)
        told.append(f"{line}:{column} {problem.message}" + (f"; {problem.help}" if problem.help else ""))
    return told


def load(
    store: Store, folder: Path, text: str | bytes, map_text: str, schema: Schema | None = None, **more: Any
) -> ImportResult:
    path = folder / "rows.csv"
    path.write_bytes(text if isinstance(text, bytes) else dedent(text).lstrip("\n").encode())
    options = {"zone": "America/Sao_Paulo", "now": NOW, **more}
    return import_file(store, schema or standard_schema(), path, map_of(map_text, schema), **options)


def waiting(store: Store, kind: str = "record") -> list[dict[str, Any]]:
    """The inbox's rows of a kind, their payload read, in the order of the file."""
    with store.session() as session:
        rows = session.run(
            "SELECT at, object, id, name, fields, payload, live FROM segue_inbox"
            " WHERE kind = :kind ORDER BY rank, object",
            kind=kind,
        )
    names = ("at", "object", "id", "name", "fields", "payload", "live")
    return [dict(zip(names, row, strict=True)) | {"payload": orjson.loads(row[5])} for row in rows]


def payloads(store: Store, kind: str = "record") -> list[dict[str, Any]]:
    return [row["payload"] for row in waiting(store, kind)]


def why(result: ImportResult) -> list[str]:
    return [f"{r.line} {r.column}: {r.why}" for r in result.first_rejects]
