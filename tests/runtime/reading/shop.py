"""A small shop that ran for two weeks: workflows with branches and goals, segments that people joined and left, tasks,
companies. What the rooms of the terminal app are tried on."""

from __future__ import annotations

from pathlib import Path

from runtime.project.loading import Settings, load_settings
from tests.runtime.engine.harness import PROJECT, SCHEMA, TEMPLATES, World

RULES = f"""\
segment trials "On trial" of contact {{
  plan = trial and country is known
}}

segment paying "Paying" of contact {{
  plan = paid
}}

static segment press "Press list" of contact

workflow greet "Greet a trial" of contact {{
  when: in segment trials
  goal: plan = paid
  sender: rep
  if country = "PL" {{
    task call "Call {{{{ contact.full_name }}}} in Polish" to rep due in 1 business day priority high
  }} else {{
    send intro
  }}
  wait until replied up to 2 days else {{
    task todo "Ask {{{{ contact.full_name }}}} again" to amy
  }}
  wait 3 days
}}

sequence follow "Follow up" {{
  when: manually
  sender: rep
  task call "Call {{{{ contact.full_name }}}}" to rep due in 1 business day
  send case
}}

{TEMPLATES["intro"]}

{TEMPLATES["case"]}
"""
SETTINGS = (
    PROJECT.replace("name: test", "name: Bright Bikes\nstore: sqlite:///crm.db")
    .replace("rep: {name: Rep One,", "rep: {name: Rep One, role: rep,")
    .replace("amy: {name: Amy Two,", "amy: {name: Amy Two, role: operator,")
)
NAMES = ("佐藤", "Łucja", "Ann", "Bob", "Cid", "Dot")


def lived(world: World) -> World:
    """Six people: three in Poland. Two pay later, one replies; two work at one company."""
    world.company("acme", at="03-02 08:00", domain="acme.example", industry="rail")
    world.company("zeta", at="03-02 08:00", domain="zeta.example")
    for i, first in enumerate(NAMES):
        country = "PL" if i % 2 else "JP"
        name = f"p{i}"
        world.contact(
            name, at=f"03-0{3 + i % 3} 09:00", first_name=first, last_name="Nowak", country=country, plan="trial"
        )
        world.link("contact", name, "company", "acme" if i < 2 else "zeta", at=f"03-0{3 + i % 3} 09:01")
    world.enroll("p0", "sequence follow", at="03-04 10:00")
    world.event("p1", "replied", at="03-05 12:00")
    world.set("p2", at="03-06 12:00", plan="paid")
    world.set("p3", at="03-10 12:00", plan="paid")
    world.member("p4", "press", at="03-07 10:00")
    return world.run_to("03-13 18:00")


def made_shop(folder: Path) -> Settings:
    """The same as a project in a folder, with its store."""
    world = World(RULES, f"sqlite:///{folder / 'crm.db'}", project=SETTINGS)
    try:
        lived(world)
    finally:
        world.close()
    (folder / "segue.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "schema.yaml").write_text(SCHEMA, encoding="utf-8")
    (folder / "rules.segue").write_text(RULES, encoding="utf-8")
    return load_settings(folder)
