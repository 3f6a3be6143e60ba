"""Every program, schema, setting, map and command on a page is right: tried here, or where `ELSEWHERE` says."""

from __future__ import annotations

import re
import shlex
from functools import cache

import pytest
from ruamel.yaml import YAML

from dsl.compile import compile_project
from dsl.schema import read_project, read_schema
from dsl.schema.shape_of_project import ProjectShape
from dsl.schema.shape_of_schema import SchemaShape
from dsl.source import Source
from runtime.store.imports import read_map
from segue.main import VERBS
from segue.reference.verbs_page import helped

from .beside import ELSEWHERE, PAGES
from .pages import ROOT, Block, blocks, is_under, pages

ALL = [block for page in pages() for block in blocks(page)]
LANGUAGES = {"segue", "yaml", "console", "sh", "text", "json", "toml", "ini", "lua", "python"}
# Parts of a schema need what they add to; whole files need nothing.
EXTENDS = "extends: standard\n"
# YAML of other programs: it must be YAML.
OTHERS = {"docs/ci.md"}
MAP_SCHEMA = """
objects:
  contact: {properties: {origin: {type: choice, options: [paid_search]}}}
  company:
    properties: {sector: {type: text}, employees: {type: number}}
    associations: {parent: {to: company, inverse: child}}
topics: {newsletter: {kind: marketing}}
"""


def of(language: str) -> list[Block]:
    return [block for block in ALL if block.language == language]


def test_every_block_says_its_language() -> None:
    assert {(block.page, block.language) for block in ALL if block.language not in LANGUAGES} == set()


def test_every_page_with_programs_is_tried_somewhere() -> None:
    there = {block.page for block in of("segue")}
    assert {page for page in there if page not in PAGES and not is_under(page, ELSEWHERE)} == set()
    assert PAGES.keys() <= there
    assert [test for test in ELSEWHERE.values() if not (ROOT / test).is_file()] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_programs_of_a_page_are_sound(page: str) -> None:
    beside = PAGES[page]
    texts = [block.text for block in of("segue") if block.page == page]
    sources = [Source(f"{nr}.segue", text) for nr, text in enumerate([*texts, beside.rules])]
    found = compile_project(sources, Source("schema.yaml", beside.schema), Source("segue.yaml", beside.project))
    assert [(d.code, d.message) for d in found.diagnostics] == []
    assert found.program is not None


@pytest.mark.parametrize("block", of("yaml"), ids=lambda block: block.page)
def test_yaml_is_what_its_file_takes(block: Block) -> None:
    keys = set(YAML(typ="safe").load(block.text))
    if is_under(block.page, OTHERS):
        return
    if "rows" in keys:
        schema, wrong = read_schema(Source("schema.yaml", EXTENDS + MAP_SCHEMA))
        assert schema is not None and wrong == ()
        assert [p.message for p in read_map(Source("map.yaml", block.text), schema)[1]] == []
    elif keys <= SchemaShape.model_fields.keys():
        whole = block.text if "extends" in keys else EXTENDS + block.text
        assert [p.message for p in read_schema(Source("schema.yaml", whole))[1]] == []
    else:
        assert keys <= ProjectShape.model_fields.keys()
        whole = block.text if "name" in keys else f"name: page\n{block.text}"
        assert [p.message for p in read_project(Source("segue.yaml", whole))[1]] == []


# --- commands ------------------------------------------------------------------------------------


def commands() -> list[tuple[str, list[str]]]:
    """(page, words behind `segue`) of every command on a page."""
    found = []
    for block in [*of("console"), *of("sh")]:
        for line in block.text.replace("\\\n", " ").splitlines():  # a command may go on
            typed = re.match(r"(?:\$ )?(?:\.\.?/)?segue (\w.*)", line)
            if typed and (block.language == "sh" or line.startswith("$ ")):
                found.append((block.page, shlex.split(typed[1], comments=True)))
    return found


@cache
def told(verb: str, command: str = "") -> str:
    return helped(verb, command) if command else helped(verb)


def test_there_are_many_commands() -> None:
    assert len(commands()) > 80


def test_every_command_has_a_verb_and_options_that_there_are() -> None:
    wrong = []
    for page, (verb, *words) in commands():
        text = told(verb) if verb in VERBS else ""
        if "\nCommands:" in text and words and not words[0].startswith("-"):
            text = told(verb, words[0])
        options = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        unknown = {option for option in options if not re.search(rf"(^|[\s,]){option}\b", text)}
        if not text or unknown:
            wrong.append((page, verb, sorted(unknown)))
    assert wrong == []
