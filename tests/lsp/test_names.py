"""Definition, references and renaming, over rule files, tests and both YAML files."""

import pytest

from lsp.names import declarations, named_at, uses
from lsp.project import Project
from lsp.renaming import Impossible, renamed

from .projects import FILES, find, opened


def places(project: Project, file: str, words: str, after: str = "") -> list[str]:
    """Where the thing there is named, as `file: its line`."""
    _, offset = find(project, file, words, after)
    found = uses(project, [use.thing for use in named_at(project, file, offset)])
    return [f"{u.span.file}:{project.sources[u.span.file].position(u.span.start)[0]}" for u in found]


def after_renaming(project: Project, file: str, words: str, new: str, after: str = "") -> dict[str, str]:
    """The files that change, with their new texts."""
    source, offset = find(project, file, words, after)
    texts: dict[str, str] = {}
    for edit in sorted(renamed(project, source, offset, new), key=lambda e: -e.span.start):
        text = texts.get(edit.span.file, project.sources[edit.span.file].text)
        texts[edit.span.file] = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return texts


@pytest.mark.parametrize(
    ("file", "words", "after", "where"),
    [
        ("care.segue", "trials", "", ["segments.segue:1"]),
        ("care.segue", "hello", "send ", ["mails.segue:1"]),
        ("tests/care.segue", "care", "of ", ["care.segue:1"]),
        ("segments.segue", "plan", "", ["schema.yaml:5"]),
        ("segments.segue", "trial ", "= ", ["schema.yaml:5"]),
        ("mails.segue", "plan", "contact.", ["schema.yaml:5"]),
        ("segments.segue", "size", "", ["schema.yaml:10"]),
        ("mails.segue", "news", "", ["schema.yaml:13"]),
        ("care.segue", "mia", "", ["segue.yaml:6"]),
        ("segue.yaml", "tokyo", "calendar: ", ["segue.yaml:4"]),
        ("segue.yaml", "mia", "sales: [", ["segue.yaml:6"]),
        ("care.segue", "purchased", "", []),
        ("care.segue", "wait", "", []),
    ],
)
def test_definition(project: Project, file: str, words: str, after: str, where: list[str]) -> None:
    _, offset = find(project, file, words, after)
    things = [use.thing for use in named_at(project, file, offset)]
    found = declarations(project, things)
    assert [f"{s.file}:{project.sources[s.file].position(s.start)[0]}" for s in found] == where


@pytest.mark.parametrize(
    ("file", "words", "after", "where"),
    [
        ("segments.segue", "trials", "", ["care.segue:2", "segments.segue:1", "segments.segue:2"]),
        ("mails.segue", "hello", "", ["care.segue:6", "mails.segue:1", "tests/care.segue:6"]),
        ("schema.yaml", "trial", "", ["segments.segue:1", "tests/care.segue:3", "schema.yaml:5"]),
        (
            "schema.yaml",
            "news",
            "",
            ["care.segue:3", "mails.segue:2", "mails.segue:6", "tests/care.segue:4", "schema.yaml:13"],
        ),
        ("segue.yaml", "mia", "users:\n  ", ["care.segue:4", "segue.yaml:6", "segue.yaml:8"]),
    ],
)
def test_references(project: Project, file: str, words: str, after: str, where: list[str]) -> None:
    assert places(project, file, words, after) == where


@pytest.mark.parametrize(
    ("file", "words", "after", "new"),
    [
        ("segments.segue", "trials", "", "試用中"),
        ("segments.segue", "休眠顧客", "", "sleeping"),
        ("mails.segue", "hello", "", "welcome"),
        ("care.segue", "care", "", "zażółć"),
        ("schema.yaml", "news", "", "offers"),
        ("segue.yaml", "mia", "users:\n  ", "mia_2"),
        ("schema.yaml", "trial", "", "trying"),
        ("schema.yaml", "plan", "", "tariff"),
        ("schema.yaml", "誕生日", "", "birthday"),
        ("mails.segue", "plan", "contact.", "tariff"),
        ("segments.segue", "size", "", "headcount"),
        ("segue.yaml", "tokyo", "calendar: ", "japan"),
    ],
)
def test_what_was_renamed_checks_as_before(project: Project, file: str, words: str, after: str, new: str) -> None:
    before = [(d.code, d.label.span.file) for d in project.check()]
    texts = after_renaming(project, file, words, new, after)
    again = opened({**FILES, **texts})
    assert [(d.code, d.label.span.file) for d in again.check()] == before
    assert len(places(again, file, new, after)) == len(places(project, file, words, after))


def test_a_property_tells_what_it_was_called(project: Project) -> None:
    """Else `segue migrate` would take it for a new one, and its values would be lost."""
    schema = after_renaming(project, "schema.yaml", "plan", "tariff")["schema.yaml"]
    assert "tariff: {was: plan, type: choice" in schema
    schema = after_renaming(project, "schema.yaml", "size", "headcount")["schema.yaml"]
    assert "      headcount:\n        was: size\n        type: number" in schema
    twice = after_renaming(opened({**FILES, "schema.yaml": schema}), "schema.yaml", "headcount", "people")
    assert twice["schema.yaml"].count("was: size") == 1 and "was: headcount" not in twice["schema.yaml"]


