"""Every example of docs/declarations.md is right, with what it names beside it."""

from __future__ import annotations

import re
from pathlib import Path

from dsl.compile import compile_project
from dsl.source import Source

PAGE = Path(__file__).parents[3] / "docs" / "declarations.md"
SCHEMA = """
extends: standard
objects:
  contact:
    properties:
      nps: {type: number, min: 0, max: 10}
      buying_role: {type: choice, options: [champion, end_user]}
topics:
  newsletter: {label: Newsletter, kind: marketing}
"""
PROJECT = """
name: page
account: {postal_address: "1-2-3 Shibuya, Tokyo"}
channels:
  slack: {"#leads": {env: SLACK_URL}}
"""
BESIDE = """
segment readers of contact { subscribed to newsletter }
segment customers of contact { lifecycle_stage = customer }
template spring_letter { topic: newsletter subject: "Spring" body: "Spring." }
sequence follow_up { only: subscribed to newsletter  send spring_letter }
report revenue of deal { measure: sum(amount) }
"""


def test_the_examples_of_the_page_are_right() -> None:
    blocks = re.findall(r"^```\w*\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 9
    sources = [Source(f"{n}.segue", text) for n, text in enumerate([*blocks, BESIDE])]
    compiled = compile_project(sources, Source("schema.yaml", SCHEMA), Source("segue.yaml", PROJECT))
    assert [d.message for d in compiled.diagnostics] == []
    program = compiled.program
    assert program is not None
    kinds = (program.scores, program.snippets, program.broadcasts, program.hygiene, program.reports, program.dashboards)
    assert all(kinds) and {kind for kind, _ in program.conversations} == {"playbook", "form", "survey"}
