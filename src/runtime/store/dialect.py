"""What SQLite and PostgreSQL word differently, in one place."""

from __future__ import annotations

from dsl.schema.model import Kind

# The column type of a property or event field, as DDL and CAST write it.
SQLITE = {
    Kind.NUMBER: "NUMERIC",
    Kind.PERCENT: "NUMERIC",
    Kind.MONEY: "BIGINT",
    Kind.BOOL: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.DATETIME: "BIGINT",
    Kind.DURATION: "BIGINT",
    Kind.RECORD: "BIGINT",
}


def json_value(dialect: str, payload: str, name: str, kind: Kind) -> str:
    """SQL for one typed value of a JSON text column; NULL where it is absent or null.

    On SQLite `->>` already gives numbers, booleans as 0/1 and text; PostgreSQL gives text, which is cast."""
    key = name.replace("'", "''").replace('"', '\\"')
    if dialect == "sqlite":
        return f"({payload} ->> '$.\"{key}\"')"
    text = f"(CAST({payload} AS jsonb) ->> '{key}')"
    type_ = SQLITE.get(kind)
    return f"CAST({text} AS {type_})" if type_ else text


def json_object(dialect: str, pairs: list[tuple[str, str]]) -> str:
    """SQL for a JSON object as text, from (name, SQL expression) pairs."""
    inside = ", ".join(f"'{name}', {sql}" for name, sql in pairs)
    if dialect == "sqlite":
        return f"json_object({inside})"
    return f"CAST(jsonb_build_object({inside}) AS text)"


def json_joined(dialect: str, one: str, other: str) -> str:
    """SQL for the JSON object, as text, with the members of two."""
    if dialect == "sqlite":
        return f"json_patch({one}, {other})"
    return f"CAST(CAST({one} AS jsonb) || CAST({other} AS jsonb) AS text)"


def joined(dialect: str, text: str, between: str) -> str:
    """SQL for an aggregate: the texts of rows one after another, in no order."""
    return f"{'group_concat' if dialect == 'sqlite' else 'string_agg'}({text}, '{between}')"


def least(dialect: str, *parts: str) -> str:
    return f"{'min' if dialect == 'sqlite' else 'least'}({', '.join(parts)})"


def greatest(dialect: str, *parts: str) -> str:
    return f"{'max' if dialect == 'sqlite' else 'greatest'}({', '.join(parts)})"


def due_at(dialect: str, e: str = "segue_enrollment", t: str = ":t") -> str:
    """SQL: that an enrollment is due at `t`, as its index is asked (decision 0028)."""
    return f"{e}.due <= {t}" if dialect == "sqlite" else f"{e}.wake <= {t} AND {e}.due <= {t}"


def first_due(dialect: str) -> str:
    """SELECT of when the first enrollment is due; no row, or none in it, where none is."""
    if dialect == "sqlite":
        return "SELECT min(due) FROM segue_enrollment WHERE due IS NOT NULL"
    first = "WHERE e.wake > 0 AND e.due IS NOT NULL ORDER BY e.wake LIMIT 1"  # past the few that rest
    return f"SELECT w.due FROM (SELECT e.due FROM segue_enrollment e {first}) w"
