"""`why` proves every form of condition that the engine runs."""

from pathlib import Path

from dsl.source import Source
from runtime.operators.listing import members
from runtime.project.loading import load, open_store
from runtime.why.definitions import why

from .conftest import Segue

SCHEMA = Source(
    "schema.yaml",
    """
extends: standard
objects:
  contact:
    properties:
      plan: {type: choice, options: [free, trial, paid]}
      nps: {type: number}
      vip: {type: bool, default: false}
      joined_on: {type: date}
      interests: {type: multi_choice, options: [tea, coffee]}
topics:
  news: {label: News, kind: marketing}
""",
)

FORMS = """\
plan = trial
plan != trial
plan in [trial, paid]
plan not in [trial, paid]
nps >= 9
nps between 1 and 6
vip = true
email contains "@example.com"
first_name starts with "A"
first_name ends with "z"
plan is missing
plan is known
joined_on within 14 days
joined_on within next 2 weeks
created_at older than 60 days
created_at > 2026-03-02
company.industry = "software"
company.name is known
has clicked_email
has clicked_email at least 2 times within 30 days
has clicked_email including machines within 1 month
has clicked_email(link.url contains "/pricing")
has opened_email(template = welcome)
has never purchased
has not purchased within 60 days
has purchased(amount > 100 USD) within 1 year
has purchased(product = "tea" or product = "coffee")
has acted within 3 hours
any deal
no deal
any deal (stage = proposal and amount > 1_000 USD)
every deal (amount is known)
no ticket (priority = high)
count(deal) >= 2
count(deal (amount is known)) = 3
in segment others
not in segment others
subscribed to news
opted out of news
in sequence other
plan = trial and created_at within 14 days
plan = trial or created_at within 14 days
plan = trial and (vip = true or nps > 3)
not (plan is known and vip = true)
not has clicked_email""".splitlines()

REST = """
segment others of contact { plan = free }
template welcome { topic: news  subject: "Hello"  body: \"\"\"Hello\"\"\" }
sequence other { when: manually  sender: mia  send welcome }
"""


def test_why_proves_every_form(segue: Segue, project: Path) -> None:
    """Each form as a workflow's `only`: true or false is the same as what the segment of it says of the person."""
    (project / "schema.yaml").write_text(
        SCHEMA.text.replace("topics:", "topics:\n  outreach: {label: O, kind: one_to_one}")
    )
    workflows = "".join(
        f"workflow w{i} of contact {{\n  when: manually\n  only: {text}\n  set vip = true\n}}\n"
        f"segment s{i} of contact {{ {text} }}\n"
        for i, text in enumerate(FORMS)
        if "has not" not in text and "has never" not in text
    )
    (project / "rules/letters.segue").unlink()
    (project / "rules/trials.segue").unlink()
    (project / "rules/all.segue").write_text((workflows + REST).replace(" USD", " EUR"))
    assert segue("migrate").code == 0
    ran = segue("run", "--until", "2026-03-10")
    assert ran.code == 0, ran.err
    loaded = load(project)
    names = [name for _, name in loaded.program.definitions if name.startswith("w")]
    assert len(names) > 30
    with open_store(loaded, readonly=True) as store, store.session() as session:
        for name in names:
            found = why(session, loaded, "ann@example.net", name)
            only = next(s for s in found.settings if s.name == "only")
            inside = members(session, loaded.schema, f"s{name[1:]}").shown
            assert only.parts[0].holds == ("1" in [m.external_id for m in inside]), only
