"""The company manual at work: talks, hygiene, pipelines and reports of the library, over the very engine."""

from __future__ import annotations

import pytest

from runtime.broadcasts import sending
from runtime.errors import InvalidInput
from runtime.hygiene import Findings, fix
from runtime.pipelines import acts, making
from runtime.reports.asking import Reports
from runtime.times.zones import MINUTE
from tests.runtime.playbooks.conftest import SUZUKI, Company

PIPELINES = [
    ("cs_tracking", "【CS】トラッキングテスト・タグ案内状況"),
    ("cs_additional_program", "【CS】追加プログラム開始"),
    ("media_incentive", "【メディア】インセンティブ掲載承認・変更・停止依頼"),
    ("consulting_reviews", "【コンサル】口コミ募集プログラム"),
    ("consulting_seminar", "【コンサル】オンラインセミナー"),
    ("consulting_options", "【コンサル】オプション"),
    ("success_internal", "【サクセス】社内問合せ"),
    ("success_inquiries", "【サクセス】問合せ対応"),
    ("existing_contracts", "【既存】契約管理"),
]


def test_nine_ticket_pipelines_take_and_close_tickets(company: Company) -> None:
    world = company.world.run_to("03-02 09:00")
    for name, label in PIPELINES:
        pipeline = world.program.schema.pipelines["ticket", name]
        assert pipeline.label == label
        making.create(
            world.engine.session, company.loaded, "ticket", {"subject": label}, [], SUZUKI, pipeline=name,
            external_id=name,
        )  # fmt: skip
    for name, _ in PIPELINES:
        stages = world.program.schema.pipelines["ticket", name].stages
        end = next(n for n, stage in enumerate(stages) if stage.closed)
        for stage in stages[1 : end + 1]:
            world.run_to(world.local(world.now + MINUTE))
            acts.move(world.engine.session, company.loaded, "ticket", [name], stage.name, SUZUKI)
    world.run_to("03-02 12:00")
    stands = dict(world.sql("SELECT pipeline, stage FROM ticket"))
    assert stands.keys() == {name for name, _ in PIPELINES}
    known = world.program.schema.pipelines
    assert all(s.closed for name, stage in stands.items() for s in known["ticket", name].stages if s.name == stage)


def test_p8_an_additional_program_leaves_out_no_stage(company: Company) -> None:
    world = company.world.record(
        "ticket", "t", "03-02 08:00", subject="t", pipeline="cs_additional_program", stage="new"
    )
    world = company.world.run_to("03-02 09:00")
    with pytest.raises(InvalidInput):
        acts.move(world.engine.session, company.loaded, "ticket", ["t"], "started", SUZUKI)


def test_p5_the_handover_notes_writes_back_and_starts_a_ticket(company: Company) -> None:
    world = company.world.contact("ann", last_name="田中", owner="tanaka")
    world.record("deal", "d", "03-02 08:00", name="取引", pipeline="sales", stage="contract", owner="tanaka")
    world.link("deal", "d", "contact", "ann", "03-02 08:00").run_to("03-02 09:00")
    company.talk(
        "handover", "d", outcome="確認待ち", advertiser="A-77", channel="電話", agency="no", talk="来週から始めたい",
        decided="LPは一つ",
    )  # fmt: skip
    world.run_to("03-02 09:05")
    assert world.sql("SELECT advertiser_id FROM deal") == [("A-77",)]
    assert world.sql("SELECT pipeline, stage, subject, owner FROM ticket") == [
        ("cs_additional_program", "new", "A-77 を立ち上げる", "suzuki")
    ]
    assert len(world.sql("SELECT 1 FROM link_ticket_deal")) == 1
    notes = [body for (body,) in world.sql("SELECT body FROM note")]
    assert any("連絡手段: 電話" in body and "決定事項: LPは一つ" in body and "共有事項: なし" in body for body in notes)
    assert world.sql("SELECT kind FROM segue_task") == [("call",)]


def test_p4_who_came_through_an_agency_is_asked_for_it(company: Company) -> None:
    world = company.world.contact("ann", owner="tanaka")
    world.record("deal", "d", "03-02 08:00", name="取引", pipeline="sales", stage="contract")
    world.link("deal", "d", "contact", "ann", "03-02 08:00").run_to("03-02 09:00")
    said = {"advertiser": "A-77", "channel": "電話", "talk": "はい", "outcome": "引き継ぎ完了"}
    with pytest.raises(InvalidInput):
        company.talk("handover", "d", agency="yes", **said)
    company.talk("handover", "d", agency="yes", agency_name="代理店", **said)


def test_p3_discovery_keeps_what_it_learns(company: Company) -> None:
    world = company.world.contact("ann", owner="tanaka").run_to("03-02 09:00")
    company.talk("discovery", "ann", outcome="留守", role="decision_maker", budget="500000", interest="pricing")
    world.run_to("03-02 09:05")
    assert world.sql("SELECT buying_role, interest FROM contact") == [("decision_maker", "pricing")]
    assert world.tasks("ann")[0][1] == "call"


