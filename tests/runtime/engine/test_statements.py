"""The bucket is in every join, upsert and change of what belongs to a record (architecture, "The store"): a store
spread over many machines then finds each answer on one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random

import pytest

from dsl.program.definitions import Program
from dsl.schema.model import Schema
from runtime.engine import work
from runtime.store.objects import crm_metadata
from runtime.store.session import _PARAMETER, Session
from runtime.store.store import Store
from runtime.store.tables import metadata
from tests.runtime.databases import Databases
from tests.runtime.engine.conditions import program_of
from tests.runtime.engine.crm import Fact
from tests.runtime.engine.histories import case as random_case
from tests.runtime.engine.programs import RULES
from tests.runtime.engine.statements import faults
from tests.runtime.engine.test_incremental import kept, numbered
from tests.runtime.engine.test_oracle import at_once, case, done

# What may forget it: exactly this fault, in a statement that has this text; and why. A statement that forgets more has
# another fault. The keys of segue_activity and segue_membership have it second (decision 0021): a kind is swept in
# its order, and the bucket is in the key all the same.
ONE_ADDRESS = "one address is one person: contacts of one address meet, wherever they are (X7)"
EXCEPTIONS = (
    ("update of segue_lease", "UPDATE segue_lease SET", "a worker takes and gives back all its buckets at once"),
    ("delete of segue_inbox", "DELETE FROM segue_inbox WHERE at <=", "what was applied leaves all its buckets"),
    ("update of segue_outbox", "SET state = 'planned', owner = NULL", "after a crash: all that a worker had claimed"),
    (
        "update of segue_outbox",
        "WHERE state = 'unknown'",
        "the few whose outcome nobody knows have an index of their own; what tells of one names the mail alone, which"
        " may have gone to somebody else than the one enrolled",
    ),
    ("delete of segue_refusal", "DELETE FROM segue_refusal WHERE at <=", "a vacuum is of all buckets"),
    ("delete of segue_mailbox_minute", "DELETE FROM segue_mailbox_minute WHERE at <=", "a vacuum is of all buckets"),
    ("delete of segue_award", "WHERE score_id", "a score that was edited is worked out anew for everybody"),
    ("delete of segue_fading", "WHERE score_id", "a score that was edited is worked out anew for everybody"),
    ("delete of segue_activity", "WHERE event", "a kind of event that is counted anew is so for everybody"),
    ("joins: around contact | contact segue_consent", "same.email__n = me.email__n", ONE_ADDRESS),
    ("joins: around contact | contact segue_enrollment", "email__n = s.email__n", ONE_ADDRESS),
    ("joins: around contact | contact entrant", "b.email__n = a.email__n", ONE_ADDRESS),
    (
        "joins: segue_created segue_enrollment | touch",
        "k.record_id = x.id",
        "what an enrollment made is elsewhere",
    ),
    (
        "joins: around | segue_outbox",
        "t.contact_id % 256 <> t.bucket",
        "a mail to somebody else lies with the one enrolled, and the few of these have an index of their own (X20)",
    ),
)


@contextmanager
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Every text that sessions run."""
    texts: set[str] = set()
    for name in ("bound", "count", "many"):
        run = getattr(Session, name)

        def noted(self: Session, sql: str, *rest: object, run=run) -> object:
            texts.add(_PARAMETER.sub(lambda m: "1" if m.group(1) else m.group(0), sql))
            return run(self, sql, *rest)

        monkeypatch.setattr(Session, name, noted)
    yield texts


@pytest.mark.parametrize("name", RULES)
def test_no_statement_of_a_run_forgets_the_bucket(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rules, *_ = case(name, 1)
    with Store.memory(rules.schema) as store:
        assert not _of_rules(name, 5, store, monkeypatch)


@pytest.mark.parametrize("name", RULES)
def test_nor_does_one_on_postgresql(name: str, databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    rules, *_ = case(name, 1)
    assert not _of_rules(name, 2, databases.store(rules.schema), monkeypatch)


@pytest.mark.parametrize("seed", range(12))
def test_nor_one_of_random_conditions(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    program, *_ = _random(seed)
    with Store.memory(program.schema) as store:
        assert not _of_conditions(seed, 3, store, monkeypatch)


@pytest.mark.parametrize("seed", range(12, 15))
def test_nor_one_of_random_conditions_on_postgresql(
    seed: int, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, *_ = _random(seed)
    assert not _of_conditions(seed, 1, databases.store(program.schema), monkeypatch)


def _of_rules(name: str, days: int, store: Store, monkeypatch: pytest.MonkeyPatch) -> str:
    rules, start, folk, facts, _ = case(name, 1)
    with recorded(monkeypatch) as texts:
        done(rules, start, folk, facts, start + timedelta(days=days), store, at_once)
    return forgetful(texts, rules.schema, store.dialect)


def _of_conditions(seed: int, days: int, store: Store, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of the engine, and of the full recompute that it is compared with."""
    program, start, facts = _random(seed)
    with recorded(monkeypatch) as texts:
        kept(store, program, facts, start, [start + timedelta(days=days)])
    return forgetful(texts, program.schema, store.dialect)


def _random(seed: int) -> tuple[Program, datetime, list[Fact]]:
    lines, zone, start, facts = random_case(Random(seed))
    return program_of(lines, zone), start, numbered(facts)


def forgetful(texts: set[str], schema: Schema, dialect: str, least: int = 20) -> str:
    """The statements of a run, more than `least`, that forget the bucket and are no exceptions, with what is wrong."""
    tables = [*metadata.sorted_tables, *crm_metadata(schema).sorted_tables]
    owned = frozenset(t.name for t in tables if "bucket" in t.c)
    bucketed = owned | {name for name, columns in work.TABLES.items() if "bucket INTEGER" in columns}
    assert len(texts) > least
    return "\n\n".join(
        f"{fault}: {text}"
        for text in sorted(texts)
        if re.match(r"SELECT|INSERT|UPDATE|DELETE|WITH", text)
        for fault in faults(text, bucketed, owned, "sqlite" if dialect == "sqlite" else "postgres")
        if not any(fault == f"{wrong} without its bucket" and part in text for wrong, part, _ in EXCEPTIONS)
    )


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("SELECT 1 FROM a JOIN b ON b.bucket = a.bucket AND b.id = a.id", None),
        ("SELECT 1 FROM a JOIN b ON b.id = a.id", "joins: a | b without its bucket"),
        ("SELECT 1 FROM a x, b y, a z WHERE x.bucket = y.bucket AND z.id = 1", "joins: a | a b without its bucket"),
        ("SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.bucket = a.bucket AND b.id = a.id)", None),
        ("SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id = a.id)", "joins: around | b without its bucket"),
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
