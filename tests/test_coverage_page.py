"""What docs/coverage.md names is there: definitions and rule tests of the library, tests of the project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import get_args

from dsl.check.settings import NAMES
from dsl.source import Source
from dsl.syntax import nodes
from dsl.syntax.parse import parse
from runtime.project.loading import read_texts

from .tui.test_snapshots import SCREENS

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "playbooks" / "library"
ROWS = re.compile(r"^\| (\d{3}\.\d+b?) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)
KINDS = {"sequence", "workflow", "segment", "template", "score", "report", "dashboard", "form", "survey", "broadcast"}
KINDS |= {"playbook", "hygiene", "snippet"}
LAST = {"000": 41, "001": 39, "002": 58, "003": 13, "004": 29}


@cache
def page() -> str:
    return (ROOT / "docs" / "coverage.md").read_text("utf-8")


@cache
def written() -> tuple[nodes.File, ...]:
    return tuple(parse(Source(rule.name, rule.text)).tree for rule in read_texts(LIBRARY).rules)


@cache
def named() -> frozenset[tuple[str, str]]:
    """(kind, name) of every declaration of the library, by the words it begins with."""
    words = re.compile(r'^(?:static )?(\w+) (?:"(#\w+)"|(\w+))', re.MULTILINE)
    found = (words.findall(rule.text) for rule in read_texts(LIBRARY).rules)
    return frozenset((kind, short or name) for one in found for kind, short, name in one if kind in KINDS)


def test_every_row_is_there_once_and_in_order() -> None:
    found = [row[0] for row in ROWS.findall(page())]
    first = {"003": 0}
    expected = [f"{part}.{n}" for part, last in LAST.items() for n in range(first.get(part, 1), last + 1)]
    for more in ("003.5", "003.6", "003.12"):
        expected.insert(expected.index(more) + 1, f"{more}b")
    assert found == expected


def test_every_row_says_what_serves_it_or_why_it_waits() -> None:
    for row, words, served, shown in ROWS.findall(page()):
        assert words.strip() and served.strip() and shown.strip(), row
        assert shown != "–" or served.startswith(("none", "*waits*", "the store", "comments")), row


def test_every_definition_it_names_is_in_the_library() -> None:
    spoken = re.findall(rf"`({'|'.join(sorted(KINDS))}) (?:\"(#\w+)\"|(\w+))`", page())
    assert len(spoken) > 60
    assert {(kind, short or name) for kind, short, name in spoken} <= named()


def test_every_rule_test_it_names_is_in_the_library() -> None:
    titles = {d.title.value for file in written() for d in file.declarations if isinstance(d, nodes.Test)}
    said = {title for row in ROWS.findall(page()) for title in re.findall(r'"([^"#]+)"(?!`)', row[3])}
    assert len(said) > 40 and said <= titles


def test_every_test_it_names_is_one() -> None:
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"def (test_\w+)", text))
    assert set(re.findall(r"`(test_\w+)(?:\[\w+\])?`", page())) <= there


def test_every_picture_of_a_screen_it_names_is_compared() -> None:
    named = re.findall(r"`test_screen\[(\w+)\]`", page())
    assert "`test_screen`" not in page() and len(named) > 5
    assert set(named) <= SCREENS.keys()


def test_it_names_everything_in_the_library() -> None:
    """What serves no row is there for nothing, but for templates and what others name."""
    spoken = {(kind, short or name) for kind, short, name in re.findall(r'`(\w+) (?:"(#\w+)"|(\w+))`', page())}
    unspoken = {one for one in named() - spoken if one[0] in ("workflow", "sequence", "playbook", "survey", "form")}
    assert unspoken <= {("sequence", "lenses_campaign"), ("sequence", "frames_campaign"), ("workflow", "said_no")}


def within(node: object) -> Iterator[object]:
    """A node and all that stands in it."""
    yield node
    if is_dataclass(node):
        for field in fields(node):
            yield from within(getattr(node, field.name))
    elif isinstance(node, tuple):
        for one in node:
            yield from within(one)


@cache
def parts_of(kind: type) -> tuple[object, ...]:
    """All that stands in declarations of that kind."""
    return tuple(
        part for file in written() for one in file.declarations if isinstance(one, kind) for part in within(one)
    )


def test_sequences_use_every_setting_there_is() -> None:
    used = {part.name for part in parts_of(nodes.Sequence) if isinstance(part, nodes.Setting)}
    assert used == set(NAMES)


def test_sequences_and_workflows_use_every_statement_there_is() -> None:
    used = {type(part) for part in (*parts_of(nodes.Sequence), *parts_of(nodes.Workflow))}
    used |= {type(part) for part in parts_of(nodes.Conversation)}
    assert set(get_args(nodes.Statement)) - used <= {nodes.Bad}
