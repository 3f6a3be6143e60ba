"""`segue migrate`: additions at once, renames by `was:`, nothing dropped, misfits listed and refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import inspect

from dsl.schema.model import EventField, Kind, Property, Schema, Type
from dsl.schema.standard import standard_schema
from runtime.errors import SchemaMismatch, StoreBusy
from runtime.store import migrate
from runtime.store import store as stores
from runtime.store.inbox import put, record_row
from runtime.store.store import Store
from runtime.store.tables import enrollment
from runtime.store.worker import only_worker

from .schemas import choice, contacts_with, number, text, with_event, with_object

Make = Callable[[Schema], Store]


def add_contact(store: Store, number: int, **values: object) -> None:
    with store.session() as session, session.transaction():
        row = {"bucket": number % 256, "id": number, "external_id": f"c{number}", "created_at": 1, **values}
        names = ", ".join(row)
        session.bound(f"INSERT INTO contact ({names}) VALUES ({', '.join(':' + n for n in row)})", row)


def contacts(store: Store, columns: str) -> list[tuple[object, ...]]:
    with store.session() as session:
        return session.run(f"SELECT {columns} FROM contact ORDER BY id")


def to(store: Store, schema: Schema) -> tuple[str, ...]:
    found = migrate.plan(store, schema)
    migrate.apply(found)
    assert not migrate.plan(store, schema)
    migrate.verify(store, schema)
    return found.words


def test_an_empty_database_gets_everything(url: str) -> None:
    with Store.open(url, create=True) as store:
        [words] = to(store, standard_schema())
        assert words.startswith("create the store: 9 objects, ")
        with store.session() as session:
            assert session.run("SELECT * FROM timeline") == []
            assert session.run("SELECT external_id, lifecycle_stage FROM contact") == []


def test_an_interrupted_first_migration_leaves_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    with Store.open(url, create=True) as store:
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr("runtime.store.store.first_values", interrupted)
            migrate.apply(migrate.plan(store, standard_schema()))
        assert inspect(store.engine).get_table_names() == []
        to(store, standard_schema())


def test_two_first_migrations_make_one_store(url: str) -> None:
    with Store.open(url, create=True) as store:
        one, other = migrate.plan(store, standard_schema()), migrate.plan(store, standard_schema())
        migrate.apply(one)
        id_ = store.get("store_id")
        migrate.apply(other)
        assert store.get("store_id") == id_


def test_migrations_at_one_instant_wait_for_each_other(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that make the store, and those that change it. How long the others take is the machine's affair."""
    monkeypatch.setattr(stores, "_PATIENCE", 600.0)
    monkeypatch.setattr(stores, "_PRAGMAS", ("PRAGMA busy_timeout = 600000", *stores._PRAGMAS[1:]))
    for schema in (standard_schema(), contacts_with(text("nick"), number("sent", default=0))):
        planned = threading.Barrier(3)

        def migrated(_: int, schema: Schema = schema, planned: threading.Barrier = planned) -> tuple[str, ...]:
            with Store.open(url, create=True) as store:
                found = migrate.plan(store, schema)
                planned.wait()
                migrate.apply(found)
                return found.words

        with ThreadPoolExecutor(3) as pool:
            assert len(set(pool.map(migrated, range(3)))) == 1
    with Store.open(url) as store:
        migrate.verify(store, contacts_with(text("nick"), number("sent", default=0)))


def test_nothing_is_changed_beside_a_worker(url: str) -> None:
    Store.create(url, standard_schema()).close()
    schema = contacts_with(text("nick"))
    with Store.open(url) as store:
        with only_worker(store):
            with pytest.raises(StoreBusy, match=r"a worker runs on .*: process") as caught:
                migrate.apply(migrate.plan(store, schema))
            assert caught.value.hint == "end it first, and start it again afterwards"
            migrate.apply(migrate.plan(store, standard_schema()))  # nothing to do
        assert migrate.plan(store, schema).words == ("add property contact.nick (text)",)
        to(store, schema)


def test_nothing_to_do_is_an_empty_plan(store: Store) -> None:
    assert not migrate.plan(store, standard_schema())
    assert to(store, standard_schema()) == ()


