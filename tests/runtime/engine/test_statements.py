"""The bucket is in every join, upsert and change of what belongs to a record (architecture, "The store"): a store
spread over many machines then finds each answer on one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from runtime.engine import work
from runtime.store.objects import crm_metadata
from runtime.store.session import _PARAMETER, Session
from runtime.store.store import Store
from runtime.store.tables import metadata
from tests.runtime.engine.programs import RULES
from tests.runtime.engine.statements import faults
from tests.runtime.engine.test_oracle import at_once, case, done

# What may forget it, and why.
EXCEPTIONS = {
    r"^UPDATE segue_lease SET": "a worker takes and gives back the leases of all its buckets at once",
    r"^DELETE FROM segue_inbox WHERE at <=": "what was applied leaves the inbox of all buckets a worker owns",
    r"^UPDATE segue_outbox SET state = 'planned', owner = NULL": "after a crash: all that a worker had claimed",
    r"^DELETE FROM segue_(award|fading) WHERE score_id": "a score that was edited is worked out anew for everybody",
    r"^DELETE FROM segue_activity WHERE event": "a kind of event that is counted anew is so for everybody",
    r"\w+\.email__n = \w+\.email__n": "one address is one person: contacts of one address meet, wherever they are (X7)",
    r"FROM touch x CROSS JOIN segue_created": "a record that an enrollment made belongs to another bucket than it",
}


@contextmanager
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Every text that sessions run."""
    texts: set[str] = set()
    for name in ("bound", "count", "many"):
        run = getattr(Session, name)

        def noted(self: Session, sql: str, *rest: object, run=run) -> object:  # type: ignore[no-untyped-def] # a method
            texts.add(_PARAMETER.sub(lambda m: "1" if m.group(1) else m.group(0), sql))
            return run(self, sql, *rest)

        monkeypatch.setattr(Session, name, noted)
    yield texts


@pytest.mark.parametrize("name", RULES)
def test_no_statement_of_a_run_forgets_the_bucket(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _forgetful(name, "sqlite://", monkeypatch)


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["sequence"])
def test_nor_does_one_on_postgresql(name: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _forgetful(name, postgres_url, monkeypatch)


def _forgetful(name: str, url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The statements of a run that forget the bucket and are no exceptions, with what is wrong."""
    rules, start, folk, facts, until = case(name, 1)
    with Store.create(url, rules.schema) as store, recorded(monkeypatch) as texts:
        done(rules, start, folk, facts, until, store, at_once)
        dialect = "sqlite" if store.dialect == "sqlite" else "postgres"
    tables = [*metadata.sorted_tables, *crm_metadata(rules.schema).sorted_tables]
    kept = frozenset(t.name for t in tables if "bucket" in t.c)
    bucketed = kept | {name for name, columns in work.TABLES.items() if "bucket INTEGER" in columns}
    return "\n\n".join(
        f"{fault}: {text}"
        for text in sorted(texts)
        if re.match(r"SELECT|INSERT|UPDATE|DELETE|WITH", text)
        for fault in faults(text, frozenset(bucketed), kept, dialect)
        if not any(re.search(exception, text) for exception in EXCEPTIONS)
    )


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("SELECT 1 FROM a JOIN b ON b.bucket = a.bucket AND b.id = a.id", None),
        ("SELECT 1 FROM a JOIN b ON b.id = a.id", "joins a, b without their buckets"),
        ("SELECT 1 FROM a x, b y, a z WHERE x.bucket = y.bucket AND z.id = 1", "joins a, a, b without their buckets"),
        ("SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.bucket = a.bucket AND b.id = a.id)", None),
        ("SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id = a.id)", "joins around, b without their buckets"),
        ("SELECT 1 FROM c WHERE EXISTS (SELECT 1 FROM b WHERE b.id = c.id)", None),
        ("SELECT 1 FROM a JOIN (SELECT bucket, id FROM b) q ON q.bucket = a.bucket", None),
        ("SELECT 1 FROM a CROSS JOIN b WHERE b.bucket = a.other % 256", None),
        ("SELECT 1 FROM a WHERE (bucket, id) IN (SELECT b.bucket, b.id FROM b)", None),
        ("UPDATE a SET x = 1 WHERE bucket = 1", None),
        ("UPDATE a SET x = 1 WHERE (bucket, id) IN (SELECT b.bucket, b.id FROM b)", None),
        ("UPDATE a SET x = 1 FROM b WHERE a.bucket = b.bucket AND a.id = b.id", None),
        ("UPDATE a SET x = 1 WHERE id = 1", "update of a without its bucket"),
        ("DELETE FROM a WHERE id = 1", "delete of a without its bucket"),
        ("DELETE FROM b", None),
        ("INSERT INTO a (bucket, id) VALUES (1, 1) ON CONFLICT (bucket, id) DO NOTHING", None),
        ("INSERT INTO a (bucket, id) VALUES (1, 1) ON CONFLICT (id) DO NOTHING", "upsert of a without its bucket"),
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite", "postgres"])
def test_what_forgets_the_bucket_is_found(sql: str, fault: str | None, dialect: str) -> None:
    found = faults(sql, frozenset("ab"), frozenset("a"), dialect)
    assert (found == []) if fault is None else (len(found) == 1 and found[0].startswith(fault)), found
