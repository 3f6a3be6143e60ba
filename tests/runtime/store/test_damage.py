"""A store that somebody changed by hand is told so as it is opened, in words."""

from __future__ import annotations

import psycopg
import pytest

from dsl.schema.standard import standard_schema
from runtime.errors import SchemaMismatch, StoreError
from runtime.store import meta, migrate
from runtime.store.store import Store


def damaged(url: str, *statements: str) -> Store:
    store = Store.create(url, standard_schema())
    with store.session() as session, session.transaction():
        session.run("DROP VIEW timeline")
        for sql in statements:
            session.run(sql)
    return store


@pytest.mark.parametrize("table", ["segue_lease", "segue_enrollment", "segue_outbox", "segue_inbox"])
def test_a_table_of_ours_that_is_gone(url: str, table: str) -> None:
    """`segue migrate` makes no empty one in its place: whoever rested at a mail would rest for ever."""
    with damaged(url, f"DROP TABLE {table}") as store:
        for asked in (migrate.verify, migrate.plan):
            with pytest.raises(StoreError) as caught:
                asked(store, standard_schema())
            assert caught.value.message == f"{store.name} is damaged: {table} is gone"
            assert "backup" in caught.value.hint


def test_a_column_of_ours_and_tables_of_the_schema_that_are_gone(url: str) -> None:
    """The column comes back by `segue migrate`, and so do the tables, empty."""
    gone = ("ALTER TABLE segue_outbox DROP COLUMN tried_at", "DROP TABLE ticket", "DROP TABLE event_replied")
    with damaged(url, *gone) as store:
        with pytest.raises(SchemaMismatch) as caught:
            migrate.verify(store, standard_schema())
        assert caught.value.message == f"{store.name}: segue_outbox.tried_at, ticket, event_replied are gone"
        assert "segue migrate" in caught.value.hint
        migrate.apply(migrate.plan(store, standard_schema()))
        migrate.verify(store, standard_schema())
        with store.session() as session:
            assert session.run("SELECT tried_at FROM segue_outbox") == session.run("SELECT id FROM ticket") == []


@pytest.mark.postgres
def test_nothing_is_gone_that_a_statement_finds(postgres_url: str) -> None:
    """In a schema of any name, and where one before it has been made since, as one named like the user would be."""
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE {admin.info.dbname} SET search_path = "$user", "Our CRM"'.encode())
        admin.execute('CREATE SCHEMA "Our CRM"')
        Store.create(postgres_url, standard_schema()).close()
        for statement in ("SELECT 1", "CREATE SCHEMA postgres"):
            admin.execute(statement)
            with Store.open(postgres_url) as store, store.session() as session:
                migrate.verify(store, standard_schema())
                assert not migrate.plan(store, standard_schema())
                assert "event_replied" in meta.tables(session, "event_")