def test_additions_keep_the_rows(store: Store) -> None:
    add_contact(store, 1, email="a@b.example")
    schema = contacts_with(text("nick"), number("sent", default=0), Property("ends_on", Type(Kind.DATE)))
    assert to(store, schema) == (
        "add property contact.nick (text)",
        "add property contact.sent (number)",
        "add property contact.ends_on (date)",
        "add an index on contact.ends_on",
    )
    assert contacts(store, "email, nick, nick__n, sent") == [("a@b.example", None, None, 0)]


def test_a_new_object_and_a_new_event(store: Store) -> None:
    schema = with_event(
        "order_paid", EventField("total", Type(Kind.NUMBER)), schema=with_object("program", text("code"))
    )
    assert to(store, schema) == ("add object program", "add event order_paid")
    more = with_event("order_paid", EventField("shop", Type(Kind.TEXT)), schema=schema)
    assert to(store, more) == (
        "add field order_paid.shop",
        "add field order_paid.shop__n",
        "field order_paid.total is kept until nothing reads it",
    )
    with store.session() as session:
        assert session.run("SELECT event FROM timeline") == []


def test_a_rename_takes_values_history_and_waiting_facts_along(make_store: Make) -> None:
    store = make_store(contacts_with(text("tel")))
    add_contact(store, 1, tel="AB", tel__n="ab")
    with store.session() as session, session.transaction():
        put(session, [record_row("contact", "x", {"tel": "C", "tel__n": "c"}, at=5)])
        session.run(
            "INSERT INTO segue_property_history (bucket, object, id, property, at, seq, new)"
            " VALUES (1, 'contact', 1, 'tel', 1, 0, 'AB')"
        )
    schema = contacts_with(text("mobile", was="tel"))
    assert to(store, schema) == ("rename property contact.tel to mobile",)
    assert contacts(store, "mobile, mobile__n") == [("AB", "ab")]
    with store.session() as session:
        assert session.one("SELECT property FROM segue_property_history") == "mobile"
        [(fields, payload)] = session.run("SELECT fields, payload FROM segue_inbox")
    assert fields == "mobile"
    assert '"mobile__n":"c"' in payload and "tel" not in payload


def test_a_rename_waits_while_a_pinned_version_reads_the_name(make_store: Make) -> None:
    store = make_store(contacts_with(text("tel")))
    with store.session() as session, session.transaction():
        session.run("INSERT INTO segue_definition VALUES (1, 'sequence', 'trial', 'Trial', 0, NULL, '{}')")
        session.run("INSERT INTO segue_version VALUES (1, 1, 'h', '{\"property\":\"tel\"}', 0)")
        needed = [c for c in enrollment.columns if not c.nullable]
        row = {c.name: {int: 1, str: "x", bool: False}[c.type.python_type] for c in needed}
        session.connection.execute(enrollment.insert(), row)
    [refusal] = migrate.plan(store, contacts_with(text("mobile", was="tel"))).refusals
    assert "people inside sequence trial still need it" in refusal.words


def test_dropped_things_are_kept_and_come_back(make_store: Make) -> None:
    store = make_store(contacts_with(text("nick")))
    add_contact(store, 1, nick="Bo", nick__n="bo")
    assert to(store, standard_schema()) == ("property contact.nick is kept until nothing reads it",)
    assert contacts(store, "nick") == [("Bo",)]
    assert to(store, contacts_with(text("nick"))) == ("property contact.nick is back, with the values it had",)


def test_options_that_rows_have_cannot_go(make_store: Make) -> None:
    store = make_store(contacts_with(choice("plan", "free", "trial", "paid")))
    for nr, plan in enumerate(["free", "trial", "trial", None, *["trial"] * 5]):
        add_contact(store, nr, plan=plan)
    fewer = contacts_with(choice("plan", "free", "paid"))
    found = migrate.plan(store, fewer)
    assert found.refusals[0].words == "contact.plan is no longer trial: 7 rows do not fit"
    assert found.refusals[0].rows == tuple(f"contact c{n}: trial" for n in (1, 2, 4, 5, 6))
    with pytest.raises(SchemaMismatch, match="7 rows do not fit"):
        migrate.apply(found)
    with store.session() as session, session.transaction():
        session.run("UPDATE contact SET plan = 'free'")
    assert to(store, fewer) == ("contact.plan is no longer trial",)


def test_an_option_more_needs_no_migration(make_store: Make) -> None:
    store = make_store(contacts_with(choice("plan", "free")))
    migrate.verify(store, contacts_with(choice("plan", "free", "paid")))


