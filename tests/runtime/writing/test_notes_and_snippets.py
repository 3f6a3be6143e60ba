"""Notes with the six-field template, tied to what they are about, and snippets with a contact's fields (P6, P7, P9)."""

from __future__ import annotations

import pytest

from runtime.access.roles import Actor
from runtime.errors import InvalidInput, NotAllowed, UnknownName
from runtime.store.ids import record_id
from runtime.writing import notes, snippets
from tests.runtime.engine.harness import PROJECT, MakeWorld, World
from tests.runtime.talks.conftest import loaded

REP = Actor("rep", "rep")
JAPANESE = PROJECT.replace("currency: EUR", "currency: JPY, locale: ja")
RULES = '''
snippet "#Suc" "Contact note" { use_in: note, email text: """
  Decisions of {{ contact.full_name }}, {{ contact.phone | default: 'no phone' }}:
  {{ sender.name }} at {{ account.name }}
""" }
snippet "#chat" "Hello" { use_in: chat text: "Hello {{ contact.full_name }}" }
'''


def begun(worlds: MakeWorld, **settings: object) -> World:
    world = worlds(RULES, **settings).contact("ann", first_name="Ann", last_name="Ito").contact("bob")
    world.company("Acme", "ann").deal("d1", "ann", "03-02 08:00", stage="proposal").deal("d2", "bob", "03-02 08:00")
    world.record("ticket", "t1", "03-02 08:00", subject="Help")
    return world.run_to("03-02 09:00")


def add(world: World, name: str, of: str = "contact", who: Actor = REP, **given: object) -> notes.Noted:
    ties = [(other, record_id(other, one)) for other, one in given.pop("ties", ())]
    return notes.add(world.engine.session, loaded(world), of, record_id(of, name), who, ties=ties, **given)


def bodies(world: World, of: str, name: str, **given: object) -> list[tuple[str, str | None]]:
    found = notes.listed(world.engine.session, world.program.schema, of, record_id(of, name), **given)
    return [(note.body, note.of) for note in found]


def test_p7_the_template_has_six_fields_in_the_projects_language(worlds: MakeWorld) -> None:
    world = begun(worlds)
    assert notes.template(loaded(world)).split("\n")[0] == "Channel:"
    ours = begun(lambda *a, **k: World(*a, **k), project=JAPANESE)
    blank = "連絡手段:\n連絡先:\n担当者:\n会話内容:\n決定事項:\n共有事項:"
    assert notes.template(loaded(ours)) == blank
    done = add(ours, "ann", fields={"連絡手段": "メール", "decisions": "進める"})
    assert done.body.split("\n")[:3] == ["連絡手段: メール", "連絡先: Ann Ito", "担当者: Rep One"]
    assert done.body.split("\n")[4] == "決定事項: 進める" and done.lacking == ()
    ours.close()


def test_p7_a_note_is_kept_and_tied(worlds: MakeWorld) -> None:
    world = begun(worlds)
    done = add(world, "ann", fields={"channel": "mail"}, text="Own words", ties=[("ticket", "t1"), ("ticket", "t1")])
    assert [of for of, _ in done.tied] == ["contact", "ticket"]
    world.run_to("03-02 09:05")
    assert bodies(world, "contact", "ann") == bodies(world, "ticket", "t1") == [(done.body, None)]
    assert done.body.endswith("Shared matters:\nOwn words")
    assert world.sql("SELECT owner FROM note") == [("rep",)]
    assert world.sql("SELECT by_user, act, object, refused FROM segue_audit") == [("rep", "note", "contact", 0)]


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ({"fields": {"channel": "Phone"}}, ("deal",)),
        ({"fields": {"channel": "電話"}}, ("deal",)),
        ({"text": "連絡手段： 電話"}, ("deal",)),
        ({"fields": {"channel": "by telephone"}, "ties": [("deal", "d1")]}, ()),
        ({"fields": {"channel": "mail", "conversation": "about a phone"}}, ()),
        ({"text": "we talked by phone"}, ()),
    ],
)
def test_p7_a_talk_by_phone_belongs_to_its_deal(given: dict[str, object], lacking: tuple[str, ...]) -> None:
    world = begun(lambda *a, **k: World(*a, **k))
    assert add(world, "ann", **given).lacking == lacking
    world.close()


def test_p9_what_is_on_a_contact_shows_on_company_and_deal(worlds: MakeWorld) -> None:
    world = begun(worlds)
    add(world, "ann", text="first")
    world.run_to("03-02 09:05")
    add(world, "d1", "deal", text="second")
    add(world, "bob", text="of another")
    world.run_to("03-02 09:10")
    add(world, "ann", text="third", ties=[("deal", "d1")])
    world.run_to("03-02 09:15")
    assert bodies(world, "company", "Acme") == [("third", "Ann Ito"), ("first", "Ann Ito")]
    assert bodies(world, "deal", "d1") == [("third", None), ("second", None), ("first", "Ann Ito")]
    assert bodies(world, "contact", "ann") == [("third", None), ("first", None)]
    assert bodies(world, "deal", "d1", limit=1) == [("third", None)]
    page = notes.listed(world.engine.session, world.program.schema, "deal", record_id("deal", "d1"), 1)
    last = page[0].at, page[0].id
    assert [body for body, _ in bodies(world, "deal", "d1", before=last)] == ["second", "first"]


def test_p7_what_cannot_be_noted_is_said_and_nothing_is_written(worlds: MakeWorld) -> None:
    world = begun(worlds)
    for given, words in (
        ({}, "says nothing"),
        ({"text": " \n"}, "says nothing"),
        ({"fields": {"chanel": "x"}}, "no field `chanel`"),
        ({"text": "x" * 100_001}, "longer than"),
    ):
        with pytest.raises((InvalidInput, UnknownName), match=words):
            add(world, "ann", **given)
    with pytest.raises(NotAllowed, match="may not write notes"):
        add(world, "ann", who=Actor("vic", "viewer"), text="x")
    assert world.sql("SELECT count(*) FROM segue_inbox") == [(0,)]


def test_p6_a_shortcut_is_found_in_any_letters_and_filled(worlds: MakeWorld) -> None:
    world = begun(worlds)
    project, session = loaded(world), world.engine.session
    for shortcut in ("#suc", "#SUC", "suc", "＃ＳＵＣ"):
        assert snippets.found(project, shortcut).shortcut == "#Suc"
    suc = snippets.found(project, "#suc")
    assert "{{ contact.full_name }}" in snippets.written(suc)
    filled = snippets.filled(session, project, suc, record_id("contact", "ann"), REP)
    assert filled.strip() == "Decisions of Ann Ito, no phone:\nRep One at test"
    nobody = snippets.filled(session, project, suc, None, REP)
    assert "Decisions of {{ contact.full_name }}" in nobody and "Rep One" in nobody
    with pytest.raises(UnknownName) as unknown:
        snippets.found(project, "#sux")
    assert "#Suc" in unknown.value.hint
    with pytest.raises(NotAllowed):
        snippets.filled(session, project, suc, None, Actor("vic", "viewer"))


def test_p6_a_line_of_its_own_becomes_the_snippet(worlds: MakeWorld) -> None:
    world = begun(worlds)
    done = add(world, "d1", "deal", text="Before\n #SUC \n#chat\n#none\nsee #suc", ties=[("contact", "ann")])
    assert done.body == ("Before\nDecisions of Ann Ito, no phone:\nRep One at test\n#chat\n#none\nsee #suc")
    assert [s.shortcut for s in snippets.listed(loaded(world), "chat")] == ["#chat"]
