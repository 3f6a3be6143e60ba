"""Reads SQL as a store spread over many machines would: whoever forgets the bucket asks all of them at once."""

from __future__ import annotations

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

BUCKETS = ("bucket", "to_bucket")  # a link has both


def faults(sql: str, bucketed: frozenset[str], kept: frozenset[str], dialect: str) -> list[str]:
    """What a statement says without the bucket. `bucketed` tables have one; `kept` are those that are no work tables of
    one connection."""
    tree = sqlglot.parse_one(sql, dialect=dialect)
    found = [fault for select in tree.find_all(exp.Select) for fault in _joins(select, bucketed)]
    found += _upsert(tree, kept) if isinstance(tree, exp.Insert) else []
    found += _changed(tree, kept) if isinstance(tree, exp.Update | exp.Delete) else []
    return found


def _joins(select: exp.Select, bucketed: frozenset[str]) -> Iterator[str]:
    """Groups of tables, each tied by equal buckets, that none ties to each other or to the statement around them."""
    sources = {s.alias_or_name: s for s in _sources(select)}
    tables = [alias for alias, s in sources.items() if not isinstance(s, exp.Table) or s.name in bucketed]
    own = list(_own(select))
    outer = {c.table for c in own if isinstance(c, exp.Column) and c.table} - sources.keys()
    around = {alias for alias in outer if _is_bucketed(select, alias, bucketed)}
    root = {name: name for name in [*tables, *(["around"] if around else [])]}
    for left, right in _equal_buckets(own):
        ends = [alias if alias in root else "around" for alias in (left, right)]
        if ends[0] in root and ends[1] in root:
            old, new = root[ends[0]], root[ends[1]]
            root = {name: new if r == old else r for name, r in root.items()}
    groups: dict[str, list[str]] = {}
    for name in root:
        if name == "around" or _carries(sources[name], bucketed):
            groups.setdefault(root[name], []).append(name if name == "around" else sources[name].name or "rows")
    if len(groups) > 1:
        apart = sorted(" ".join(sorted(group)) for group in groups.values())
        yield f"joins: {' | '.join(apart)} without its bucket"


def _carries(source: exp.Expression, bucketed: frozenset[str]) -> bool:
    """Whether the rows of a table, or of a SELECT in its place, have a bucket."""
    if isinstance(source, exp.Table):
        return source.name in bucketed
    select = source.find(exp.Select)
    if select is None:
        return False
    stars = any(e.is_star for e in select.expressions)
    named = any(e.alias_or_name == "bucket" for e in select.expressions)
    return named or (stars and any(_carries(s, bucketed) for s in _sources(select)))


def _is_bucketed(select: exp.Select, alias: str, bucketed: frozenset[str]) -> bool:
    """Whether a name that comes from around a SELECT is of a table with buckets; catalogues are small everywhere."""
    above = select.parent
    while above is not None:
        if isinstance(above, exp.Select):
            for source in _sources(above):
                if source.alias_or_name == alias:
                    return _carries(source, bucketed)
        elif isinstance(above, exp.Update | exp.Delete | exp.Insert):
            return alias in bucketed
        above = above.parent
    return False


def _upsert(insert: exp.Insert, kept: frozenset[str]) -> Iterator[str]:
    table, conflict = insert.find(exp.Table), insert.args.get("conflict")
    if table is None or table.name not in kept or conflict is None or not conflict.args.get("conflict_keys"):
        return
    if not any(i.name == "bucket" for key in conflict.args["conflict_keys"] for i in key.find_all(exp.Identifier)):
        yield f"upsert of {table.name} without its bucket"


def _changed(change: exp.Update | exp.Delete, kept: frozenset[str]) -> Iterator[str]:
    """The rows of a kept table that a statement changes are named by their bucket too."""
    table, where = change.this, change.args.get("where")
    if table.name not in kept:
        return
    names = {"", table.alias_or_name}
    columns = where.find_all(exp.Column) if where is not None else ()
    if not any(c.name == "bucket" and c.table in names and _compared(c) for c in columns):
        yield f"{change.key} of {table.name} without its bucket"


def _compared(column: exp.Column) -> bool:
    above = column.parent
    return isinstance(above, exp.EQ) or (isinstance(above, exp.Tuple) and isinstance(above.parent, exp.In))


def _equal_buckets(nodes: list[exp.Expression]) -> Iterator[tuple[str, str]]:
    """Pairs of names whose buckets are the same; a bucket may be worked out from an id."""
    for node in nodes:
        if isinstance(node, exp.EQ):
            left, right = _bucket_of(node.left), _bucket_of(node.right)
            if left is not None and right is not None:
                yield left, right


def _bucket_of(side: exp.Expression) -> str | None:
    if isinstance(side, exp.Mod) and side.expression.name == "256":
        column = side.this.find(exp.Column)
        return column.table if column is not None else None
    return side.table if isinstance(side, exp.Column) and side.name in BUCKETS else None


def _own(select: exp.Select) -> Iterator[exp.Expression]:
    """All of a SELECT but the SELECTs in it."""
    for node in select.walk(prune=lambda n: isinstance(n, exp.Select) and n is not select):
        if node is select or not isinstance(node, exp.Select):
            yield node


def _sources(select: exp.Select) -> list[exp.Expression]:
    first = select.args.get("from_") or select.args.get("from")
    return [*([first.this] if first else []), *(join.this for join in select.args.get("joins") or ())]
