"""A small sales office in Warsaw and Tokyo: deals and tickets in pipelines with Polish and Japanese names."""

from __future__ import annotations

from pathlib import Path

from runtime.project.loading import Settings
from runtime.store import meta
from runtime.store.store import Store
from tests.runtime.engine.harness import PROJECT, World

SETTINGS = (
    PROJECT.replace("name: test", "name: Bright Bikes\nstore: sqlite:///crm.db")
    .replace("rep: {name: Rep One,", "rep: {name: Rep One, role: rep,")
    .replace("amy: {name: Amy Two,", "amy: {name: 田中 あみ, role: operator,")
    .replace("mute: {name: Mute}", "mute: {name: Mute, role: viewer}")
)
SCHEMA = """
extends: standard
objects:
  deal:
    properties: {advertiser_id: {type: text, label: 広告主ID}}
    associations: {contact: {to: contact, many: true, required: warning}}
  ticket:
    associations: {deal: {to: deal, many: true, required: error}}
pipelines:
  deal:
    sales:
      label: Sprzedaż
      stages:
        - {name: talk, label: Rozmowa}
        - {name: offer, label: Oferta złożona}
        - {name: contract, label: Umowa}
        - {name: won, label: Wygrana, closed: true, won: true}
        - {name: lost, label: Przegrana, closed: true}
      rules: {create_in: [talk, offer], skip: false, back: false}
    agency:
      label: 代理店
      stages: [{name: asked, label: 打診中}, {name: signed, label: 契約済み, closed: true, won: true}]
  ticket:
    success_inquiries:
      label: 【サクセス】問合せ対応
      stages: [{name: new, label: 新規}, {name: open, label: 対応中}, {name: done, label: 完了, closed: true}]
"""
RULES = """\
segment big "Big deals" of deal {
  amount > 5000 EUR
}

workflow greet "Greet" of contact {
  when: first_name is known
  wait 30 days
}

workflow stale "Stale talks" of deal {
  when: stage = talk
  wait 2 days
  task call "Call about {{ deal.name }}" to amy due in 1 business day
  wait 30 days
}
"""
_NAMES = (
    "Rowery miejskie dla urzędu",
    "自転車シェアリング",
    "Hulajnogi",
    "Fleet of 40 cargo bikes",
    "駅前駐輪場の更新",
)


def lived(world: World) -> World:
    """Ten deals of the Polish pipeline, seven of them being talked about; two of the Japanese one; three tickets."""
    world.record("company", "acme", "03-02 08:00", name="Acme Rail", domain="acme.example")
    for name, first in (("ann", "Łucja"), ("sato", "佐藤")):
        world.contact(name, at="03-02 08:30", first_name=first, last_name="Nowak")
        world.link("contact", name, "company", "acme", at="03-02 08:31")
        world.event(name, "replied", at="03-05 10:00")
    stages = ("talk",) * 7 + ("offer", "contract", "won")
    for i, stage in enumerate(stages):
        name = f"d{i}"
        said = {"name": f"{_NAMES[i % 5]} {i}", "amount": f"{(i + 1) * 1250}.50", "advertiser_id": f"A-{i}"}
        owner = "rep" if i % 2 else "amy"
        world.record(
            "deal", name, f"03-02 0{9 + i // 10}:{10 + i}", pipeline="sales", stage="talk", owner=owner, **said
        )
        world.link("deal", name, "contact", "ann" if i % 2 else "sato", at="03-02 10:30")
        if i % 3 == 0:
            world.link("deal", name, "company", "acme", at="03-02 10:01")
        if stage != "talk":
            world.set(name, at=f"03-0{3 + i % 4} 11:00", of="deal", stage=stage)
    for i in range(2):
        world.record("deal", f"j{i}", "03-03 09:00", pipeline="agency", stage="asked", name=f"代理店契約 {i}")
    for i in range(3):
        place = {"pipeline": "success_inquiries", "stage": "new"}
        world.record("ticket", f"t{i}", f"03-04 09:0{i}", subject=f"ログインできない {i}", owner="amy", **place)
        world.link("ticket", f"t{i}", "deal", "d1", at="03-04 10:00")
        world.link("ticket", f"t{i}", "contact", "ann", at="03-04 10:00")
    return world.run_to("03-09 12:00")


def made_office(folder: Path) -> None:
    """The same as a project in a folder, with its store; its clock stands still."""
    world = World(RULES, f"sqlite:///{folder / 'crm.db'}", schema=SCHEMA, project=SETTINGS)
    try:
        lived(world)
    finally:
        world.close()
    (folder / "segue.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "schema.yaml").write_text(SCHEMA, encoding="utf-8")
    (folder / "rules.segue").write_text(RULES, encoding="utf-8")
    with Store.open(f"sqlite:///{folder / 'crm.db'}") as store, store.session() as session, session.transaction():
        meta.write(session, "clock_kind", "virtual")


def with_rules(office: Settings, more: str) -> Settings:
    """The office with more rules than it was made with."""
    rules = office.root / "rules.segue"
    rules.write_text(rules.read_text(encoding="utf-8") + more, encoding="utf-8")
    return office
