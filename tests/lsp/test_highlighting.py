"""Colours without a checker: the Pygments lexer and the TextMate grammar, from one list of words."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import get_lexer_by_name
from pygments.token import Error, Keyword, Name, Number, String

from dsl.syntax.highlighting import highlighting
from dsl.syntax.machine import machine
from editors.textmate import FILE, written
from segue.pygments_lexer import SegueLexer

ROOT = Path(__file__).parents[2]
FOLDERS = ("playbooks", "tests", "src")
RULES = sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.segue"))


def tokens(text: str) -> list[tuple[object, str]]:
    return [(kind, value) for _, kind, value in SegueLexer().get_tokens_unprocessed(text)]


@pytest.mark.parametrize("file", RULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_rule_file_is_coloured_whole(file: Path) -> None:
    text = file.read_text("utf-8", errors="replace")
    found = tokens(text)
    assert "".join(value for _, value in found) == text
    assert Error not in {kind for kind, _ in found}


@given(st.text(st.sampled_from('segment{}"\\n#.:= 🎉眠\n3days(')))
def test_whatever_is_written_is_coloured_whole(text: str) -> None:
    found = tokens(text)
    assert "".join(value for _, value in found) == text and Error not in {kind for kind, _ in found}


def test_what_gets_which_colour() -> None:
    found = tokens('segment 休眠顧客 of contact { plan.send = "{{ a }}" and x within 3 business days }\nwhen: x')
    by_word = {value: kind for kind, value in found}
    assert by_word["segment"] is Keyword.Declaration and by_word["休眠顧客"] is Name.Class
    assert by_word["3 business days"] is Number and by_word["{{ a }}"] is String.Interpol
    assert by_word["send"] is Name  # behind a dot it is a property
    assert by_word["when"] is Name.Attribute


def test_every_keyword_of_the_grammar_has_a_colour() -> None:
    h = highlighting()
    known = h.declarations | h.statements | h.operators | h.functions | h.constants | h.others
    assert set(machine(None).lexer.words) <= known


def test_pygments_knows_the_lexer_by_its_name() -> None:
    """Through the entry point of the installed package."""
    from importlib.metadata import entry_points

    if not [e for e in entry_points(group="pygments.lexers") if e.name == "segue"]:
        pytest.skip("installed before the entry point was there")
    assert isinstance(get_lexer_by_name("segue"), SegueLexer)


def test_the_textmate_grammar_is_the_one_made_now() -> None:
    assert FILE.read_text("utf-8") == written(), "run: python editors/textmate.py"


def test_the_extension_names_files_that_are_there() -> None:
    folder = FILE.parents[1]
    package = json.loads((folder / "package.json").read_text("utf-8"))
    named = [package["main"], *(g["path"] for g in package["contributes"]["grammars"])]
    named += [language["configuration"] for language in package["contributes"]["languages"]]
    assert all((folder / name).is_file() for name in named)
    json.loads((folder / "language-configuration.json").read_text("utf-8"))
    assert re.search(r'"lsp"', (folder / "extension.js").read_text("utf-8"))
