"""Whatever stands in a file, it is read or refused with a place in it; never an exception."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.diagnostics import render_concise, render_full, render_json
from dsl.schema import read_project, read_schema
from dsl.source import Source
from tests.examples import examples

GOOD = Path(__file__).parent / "good"
SCHEMA, PROJECT = ((GOOD / name).read_text(encoding="utf-8") for name in ("schema.yaml", "segue.yaml"))
_PIECES = [
    "\t",
    "\n",
    "  ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "- ",
    "'",
    '"',
    "&a ",
    "*a",
    "!x ",
    "#",
    "null",
    "1",
    "日本",
    "\r",
]


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """The text with some pieces cut out and others put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 12))
        text = text[:start] + draw(st.sampled_from(["", *_PIECES])) + text[start + length :]
    return text


def tell(text: str) -> None:
    source = Source("file.yaml", text)
    for found in (read_schema(source)[1], read_project(source)[1]):
        for diagnostic in found:
            for label in (diagnostic.label, *diagnostic.others):
                assert label.span.file == source.name
                assert 0 <= label.span.start <= label.span.end <= len(text)
            render_full(diagnostic, {source.name: source})
            render_concise(diagnostic, {source.name: source})
        render_json(found, {source.name: source})


@examples(25)
@given(damaged(SCHEMA))
def test_damaged_schema(text: str) -> None:
    tell(text)


@examples(25)
@given(damaged(PROJECT))
def test_damaged_project(text: str) -> None:
    tell(text)


@examples(25)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    tell(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "# only a comment\n",
        "null",
        "3",
        "- a",
        "[" * 4_000,
        "a: " + "{a: " * 900,
        "\ufeffextends: standard\n",
    ],
    ids=["nothing", "blank", "comment", "null", "number", "list", "deep list", "deep mapping", "byte order mark"],
)
def test_odd_files(text: str) -> None:
    tell(text)


def test_aliases_do_not_grow_without_bound() -> None:
    """The YAML bomb: ten lines that would be a billion values."""
    lines = ["a0: &a0 {x: y}"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    tell("\n".join([*lines, "objects: *a11"]))
