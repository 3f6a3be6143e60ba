"""The reference and the cookbook are what the code and the library say. `SEGUE_WRITE_CASES=1` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dsl.compile import compile_project
from dsl.program.definitions import Definition
from dsl.source import Source
from segue.reference import made_pages
from segue.reference.app_keys import PARTS, classes, title
from segue.reference.settings import GROUPS, WITHOUT
from tests.kept import kept
from tui.rooms import ROOMS

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return made_pages()


def test_every_made_page_is_up_to_date(made: dict[str, str]) -> None:
    stale = [name for name, text in made.items() if kept(DOCS / name, text) != text]
    assert stale == [], "SEGUE_WRITE_CASES=1 ./test tests/docs/test_made_pages.py"


def test_nothing_else_stands_among_them(made: dict[str, str]) -> None:
    rooms = ("reference", "cookbook")
    there = {path.relative_to(DOCS).as_posix() for room in rooms for path in (DOCS / room).iterdir()}
    assert there == {name for name in made if name.startswith(rooms)}


def test_every_rule_of_the_grammar_is_told(made: dict[str, str]) -> None:
    grammar = (DOCS.parent / "grammar/segue.lark").read_text("utf-8")
    rules = {rule.strip("_") for rule in re.findall(r"^(_?[a-z]\w*):", grammar, re.MULTILINE)} - {"bad", "file"}
    assert rules <= set(re.findall(r"^```text\n(\w+):", made["reference/grammar.md"], re.MULTILINE))


def test_what_holds_without_a_setting_is_said_of_settings_that_there_are() -> None:
    there = {(group.title, name) for group in GROUPS for name in group.names}
    assert WITHOUT.keys() <= there


def compiled(kind: str, setting: str = "", when: str = "owner is known") -> Definition:
    text = f'{kind} x of contact {{ when: {when} {setting} log note "x" }}'
    found = compile_project([Source("x.segue", text)], Source("schema.yaml", "extends: standard"), None)
    assert found.program is not None, [d.message for d in found.diagnostics]
    (one,) = found.program.definitions.values()
    return one


def without_places(one: Definition) -> str:
    return re.sub(r"Span\([^)]*\)", "", repr(one))


@pytest.mark.parametrize("kind", ["sequence", "workflow"])
@pytest.mark.parametrize("name", ["zone", "threading", "priority", "existing", "late_engagement"])
def test_a_default_written_out_changes_nothing(kind: str, name: str) -> None:
    said = WITHOUT["Sequences and workflows", name].strip("`")
    assert without_places(compiled(kind, f"{name}: {said}")) == without_places(compiled(kind))


def test_what_depends_on_the_kind_is_as_told() -> None:
    assert (compiled("sequence").exclusive, compiled("workflow").exclusive) == (True, False)
    policies = [
        compiled("workflow", when=when).again.policy
        for when in ("replied", "every day 09:00 only: owner is known", "owner is known")
    ]
    assert policies == ["never", "always", "never"]


def test_the_page_of_the_app_names_every_room_by_its_keys() -> None:
    page = (DOCS / "terminal-app.md").read_text("utf-8")
    told = re.findall(r"^\| (?:`(\d)`, )?`g (\w)` \| ([\w ]+) \|", page, re.MULTILINE)
    assert told == [(str(nr) if nr < 10 else "", room.key, room.title) for nr, room in enumerate(ROOMS, 1)]


def test_parts_of_the_app_are_called_by_words_of_their_own() -> None:
    there = list(classes())
    assert {f"{one.__module__.removeprefix('tui.')}.{one.__name__}" for one in there} >= PARTS.keys()
    titles = [title(one) for one in there]
    assert sorted(titles) == sorted(set(titles))
