"""What stands beside the programs of a page: its schema, its settings, and the rules it names and does not show."""

from __future__ import annotations

from dataclasses import dataclass

STANDARD = "extends: standard\n"
NAMED = "name: page\n"


@dataclass(frozen=True)
class Beside:
    schema: str = STANDARD
    project: str = NAMED
    rules: str = ""


_SALES = """extends: standard
objects: {contact: {properties: {plan: {type: choice, options: [free, trial, paid]}}}}
topics: {sales: {kind: one_to_one}, news: {kind: marketing}}
"""
_MIA = """name: page
account: {calendar: home, currency: JPY, postal_address: "1-2-3 Shibuya, Tokyo"}
calendars: {home: {country: JP}}
users: {mia: {email: mia@example.com}, rep_1: {email: rep@example.com}}
"""

# Every page with programs but those that are tried elsewhere (`ELSEWHERE`).
PAGES = {
    "docs/index.md": Beside(
        _SALES, _MIA, 'template welcome { topic: sales subject: "Welcome" body: "Good to have you here." }'
    ),
    "docs/language.md": Beside(
        _SALES.replace("sales:", "sales_outreach: {kind: one_to_one}, sales:"),
        _MIA,
        """
        sequence trial_follow_up { when: plan = trial sender: contact.owner
          automated { send trial_intro } rep_led when clicked_email { task call "Call" } }
        template trial_intro { topic: sales subject: "Hello" body: "Good to have you here." }
        template a { topic: sales subject: "A" body: "A." }
        template b { topic: sales subject: "B" body: "B." }
        """,
    ),
    "docs/linter.md": Beside(
        _SALES,
        _MIA,
        """
        template offer { topic: sales subject: "An offer" body: "Good to have you here." }
        template receipt { topic: sales subject: "A receipt" body: "Thank you." }
        """,
    ),
    "docs/broadcasts.md": Beside(
        _SALES,
        _MIA,
        """
        segment readers of contact { subscribed to news }
        segment customers of contact { lifecycle_stage = customer }
        template spring_letter { topic: news subject: "Spring" body: "It is spring." }
        """,
    ),
    "docs/hygiene.md": Beside(),
    "docs/playbooks.md": Beside(
        _SALES,
        "name: page\naccount: {currency: EUR}\nusers: {mia: {email: mia@example.com}}\n",
        """
        sequence follow_up { send hello }
        template hello { topic: sales subject: "Hello" body: "Good to have you here." }
        """,
    ),
    "docs/reports.md": Beside("extends: standard\nobjects: {ticket: {properties: {worth: {type: number}}}}\n"),
}

# Page or folder -> the test that tries its programs.
ELSEWHERE = {
    "README.md": "tests/segue/test_pages.py",
    "docs/tutorial.md": "tests/segue/test_pages.py",
    "docs/guides/author.md": "tests/segue/test_pages.py",
    "docs/declarations.md": "tests/dsl/check/test_declarations_page.py",
    "docs/testing.md": "tests/runtime/testing/test_page.py",
    "docs/rules": "tests/dsl/lint/test_rules.py",
    "docs/cookbook": "tests/test_playbooks.py",
}
