"""The forms, surveys and the snippet of the company manual, as its people use them (P6, P7, P10-P13)."""

from __future__ import annotations

from runtime.forms.submitting import submit
from runtime.store.ids import record_id
from runtime.writing import notes, snippets
from tests.runtime.playbooks.conftest import SUZUKI, Company
from tests.runtime.surveys.conftest import ask, reply, told


def test_p13_a_form_brings_slack_a_ticket_with_its_owner_and_consent(company: Company) -> None:
    world = company.world.contact("ann", owner="tanaka").run_to("03-02 09:00")
    session = world.deliver().engine.session
    said = {
        "email": "hana@b.example",
        "family_name": "佐藤",
        "given_name": "花",
        "company": "株式会社B",
        "text": "質問",
    }
    done = submit(session, company.loaded, "landinghub", said | {"site": "https://b.example", "agrees": True}, SUZUKI)
    world.run_to("03-02 09:05")
    (ticket,) = world.sql("SELECT subject, kind, pipeline, owner, requested_url FROM ticket")
    assert ticket[1:3] == ("landinghub", "success_inquiries") and ticket[3] in ("suzuki", "nowak")
    assert ticket[4] == "https://b.example" and "佐藤" in ticket[0]
    assert world.sql("SELECT name FROM company") == [("株式会社B",)] and done.new_contact
    assert world.sql("SELECT state, basis, words FROM segue_consent") == [
        ("opted_in", "form landinghub", "「お知らせの受け取りに同意する」にチェック（2026年3月版）")
    ]
    assert world.sql("SELECT count(*) FROM segue_outbox WHERE kind = 'slack'")[0][0] >= 1
    again = submit(session, company.loaded, "demo", {"email": "HANA@b.example", "company": "株式会社Ｂ"}, SUZUKI)
    assert again.contact_id == done.contact_id and again.linked == ()


def test_p6_p7_suc_brings_up_the_six_fields(company: Company) -> None:
    world = company.world.contact("ann").deal("d1", "ann", "03-02 08:00", stage="contract").run_to("03-02 09:00")
    session = world.deliver().engine.session
    assert [s.shortcut for s in snippets.listed(company.loaded, "email")] == ["#suc"]
    ann = record_id("contact", "ann")
    made = notes.add(session, company.loaded, "contact", ann, SUZUKI, text="#SUC\n以上")
    assert made.body == "連絡手段:\n連絡先:\n担当者:\n会話内容:\n決定事項:\n共有事項:\n以上"
    world.run_to("03-02 09:05")
    deal = notes.listed(session, company.loaded.schema, "deal", record_id("deal", "d1"))
    assert [note.body for note in deal] == [made.body]


def test_p12_invited_answered_and_not_asked_again(company: Company) -> None:
    world = company.world.contact("ann", owner="tanaka").contact("bob", owner="tanaka").run_to("03-02 09:00")
    (ann, _) = ask(world, "nps", "ann", "bob").invited
    reply(world, ann.token, score=4, reason="price")
    assert len(ask(world, "nps", "ann", "bob").lately) == 1
    world.run_to("03-02 09:05")
    (one,) = told(world, "nps")
    assert (one.invited, one.responded, one.figures.value) == (3, 1, -100.0)
    assert world.sql("SELECT unhappy_because FROM contact WHERE nps = 4") == [("price",)]