def test_a_type_changes_where_every_row_fits(make_store: Make) -> None:
    store = make_store(contacts_with(text("age")))
    add_contact(store, 1, age="12", age__n="12")
    add_contact(store, 2, age="x", age__n="x")
    found = migrate.plan(store, contacts_with(number("age", default=0)))
    assert found.refusals[0].words == "contact.age changes from text to number: 1 row does not fit"
    assert found.refusals[0].rows == ("contact c2: x",)
    with store.session() as session, session.transaction():
        session.run("UPDATE contact SET age = NULL, age__n = NULL WHERE id = 2")
    assert to(store, contacts_with(number("age", default=0))) == ("contact.age changes from text to number",)
    assert contacts(store, "age") == [(12,), (0,)]
    back = Property("age", Type(Kind.TEXT))
    to(store, contacts_with(back))
    assert contacts(store, "age, age__n") == [("12", "12"), ("0", "0")]


def test_a_date_made_of_text_gets_its_index(make_store: Make) -> None:
    store = make_store(contacts_with(text("born")))
    add_contact(store, 1, born="1990-02-03")
    words = to(store, contacts_with(Property("born", Type(Kind.DATE))))
    assert words == ("contact.born changes from text to date", "add an index on contact.born")
    assert str(contacts(store, "born")[0][0]) == "1990-02-03"


def test_a_new_default_fills_what_is_missing(make_store: Make) -> None:
    store = make_store(contacts_with(choice("plan", "free", "paid")))
    add_contact(store, 1, plan="paid")
    add_contact(store, 2)
    assert to(store, contacts_with(choice("plan", "free", "paid", default="free"))) == (
        "contact.plan has the default free",
    )
    add_contact(store, 3)
    assert contacts(store, "plan") == [("paid",), ("free",), ("free",)]


def test_money_does_not_change_its_currency_in_use(make_store: Make) -> None:
    def priced(currency: str) -> Schema:
        return contacts_with(Property("worth", Type(Kind.MONEY, currency=currency)))

    store = make_store(priced("USD"))
    assert migrate.plan(store, priced("EUR")).refusals == ()
    add_contact(store, 1, worth=100)
    assert "is in USD: 1 row does not fit" in migrate.plan(store, priced("EUR")).refusals[0].words


def test_an_object_with_records_keeps_its_name(make_store: Make) -> None:
    store = make_store(with_object("program", text("code")))
    renamed = with_object("programme", text("code"), was="program")
    assert migrate.plan(store, renamed).refusals == ()
    with store.session() as session, session.transaction():
        session.run("INSERT INTO program (bucket, id, external_id, created_at) VALUES (1, 1, 'p', 1)")
    assert "its 1 records have ids made from its name" in migrate.plan(store, renamed).refusals[0].words


def test_a_link_to_many_becomes_one_only_where_it_is(store: Store) -> None:
    schema = standard_schema()
    contact = schema.objects["contact"]
    deal = replace(contact.associations["deal"], many=False)
    one = replace(contact, associations={**contact.associations, "deal": deal})
    schema = replace(schema, objects={**schema.objects, "contact": one})
    with store.session() as session, session.transaction():
        for number in (1, 2):
            session.run("INSERT INTO link_contact_deal VALUES (7, 7, :n, :n, 1)", n=number)
    [refusal] = migrate.plan(store, schema).refusals
    assert refusal.words == "association contact.deal leads to one only: 1 row does not fit"


def test_verify_names_what_is_missing(store: Store) -> None:
    migrate.verify(store, standard_schema())
    with pytest.raises(SchemaMismatch, match=r"add property contact.nick \(text\)") as caught:
        migrate.verify(store, contacts_with(text("nick")))
    assert caught.value.hint == "run `segue migrate`"


def test_interrupted_nothing_is_half_done(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add_contact(store, 1, email="a@b.example")
    schema = contacts_with(text("nick"), number("sent"))
    plan = migrate.plan(store, schema)

    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(migrate, "shape_json", interrupted)
        migrate.apply(plan)
    assert migrate.plan(store, schema).words == plan.words
    to(store, schema)
    assert contacts(store, "email, nick") == [("a@b.example", None)]


def test_a_store_that_somebody_altered_by_hand_is_gone_on_with(store: Store) -> None:
    with store.session() as session, session.transaction():
        session.run("ALTER TABLE contact ADD COLUMN nick TEXT")
    assert to(store, contacts_with(text("nick"), number("sent"))) == (
        "add property contact.nick (text)",
        "add property contact.sent (number)",
    )
