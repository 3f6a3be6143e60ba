"""One refusal, one file: `cases/schema/NAME.yaml` or `cases/project/NAME.yaml`, what is said about it in `NAME.txt`.

A new case is a new YAML file; `SEGUE_WRITE_CASES=1` writes the text.
"""

from pathlib import Path

import pytest

from dsl.diagnostics import Diagnostic, in_order, render_full, summary
from dsl.diagnostics.catalogue import catalogue
from dsl.schema import read_project, read_schema
from dsl.source import Source
from tests.kept import kept

CASES = Path(__file__).parent / "cases"
PATHS = sorted(CASES.glob("*/*.yaml"))


def read(path: Path, text: str | None = None) -> tuple[Source, tuple[Diagnostic, ...]]:
    name = {"schema": "schema.yaml", "project": "segue.yaml"}[path.parent.name]
    source = Source(name, path.read_text(encoding="utf-8") if text is None else text)
    found = read_schema(source, "JPY")[1] if name == "schema.yaml" else read_project(source)[1]
    return source, found


@pytest.mark.parametrize("path", PATHS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_says(path: Path) -> None:
    source, found = read(path)
    parts = [render_full(d, {source.name: source}) for d in in_order(found)]
    said = "\n\n".join([*parts, summary(found, 1)]) + "\n"
    assert said == kept(path.with_suffix(".txt"), said)


@pytest.mark.parametrize("path", PATHS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_refuses_once_and_inside_the_file(path: Path) -> None:
    """A case of this folder is wrong, and nothing is said twice."""
    source, found = read(path)
    assert found
    assert len({(d.code, d.label.span, d.message) for d in found}) == len(found)
    for diagnostic in found:
        for label in (diagnostic.label, *diagnostic.others):
            assert label.span.file == source.name
            assert 0 <= label.span.start <= label.span.end <= len(source.text)


@pytest.mark.parametrize("path", PATHS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_fix_repairs(path: Path) -> None:
    """After a fix its problem is gone and no other has come."""
    source, found = read(path)
    for diagnostic in found:
        if diagnostic.fix is None:
            continue
        text = source.text
        for edit in sorted(diagnostic.fix.edits, key=lambda e: -e.span.start):
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        messages = {d.message for d in read(path, text)[1]}
        assert messages < {d.message for d in found}, text


def test_every_code_has_a_case() -> None:
    """Each code of the catalogue for these files is refused by a case, and each code used is in the catalogue."""
    used = {d.code for path in PATHS for d in read(path)[1]}
    known = {c.name for c in catalogue().values() if "SG100" <= c.alias < "SG160"}
    assert used == known
