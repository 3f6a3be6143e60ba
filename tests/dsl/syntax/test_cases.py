"""One case, one file: `cases/NAME.segue`, and in `NAME.txt` the tree and what is said about it.

A new case is a new .segue file; `SEGUE_WRITE_CASES=1` writes the text.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from dsl.diagnostics import Diagnostic, FixKind, render_full
from dsl.diagnostics.catalogue import catalogue
from dsl.source import Source, Span
from dsl.syntax import Parsed, parse
from tests.kept import kept

from .outline import outline

PATHS = sorted((Path(__file__).parent / "cases").glob("*.segue"))


def read(path: Path) -> tuple[Source, Parsed]:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    return source, parse(source)


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_reads(path: Path) -> None:
    source, parsed = read(path)
    said = [render_full(d, {source.name: source}) for d in parsed.diagnostics]
    text = "\n\n".join([outline(parsed.tree), *said]) + "\n"
    assert text == kept(path.with_suffix(".txt"), text)


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_says_nothing_twice_and_no_terminal_names(path: Path) -> None:
    _, parsed = read(path)
    assert len({(d.code, d.label.span) for d in parsed.diagnostics}) == len(parsed.diagnostics)
    for d in parsed.diagnostics:
        assert d.code in catalogue()
        assert d.message[0] == d.message[0].lower()
        for word in ("RBRACE", "LBRACE", "NAME", "$END", "TEXT", "DURATION", "CLOCK", "ERROR", "LATER"):
            assert word not in d.message + d.label.text + d.help


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_safe_fix_repairs(path: Path) -> None:
    source, parsed = read(path)
    safe = [d for d in parsed.diagnostics if d.fix and d.fix.kind is FixKind.SAFE]
    again = parse(Source(source.name, applied(source.text, safe)))
    assert len(again.diagnostics) == len(parsed.diagnostics) - len(safe)


def applied(text: str, found: list[Diagnostic]) -> str:
    edits = [e for d in found if d.fix for e in d.fix.edits]
    for edit in sorted(edits, key=lambda e: -e.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_spans_lie_within_their_parents(path: Path) -> None:
    _, parsed = read(path)
    _inside(parsed.tree, parsed.tree.span)


def _inside(node: object, outer: Span) -> None:
    if isinstance(node, tuple):
        for part in node:
            _inside(part, outer)
    elif isinstance(node, Span):
        assert outer.start <= node.start <= node.end <= outer.end
    elif is_dataclass(node):
        for f in fields(node):
            _inside(getattr(node, f.name), node.span if f.name != "span" else outer)
