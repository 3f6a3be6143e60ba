"""What is said under the cursor."""

import pytest

from dsl.syntax.machine import machine
from dsl.syntax.vocabulary import DECLARATIONS, RULES, SETTINGS, STATEMENTS
from lsp import words
from lsp.hovering import hover
from lsp.members import nobody_knows
from lsp.project import Project

from .projects import FILES, find, opened, with_cursor


def told(project: Project, file: str, words: str, after: str = "", members: int | None = None) -> str:
    source, offset = find(project, file, words, after)
    found = hover(project, source, offset, lambda _: members)
    return found.text if found else ""


def test_the_project_has_no_error(project: Project) -> None:
    assert [(d.code, d.message) for d in project.check() if d.severity == "error"] == []


@pytest.mark.parametrize(
    ("file", "words", "after", "said"),
    [
        ("care.segue", "trials", "", "segment trials of contact"),
        ("care.segue", "hello", "send ", "template hello"),
        ("care.segue", "mia", "sender: ", "user mia: Mia"),
        ("care.segue", "news", "to ", "topic news: marketing"),
        ("care.segue", "purchased", "", "event purchased of contact"),
        ("care.segue", "amount", "", "purchased.amount: money"),
        ("care.segue", "paid", "plan = ", "option paid of contact.plan"),
        ("care.segue", "goal", "", "`goal:` a condition"),
        ("care.segue", "business", "", ""),
        ("segments.segue", "plan", "", "- options: `free`, `trial`, `paid`"),
        ("segments.segue", "plan", "", "may be missing"),
        ("segments.segue", "company", "休眠", "contact.company: one company"),
        ("segments.segue", "size", "", "company.size: number"),
        ("segments.segue", "within", "", "_Cost: cheap: property created_at_"),
        ("mails.segue", "plan", "", "contact.plan: choice"),
        ("tests/care.segue", "hello", "", "template hello"),
        ("schema.yaml", "plan", "", "contact.plan: choice"),
        ("schema.yaml", "trial", "", "option trial of contact.plan"),
        ("segue.yaml", "tokyo", "calendar: ", "public holidays of JP"),
    ],
)
def test_what_is_said(project: Project, file: str, words: str, after: str, said: str) -> None:
    assert said in told(project, file, words, after)


def test_a_segment_is_told_in_english_with_its_members(project: Project) -> None:
    text = told(project, "care.segue", "trials", members=1234)
    assert "A contact is in it while" in text and "1,234 members now" in text
    assert "member" not in told(project, "care.segue", "trials", members=None)


def test_a_finding_tells_its_story() -> None:
    project, source, offset = with_cursor(FILES, "x.segue", "segment x of contact { pl|an = trail }")
    found = hover(project, source, offset + 5, nobody_knows)
    assert found is not None and "**unknown-option**" in found.text


def test_the_record_a_mail_prints_beside_the_contact_is_told() -> None:
    text = 'template x { topic: news subject: "{{ deal.na|me }}" body: "x" }'
    project, source, offset = with_cursor(FILES, "x.segue", text)
    found = hover(project, source, offset, nobody_knows)
    assert found is not None and "deal.name: text" in found.text


def test_nothing_is_said_of_a_blank() -> None:
    project = opened({"x.segue": "\n\n\n"})
    source, _ = find(project, "x.segue", "\n")
    assert hover(project, source, 1, nobody_knows) is None


def test_every_word_that_begins_something_and_every_setting_is_explained() -> None:
    assert words.SETTINGS.keys() >= SETTINGS
    assert words.KEYWORDS.keys() >= DECLARATIONS | STATEMENTS | RULES
    spelled = set(machine(None).lexer.words)
    assert words.KEYWORDS.keys() <= spelled, "these are no words of the language any more"