def test_p15_names_are_put_right_or_shown(company: Company) -> None:
    world = company.world
    for who, last, first in [
        ("sama", "田中様", "太郎"),
        ("prefix", "A8 田中", "太郎"),
        ("half", "田中", None),
        ("shop", "Unicorn Shop", "太郎"),
        ("kabu", "株式会社一角", "太郎"),
        ("good", "田中", "太郎"),
    ]:
        world.contact(who, last_name=last, first_name=first, owner="tanaka")
    world.company("Unicorn Shop", "shop").run_to("03-02 09:00")
    fix(world.engine.session, company.loaded, "names", SUZUKI, 50)
    world.run_to("03-02 09:05")
    names = dict(world.sql("SELECT external_id, last_name FROM contact"))
    assert (names["sama"], names["prefix"], names["good"]) == ("田中", "田中", "田中")
    queue = {(f.external_id, f.words) for f in Findings(world.engine.session, company.loaded).queue("names")}
    assert queue == {
        ("half", "姓と名の両方が必要"),
        ("shop", "姓に会社名が入っている"),
        ("kabu", "姓に会社名・サービス名が入っている"),
    }


def test_p15_what_is_not_tied_is_shown(company: Company) -> None:
    world = company.world
    world.record("deal", "d", "03-02 08:00", name="取引", pipeline="sales", stage="contract")
    world.record("ticket", "t", "03-02 08:00", subject="t", pipeline="success_internal", stage="new")
    world.record("call", "c", "03-02 08:00", subject="電話")
    world.run_to("03-02 09:00")
    findings = Findings(world.engine.session, company.loaded)
    assert {f.words for f in findings.queue("deals")} == {"広告主IDが必要", "取引には必ずコンタクトを結び付ける"}
    assert [f.external_id for f in findings.queue("tickets")] == ["t"]
    assert [f.external_id for f in findings.queue("calls")] == ["c"]


def test_p14_the_dashboards_count_and_measure(company: Company) -> None:
    world = company.world
    for n, (owner, kind, at) in enumerate(
        [("suzuki", "質問", "02-10 09:00"), ("suzuki", "質問", "03-03 09:00"), ("nowak", "不具合", "03-03 10:00")]
    ):
        values = {"subject": "s", "pipeline": "success_inquiries", "stage": "new", "owner": owner, "kind": kind}
        world.record("ticket", f"t{n}", at, False, **values)
    world.record(
        "deal", "d", "03-03 09:00", name="取引", pipeline="sales", stage="won", amount=1_200_000, close_on="2026-03-20"
    )
    world.run_to("03-10 09:00")
    reports = Reports(world.engine.session, world.program, world.now)
    by_person = {row.keys: row.cells[0].value for row in reports.run("inquiries_by_person").rows}
    assert by_person[("2026-03-01", "suzuki", "質問")] == 1 and by_person[("2026-02-01", "suzuki", "質問")] == 1
    assert by_person[("2026-03-01", "nowak", "不具合")] == 1
    (progress, *_) = reports.dashboard("progress")
    assert [(row.keys, row.cells[0].value) for row in progress.rows if row.cells[0].value] == [
        (("2026-03-01",), 1_200_000)
    ]
    for name in ("success_team", "survey_results"):
        assert len(reports.dashboard(name)) == 3


def test_l14_bulk_mails_go_to_those_they_are_for(company: Company) -> None:
    world = company.world
    for who in ("ann", "bob", "eve", "joe"):
        world.contact(who, owner="tanaka", lifecycle_stage="lead" if who == "joe" else "customer")
        world.consent(who, "newsletter", "opted_in", "03-02 08:01")
    world.event("eve", "bounced", at="03-02 08:02", kind="hard")
    for name, pipeline, whose in [("test", "cs_tracking", "ann"), ("list", "media_incentive", "bob")]:
        world.record("ticket", name, "03-02 08:00", subject=name, pipeline=pipeline, stage="new")
        world.link("ticket", name, "contact", whose, "03-02 08:00")
    world.run_to("03-02 09:00")
    sending.send(world.engine.session, company.loaded, "feature_request", SUZUKI)
    sending.send(world.engine.session, company.loaded, "incentive_request", SUZUKI)
    world.run_to("04-01 12:00")
    asked, listed = ("03-02 09:01", "ask_for_features"), ("03-02 09:01", "ask_for_incentives")
    assert [sorted(world.mails(who)) for who in ("ann", "bob", "eve", "joe")] == [
        [asked, listed, ("04-01 10:00", "ask_for_tests")],
        [asked],
        [],
        [],
    ]


def test_p10_p11_answers_of_the_three_surveys_are_kept_and_told(company: Company) -> None:
    world = company.world.contact("ann", owner="tanaka").contact("bob", owner="tanaka").run_to("03-02 09:00")
    company.talk("nps", "ann", kind="survey", score="3", reason="price")
    company.talk("nps", "bob", kind="survey", score="10")
    company.talk("ces", "ann", kind="survey", score="2", where="登録")
    company.talk("ces", "bob", kind="survey", score="6")
    company.talk("media_satisfaction", "bob", kind="survey", score="5")
    for score, more in [("11", {}), ("7", {"reason": "price"})]:
        with pytest.raises(InvalidInput):
            company.talk("nps", "ann", kind="survey", score=score, **more)
    world.run_to("03-02 09:05")
    assert set(world.sql("SELECT nps, unhappy_because FROM contact")) == {(3, "price"), (10, None)}
    assert [(who, words) for _, who, words in world.notes("ann")] == [("suzuki", "ann@x.example は手間がかかった")]
    assert world.notes("bob") == []
    told = [
        result.rows for result in Reports(world.engine.session, world.program, world.now).dashboard("survey_results")
    ]
    assert [[cell.value for row in rows for cell in row.cells] for rows in told] == [[0, 2], [4, 2], [100, 1]]
