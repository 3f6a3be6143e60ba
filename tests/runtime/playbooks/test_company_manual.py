"""The company manual at work: talks, hygiene, pipelines and reports of the library, over the very engine."""

from __future__ import annotations

import pytest

from runtime.errors import InvalidInput
from runtime.hygiene import Findings, fix
from runtime.pipelines import acts, making
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
        needed = {each: "x" for stage in pipeline.stages for each in stage.needs}
        making.create(
            world.engine.session, company.loaded, "ticket", {"subject": label} | needed, [], SUZUKI, pipeline=name,
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


def test_p4_who_came_through_an_agency_is_asked_for_it(company: Company) -> None:
    world = company.world.contact("ann", owner="tanaka")
    world.record("deal", "d", "03-02 08:00", name="取引", pipeline="sales", stage="contract")
    world.link("deal", "d", "contact", "ann", "03-02 08:00").run_to("03-02 09:00")
    said = {"advertiser": "A-77", "channel": "電話", "taker": "suzuki", "talk": "はい", "outcome": "引き継ぎ完了"}
    with pytest.raises(InvalidInput):
        company.talk("handover", "d", agency="yes", **said)
    company.talk("handover", "d", agency="yes", agency_name="代理店", **said)


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