@pytest.mark.parametrize(
    ("file", "words", "after", "new", "why"),
    [
        ("care.segue", "purchased", "", "bought", "is not declared in this project"),
        ("care.segue", "wait", "", "pause", "nothing here that has a name"),
        ("segments.segue", "trials", "", "two words", "is no name"),
        ("segments.segue", "trials", "", "", "is no name"),
        ("segments.segue", "trials", "", "within", "is a word of the language"),
        ("segments.segue", "trials", "", "休眠顧客", "there is a segment `休眠顧客` already"),
        ("schema.yaml", "plan", "", "email", "there is a property `email` already"),
        ("schema.yaml", "plan", "", "select", "SQL keeps this word for itself"),
        ("schema.yaml", "trial", "", "paid", "there is an option `paid` already"),
    ],
)
def test_what_cannot_be_renamed_is_refused(
    project: Project, file: str, words: str, after: str, new: str, why: str
) -> None:
    source, offset = find(project, file, words, after)
    with pytest.raises(Impossible, match=why):
        renamed(project, source, offset, new)


OWN = {
    "segue.yaml": FILES["segue.yaml"],
    "schema.yaml": """\
extends: standard
objects:
  contact:
    properties: {email: {type: text, required: true}}
  invoice:
    properties: {number: {type: text, required: true}, total: {type: number},
      state: {type: choice, options: [open, paid]}}
    associations: {contact: {to: contact}}
    key: number
events:
  purchased: {fields: {plan: {type: choice, options: [basic, gold]}}}
  paid_for: {of: invoice, webhook: {key: number}, fields: {by: {type: choice, options: [card, cash]}}}
""",
    "a.segue": "segment large of invoice { total > 10 }\n",
}


@pytest.mark.parametrize(
    ("words", "after"),
    [("contact", "objects:"), ("email", ""), ("purchased", "events:")],
    ids=["object", "property", "event"],
)
def test_what_a_project_only_adds_to_stays_as_the_standard_crm_calls_it(words: str, after: str) -> None:
    project = opened(OWN)
    source, offset = find(project, "schema.yaml", words, after)
    with pytest.raises(Impossible, match=f"`{words}` is of the standard CRM"):
        renamed(project, source, offset, "another")


def test_an_association_that_a_link_means_without_its_name_is_renamed_where_it_is_named() -> None:
    rules = """workflow bills of contact {
  when: purchased
  create invoice { number = "1" } as bill
  link bill to contact
  unlink bill from contact as contact
}
segment by_mail of invoice { contact.email contains "@" }
test "t" of bills {
  clock 2026-03-02 10:00
  given contact ann { email = "ann@x.example" }
  given invoice old { number = "2" }
  given old linked to ann
  expect old linked to ann as contact
}
"""
    own = {**OWN, "a.segue": rules}
    texts = after_renaming(opened(own), "schema.yaml", "contact", "payer", "associations: {")
    assert texts["a.segue"] == rules.replace("as contact", "as payer").replace("contact.email", "payer.email")
    assert opened({**own, **texts}).check() == opened(own).check()


def test_an_object_is_renamed_where_nothing_leads_over_its_name() -> None:
    texts = after_renaming(opened(OWN), "a.segue", "invoice", "bill")
    assert "bill:\n    was: invoice" in texts["schema.yaml"] and "of bill" in texts["a.segue"]
    assert opened({**OWN, **texts}).check() == opened(OWN).check()


@pytest.mark.parametrize(
    "rule",
    [
        'workflow w of invoice { when: created  notify mia "{{ invoice.total | default: 0 }}" }',
        "segment with_bill of contact { any invoice (total > 3) }",
        "segment small of invoice { invoice.total < 3 }",
    ],
)
def test_an_object_that_a_path_begins_with_or_leads_over_is_not_renamed_by_halves(rule: str) -> None:
    project = opened({**OWN, "b.segue": rule})
    source, offset = find(project, "a.segue", "invoice")
    with pytest.raises(Impossible, match=r"`invoice` begins or leads a path too, in b\.segue:1: rename it by hand"):
        renamed(project, source, offset, "bill")


def test_an_option_of_the_event_that_started_is_renamed_in_match_too() -> None:
    rule = (
        "workflow w of invoice { when: paid_for  match trigger.by { card { set state = paid } else { clear total } } }"
    )
    texts = after_renaming(opened({**OWN, "b.segue": rule}), "b.segue", "card", "transfer")
    assert "options: [transfer, cash]" in texts["schema.yaml"] and "{ transfer {" in texts["b.segue"]


def test_the_key_of_a_webhook_follows_its_property() -> None:
    texts = after_renaming(opened(OWN), "schema.yaml", "number", "reference", after="properties: {")
    assert "key: reference\n" in texts["schema.yaml"] and "webhook: {key: reference}" in texts["schema.yaml"]
    assert opened({**OWN, **texts}).check() == opened(OWN).check() == ()
