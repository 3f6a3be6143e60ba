"""The project the tests of the language server work on: small, in several files, with Japanese and an emoji."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dsl.source import Source
from lsp.project import Project

SCHEMA = """\
extends: standard
objects:
  contact:
    properties:
      plan: {type: choice, options: [free, trial, paid]}
      nps: {type: number, min: 0, max: 10}
      誕生日: {type: date}
  company:
    properties:
      size:
        type: number
topics:
  news: {label: News, kind: marketing}
"""
SETTINGS = """\
name: shop
account: {calendar: tokyo}
calendars:
  tokyo: {country: JP}
users:
  mia: {email: mia@example.com, name: Mia}
teams:
  sales: [mia]
"""
SEGMENTS = """\
segment trials "Trials 🎉" of contact { plan = trial and created_at within 14 days }
segment 休眠顧客 "眠" of contact { in segment trials and company.size > 10 }
"""
MAILS = """\
template hello {
  topic: news
  subject: "🎉 Your {{ contact.plan | default: 'free' }} plan"
  body: \"\"\"Hello {{ contact.first_name | default: 'there' }}, [unsubscribe]({{ links.unsubscribe }})\"\"\"
}
template goodbye { topic: news subject: "Bye" body: \"\"\"Goodbye. [unsubscribe]({{ links.unsubscribe }})\"\"\" }
"""
CARE = """\
sequence care "Care" {
  when: in segment trials
  only: subscribed to news
  sender: mia
  goal: has purchased(amount > 10 USD)
  send hello
  wait 3 business days
  if plan = paid {
    exit "bought"
  }
  send goodbye
}
"""
TESTS = """\
test "a trial is written to" of care {
  clock 2026-03-02 10:00
  given contact ann { email = "ann@example.com" created_at = 2026-03-01 plan = trial }
  given ann subscribed to news
  after 1 minute
  expect ann receives hello
}
"""
FILES = {
    "schema.yaml": SCHEMA,
    "segue.yaml": SETTINGS,
    "care.segue": CARE,
    "mails.segue": MAILS,
    "segments.segue": SEGMENTS,
    "tests/care.segue": TESTS,
}


def opened(files: Mapping[str, str]) -> Project:
    """A project whose files are all open in the editor and nowhere on a disk."""
    project = Project(Path("/nowhere"), loose=True, buffers=dict(files))
    project.load()
    return project


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def with_cursor(files: Mapping[str, str], name: str, text: str) -> tuple[Project, Source, int]:
    """The project with a file whose text has a `|` where the cursor is."""
    offset = text.index("|")
    project = opened({**files, name: text[:offset] + text[offset + 1 :]})
    project.check()
    source = project.source(name)
    assert source is not None
    return project, source, offset


def find(project: Project, name: str, words: str, after: str = "") -> tuple[Source, int]:
    """The place in a file where `words` begin, behind `after`."""
    project.check()
    source = project.source(name)
    assert source is not None
    return source, source.text.index(words, source.text.index(after) + len(after) if after else 0)
