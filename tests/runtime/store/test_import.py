"""`segue import`: what rows become, that they become it once, and that bad ones stop nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.schema.model import Kind, Property, Topic, TopicKind, Type
from dsl.schema.standard import standard_schema
from runtime.store.ids import event_id, record_id
from runtime.store.store import Store
from runtime.store.values import INDEXED, LONGEST
from tests.examples import examples

from .conftest import Make
from .imported import CONTACTS, NOW, PEOPLE, load, payloads, waiting, why
from .schemas import choice, contacts_with


def instant(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1_000_000


def test_a_lead_of_olist(memory: Store, tmp_path: Path) -> None:
    map_ = """
        source: olist
        rows:
          - record: contact
            id: mql_id
            at: {column: first_contact_date, time: "09:00"}
            set:
              email: {template: "{mql_id}@leads.example"}
              country: {column: origin, choices: {"paid search": Paid, "": null}}
              lifecycle_stage: {constant: lead}
    """
    rows = "mql_id,first_contact_date,origin\nD1,2018-02-01,paid search\nd2,2017-10-15,\n"
    result = load(memory, tmp_path, rows, map_)
    assert (result.loaded, result.rejected, result.rejects) == (2, 0, None)
    first, second = waiting(memory)
    assert first["at"] == instant(2018, 2, 1, 11)  # 09:00 in the summer time of Sao Paulo
    assert second["at"] == instant(2017, 10, 15, 11)
    assert first["id"] == record_id("contact", "olist:D1")
    assert (first["fields"], first["live"]) == ("country,email,lifecycle_stage", 0)
    assert first["payload"] == {
        "email": "D1@leads.example",
        "email__n": "d1@leads.example",
        "country": "Paid",
        "country__n": "paid",
        "lifecycle_stage": "lead",
        "external_id": "olist:D1",
    }
    assert second["payload"]["country"] is None


def test_a_file_may_come_decomposed_where_the_map_is_not(memory: Store, tmp_path: Path) -> None:
    """As some systems write files: column, value of `when` and of `choices`, and option; what is kept stays."""
    map_ = """
        rows:
          - record: contact
            id: id
            when: {column: größe, in: [groß, völlig], not_in: [übel]}
            set: {plan: art, country: {column: größe, choices: {"völlig": alles}}, phone: größe}
    """
    schema = contacts_with(choice("plan", "für alle", "frei"))
    rows = "id,größe,art\n1,groß,frei\n2,völlig,für alle\n3,übel,frei\n"
    result = load(memory, tmp_path, normalize("NFD", rows), map_, schema)
    assert (result.loaded, result.rejected) == (2, 0)
    kept = [(p["plan"], p["country"], p["phone"]) for p in payloads(memory)]
    assert kept == [("frei", "groß", "groß"), ("für alle", "alles", normalize("NFD", "völlig"))]


def test_a_missing_value_is_the_default(memory: Store, tmp_path: Path) -> None:
    rows = "rows: [{record: contact, id: id, set: {lifecycle_stage: stage}}]"
    load(memory, tmp_path, "id,stage\n1,\n2,mql\n", rows)
    assert [p["lifecycle_stage"] for p in payloads(memory)] == ["subscriber", "mql"]


def test_the_same_file_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    assert load(store, tmp_path, PEOPLE, CONTACTS).loaded == 2
    with store.session() as session, session.transaction():
        session.run("DELETE FROM segue_inbox")  # the engine has taken them in
    again = load(store, tmp_path, PEOPLE, CONTACTS, now=NOW + 5)
    assert (again.loaded, again.unchanged, again.facts) == (0, 2, 0)
    more = load(store, tmp_path, PEOPLE.replace("Ann", "Anna") + "3,,Cleo\n", CONTACTS, now=NOW + 6)
    assert (more.loaded, more.unchanged) == (2, 1)
    assert [p["first_name"] for p in payloads(store)] == ["Anna", "Cleo"]
    assert load(store, tmp_path, PEOPLE, CONTACTS, now=NOW + 7).loaded == 1  # back to what it said at first


def test_an_interrupted_import_goes_on(memory: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.store.imports.run.ROWS_AT_ONCE", 10)
    rows = "id,mail,name\n" + "".join(f"{i},,n{i}\n" for i in range(35))
    seen: list[int] = []

    def stop(read: int, total: int) -> None:
        seen.append(read)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(memory, tmp_path, rows, CONTACTS, progress=stop)
    assert len(waiting(memory)) == 20
    result = load(memory, tmp_path, rows, CONTACTS)
    assert (result.loaded, result.unchanged) == (15, 20)
    assert [p["first_name"] for p in payloads(memory)] == [f"n{i}" for i in range(35)]


def test_bad_rows_are_named_and_set_aside(memory: Store, tmp_path: Path) -> None:
    schema = contacts_with(choice("plan", "free", "trial"), Property("worth", Type(Kind.MONEY, currency="USD")))
    map_ = """
        source: shop
        rows:
          - record: contact
            id: id
            at: since
            set: {email: mail, time_zone: zone, plan: plan, worth: {column: worth, decimal: ","}}
    """
    rows = """
        id,since,mail,zone,plan,worth
        1,2020-01-01,a@x.example,Asia/Tokyo,free,"1.234,50"
        2,2020-02-30,a@x.example,Asia/Tokyo,free,1
        3,2020-01-01,a@x,Asia/Tokyo,free,1
        4,2020-01-01,a@x.example,Asia/Tokio,free,1
        5,2020-01-01,a@x.example,Asia/Tokyo,trail,1
        6,2020-01-01,a@x.example,Asia/Tokyo,free,much
        ,2020-01-01,a@x.example,Asia/Tokyo,free,1
        8,,a@x.example,Asia/Tokyo,free,1
        9,2020-01-01,a@x.example,Asia/Tokyo,free
    """
    result = load(memory, tmp_path, rows, map_, schema)
    assert (result.loaded, result.rejected) == (1, 8)
    told = why(result)
    assert told[0] == "3 since: `2020-02-30` is no date"
    assert told[1].startswith("4 mail: `a@x` is no e-mail address: ")
    assert told[2:] == [
        "5 zone: `Asia/Tokio` is no time zone, such as Europe/Berlin",
        "6 plan: `trail` is none of the options free, trial; did you mean `trial`?",
        "7 worth: `much` is no number",
        "8 id: the contact has no id",
        "9 since: the date from which this holds is empty",
        "10 : the row has 5 columns, 6 are due",
    ]
    assert payloads(memory)[0]["worth"] == 123450


def test_a_repaired_reject_file_is_imported_with_the_same_map(memory: Store, tmp_path: Path) -> None:
    rows = 'id,mail,name\n1,a@x.example,"A, B"\n2,@,"C\nD"\n'
    result = load(memory, tmp_path, rows, CONTACTS)
    assert result.rejects == tmp_path / "rows.csv.rejects.csv"
    text = result.rejects.read_text()
    assert text.startswith('id,mail,name,segue_line,segue_column,segue_why\n2,@,"C\nD",3,mail,')
    again = load(memory, tmp_path, text.replace("@,", "c@x.example,"), CONTACTS)
    assert (again.loaded, again.rejected) == (1, 0)
    assert payloads(memory)[-1]["first_name"] == "C\nD"
    assert not (tmp_path / "rows.csv.rejects.csv").exists()


def test_columns_apart_by_blanks_and_events_without_ids(memory: Store, tmp_path: Path) -> None:
    map_ = """
        source: cdnow
        format: {delimiter: blanks}
        rows:
          - record: contact
            id: customer_id
            at: {column: date, format: "%Y%m%d"}
          - event: purchased
            of: customer_id
            at: {column: date, format: "%Y%m%d", time: "12:00"}
            set: {amount: dollar_value}
    """
    rows = " customer_id  date cds  dollar_value\n 00001 19970101  1   11.77\n 00001 19970101  1   11.77\n"
    assert load(memory, tmp_path, rows, map_).facts == 3  # one contact, two purchases that look alike
    assert [p["amount"] for p in payloads(memory, "event")] == [1177, 1177]
    assert len({p["id"] for p in payloads(memory, "event")}) == 2
    assert load(memory, tmp_path, rows, map_).facts == 0


def test_links_users_consent_segments_and_classes(store: Store, tmp_path: Path) -> None:
    topics = {"news": Topic("news", "News", TopicKind.MARKETING)}
    schema = replace(standard_schema(), topics=topics)
    map_ = """
        source: crm
        rows:
          - user: {column: agent, case: slug}
            label: agent
          - record: company
            id: account
            set: {name: account}
            when: {column: account, not_empty: true}
          - record: contact
            id: id
            set: {owner: {column: agent, case: slug}}
            links: {company: account, deal: [{id: deal}, {id: old, source: legacy}]}
          - consent: news
            of: id
            state: {column: optin, choices: {"1": opted_in, "0": opted_out}}
            basis: {constant: sign-up form}
          - segment: vip
            of: id
            when: [{column: tags, in: [vip, top]}]
          - event: opened_email
            of: id
            id: {template: "{id}-open"}
            class: {constant: machine}
            when: {column: tags, equals: opener}
    """
    rows = "id,agent,account,deal,old,optin,tags\n1,Moses Frase,Acme,D1,,1,vip\n2,Moses Frase,,,O7,,opener\n"
    result = load(store, tmp_path, rows, map_, schema)
    assert (result.loaded, why(result)) == (2, [])
    with store.session() as session:
        assert session.run("SELECT name, label FROM segue_user") == [("moses_frase", "Moses Frase")]
    ann, bob = record_id("contact", "crm:1"), record_id("contact", "crm:2")
    assert {(r["id"], r["name"], r["payload"]["to"]) for r in waiting(store, "link")} == {
        (ann, "company", record_id("company", "crm:Acme")),
        (ann, "deal", record_id("deal", "crm:D1")),
        (bob, "deal", record_id("deal", "legacy:O7")),
    }
    [consent] = waiting(store, "consent")
    assert (consent["id"], consent["name"]) == (ann, "news")
    assert consent["payload"] == {"state": "opted_in", "basis": "sign-up form", "source": "crm", "words": None}
    assert [(r["id"], r["name"]) for r in waiting(store, "segment_add")] == [(ann, "vip")]
    assert payloads(store, "event") == [{"id": event_id("opened_email", "crm:2-open"), "class": "machine"}]
    assert load(store, tmp_path, rows, map_, schema).facts == 0


def test_lookups_find_stored_waiting_and_new_records(store: Store, tmp_path: Path) -> None:
    with store.session() as session, session.transaction():
        session.run(
            "INSERT INTO company (bucket, id, external_id, created_at, name, name__n)"
            " VALUES (5, 5, 'x', 1, 'Acme', 'acme')"
        )
    load(store, tmp_path, "id,name\nb,Beta\n", "rows: [{record: company, id: id, set: {name: name}}]")
    map_ = """
        rows:
          - record: company
            id: name
            set: {name: name}
            when: {column: name, not_empty: true}
          - link: contact.company
            of: id
            to: {lookup: name, value: account}
    """
    rows = "id,account,name\n1,ＡＣＭＥ,\n2,beta,\n3,Gamma,Gamma\n4,Delta,\n5,,\n"
    result = load(store, tmp_path, rows, map_)
    assert why(result) == ["5 account: no company has name `Delta`"]
    to = [r["payload"]["to"] for r in waiting(store, "link")]
    assert to == [5, record_id("company", "b"), record_id("company", "Gamma")]


def test_a_link_that_comes_back_is_news(memory: Store, tmp_path: Path) -> None:
    map_ = "rows: [{link: contact.company, of: id, to: to}]"
    for nr, (company, facts) in enumerate([("a", 1), ("b", 1), ("b", 0), ("a", 1)]):
        assert load(memory, tmp_path, f"id,to\n1,{company}\n", map_, now=NOW + nr).facts == facts


@pytest.mark.parametrize(
    ("value", "cell", "stored"),
    [
        ("{column: v, format: '%d.%m.%Y'}", "24.12.2020", instant(2020, 12, 24, 3)),
        ("{column: v, format: ['%d/%m/%Y', '%Y%m%d']}", "20201224", instant(2020, 12, 24, 3)),
        ("{column: v, zone: Asia/Tokyo}", "2020-12-24T09:00", instant(2020, 12, 24)),
        ("v", "2020-12-24 09:00:00+09:00", instant(2020, 12, 24)),
        ("{column: v, format: epoch}", "86400", instant(1970, 1, 2)),
        ("{column: v, format: epoch_ms}", "86400000", instant(1970, 1, 2)),
        ("{column: v, zone: {column: id}, time: '00:00'}", "2020-12-24", None),
        ("v", "2018-11-04", instant(2018, 11, 4, 3)),  # midnight does not exist: an hour later (X13)
        ("{column: v, default: import}", "", NOW),
    ],
)
def test_instants(memory: Store, tmp_path: Path, value: str, cell: str, stored: int | None) -> None:
    rows = f"id,v\nx,{cell}\n"
    result = load(memory, tmp_path, rows, f"rows: [{{record: contact, id: id, at: {value}}}]")
    if stored is None:
        assert why(result) == ["2 v: `x` is no time zone, such as Europe/Berlin"]
    else:
        assert (why(result), waiting(memory)[0]["at"]) == ([], stored)


@pytest.mark.parametrize(
    ("value", "cell", "stored"),
    [
        ("v", "12.345", 1235),
        ("{column: v, rate: 5.4}", "10", 5400),
        ("{column: v, scale: 1000000}", "1.5", 150_000_000),
        ("{column: v, minor: true}", "99", 99),
        ("{column: v, decimal: ','}", "1 234,5", 123450),
        ("{column: v, currency: c, rates: {EUR: 1.1, USD: 1}}", "10", 1100),
        ("{first_of: [{constant: null}, v]}", "7", 700),
    ],
)
def test_amounts(memory: Store, tmp_path: Path, value: str, cell: str, stored: int) -> None:
    rows = f'id,c,v\n1,EUR,"{cell}"\n'
    load(memory, tmp_path, rows, f"rows: [{{record: deal, id: id, set: {{amount: {value}}}}}]")
    assert payloads(memory)[0]["amount"] == stored


def test_a_currency_without_rate_sets_the_row_aside(memory: Store, tmp_path: Path) -> None:
    map_ = "rows: [{record: deal, id: id, set: {amount: {column: v, currency: c, rates: {USD: 1}}}}]"
    assert why(load(memory, tmp_path, "id,c,v\n1,BRL,3\n", map_)) == ["2 c: there is no rate for `BRL`"]


_CELLS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)


@examples(40)
@given(st.lists(st.tuples(st.sampled_from("abcde"), _CELLS, _CELLS), max_size=12), st.integers(1, 5))
def test_any_file_twice_changes_nothing(tmp_path: Path, rows: list[tuple[str, str, str]], cut: int) -> None:
    """Whatever the cells hold: every row is loaded or set aside, and a second import says nothing new."""
    store = Store.memory(standard_schema())
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = "\n".join(["id,mail,name", *quoted]).encode()
    first = load(store, tmp_path, text, CONTACTS)
    assert first.loaded + first.unchanged + first.rejected == len(rows)
    before = waiting(store)
    again = load(store, tmp_path, text, CONTACTS, now=NOW + cut)
    assert (again.loaded, again.rejected, waiting(store)) == (0, first.rejected, before)
    store.close()


def test_what_the_schema_promises_is_kept(tmp_path: Path) -> None:
    """The checker calls `nps > 10` never true, and asks for no fallback where a value is required."""
    nps = Property("nps", Type(Kind.NUMBER), minimum=0, maximum=10)
    fee = Property("fee", Type(Kind.MONEY, currency="USD"), maximum=100)
    schema = contacts_with(nps, fee, Property("code", Type(Kind.TEXT), required=True))
    map_ = "rows: [{record: contact, id: id, set: {nps: nps, fee: fee, code: code}}]"
    rows = "id,nps,fee,code\n1,10,100,a\n2,11,1,a\n3,-1,1,a\n4,1,100.01,a\n5,,,\n6,,,a\n"
    result = load(Store.memory(schema), tmp_path, rows, map_, schema)
    assert result.loaded == 2
    assert [(r.line, r.column, r.why) for r in result.first_rejects] == [
        (3, "nps", "`nps` is never above 10"),
        (4, "nps", "`nps` is never below 0"),
        (5, "fee", "`fee` is never above 100"),
        (6, "code", "`code` is required, it is empty"),
    ]


@pytest.mark.parametrize("when", ["", "        when: [{column: id, not_empty: true}]\n"])
def test_no_text_is_longer_than_a_store_takes(make_store: Make, tmp_path: Path, when: str) -> None:
    """A key or address has an index, whose pages hold so many bytes; both ways a map's rows are worked on."""
    company = standard_schema().objects["company"]
    schema = replace(standard_schema(), objects=standard_schema().objects | {"company": replace(company, key="domain")})
    map_ = f"""rows:
      - record: company
        id: id
{when}        set: {{domain: domain, name: name}}
    """
    most = "é" * (INDEXED // 2)
    domains = ["a.example", "x" * INDEXED, most, "x" * (INDEXED + 1), most + "x", "e.example", "f.example"]
    names = ["A", "B", "C", "D", "E", "x" * LONGEST, "x" * (LONGEST + 1)]
    rows = "".join(f"{n},{domain},{name}\n" for n, (domain, name) in enumerate(zip(domains, names, strict=True)))
    result = load(make_store(schema), tmp_path, "id,domain,name\n" + rows, map_, schema)
    assert result.loaded == 4
    assert why(result) == [
        "5 domain: a key or address is at most 2,600 bytes long",
        "6 domain: a key or address is at most 2,600 bytes long",
        "8 name: the text is 200,001 characters long; 200,000 are the most",
    ]
