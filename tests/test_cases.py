"""Whole programs with the mistakes people make, and what `segue check` says about them; and programs that are right.

A case is a file below `cases/`: `NAME.segue`, or a `NAME.schema.yaml` or `NAME.settings.yaml` that stands in for
schema.yaml or segue.yaml. The schema, the settings and `shared.segue` are the nearest above it. Beside a case of
`broken/`, `NAME.txt` holds everything that is said, in full; about a case of `clean/` nothing is. A new case is a new
file; `SEGUE_WRITE_CASES=1` writes what is said now, to be read before it is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from dsl.compile import Compiled, compile_project
from dsl.diagnostics import Diagnostic, FixKind, Severity, in_order, render_full
from dsl.diagnostics.catalogue import catalogue
from dsl.lint.fixing import apply_edits
from dsl.source import Source
from tests.kept import kept

CASES = Path(__file__).parent / "cases"
_SHARED = ("schema.yaml", "segue.yaml", "shared.segue")
_YAML = {".schema.yaml": "schema.yaml", ".settings.yaml": "segue.yaml"}


def cases(folder: str) -> list[str]:
    """Names of all cases below a folder, without what they share."""
    found = (p for p in (CASES / folder).rglob("*") if p.is_file() and p.name not in _SHARED and p.suffix != ".txt")
    return sorted(path.relative_to(CASES).as_posix() for path in found)


BROKEN, CLEAN = cases("broken"), cases("clean")


@cache
def text_of(path: Path) -> str:
    """As a file is read, its ends of lines as they are."""
    return path.read_bytes().decode("utf-8-sig")


def nearest(case: str, name: str) -> Path:
    folder = (CASES / case).parent
    return next(f / name for f in (folder, *folder.parents) if (f / name).exists())


@dataclass(frozen=True)
class Case:
    """The files of the project a case is part of, by name; `own` is its own."""

    texts: dict[str, Source]
    own: str

    def check(self) -> Compiled:
        rules = [source for name, source in self.texts.items() if name.endswith(".segue")]
        return compile_project(rules, self.texts["schema.yaml"], self.texts["segue.yaml"])

    def after(self, fixes: Sequence[Diagnostic]) -> Case:
        """With these findings repaired."""
        changed = apply_edits(self.texts, [edit for found in fixes if found.fix for edit in found.fix.edits])
        return Case({**self.texts, **changed}, self.own)


def read(name: str) -> Case:
    path = CASES / name
    stands_for = next((of for ending, of in _YAML.items() if name.endswith(ending)), None)
    texts = {shared: Source(shared, text_of(nearest(name, shared))) for shared in _SHARED}
    own = stands_for or path.name
    return Case({**texts, own: Source(own, text_of(path))}, own)


@cache
def checked(name: str) -> Compiled:
    return read(name).check()


def said(compiled: Compiled) -> str:
    """As `segue check --format full` prints it."""
    return "".join(render_full(one, compiled.sources) + "\n\n" for one in in_order(compiled.diagnostics))


@pytest.mark.parametrize("name", BROKEN)
def test_says_what_stands_beside_it(name: str) -> None:
    told = said(checked(name))
    assert told == kept((CASES / name).with_suffix(".txt"), told)
    assert told


@pytest.mark.parametrize("name", BROKEN)
def test_says_it_once_inside_the_case_and_by_a_known_code(name: str) -> None:
    case = read(name)
    found = checked(name).diagnostics
    places = [(one.code, one.label.span) for one in found]
    assert len(set(places)) == len(places)
    for one in found:
        assert one.code in catalogue()
        assert one.label.span.file == case.own
        assert 0 <= one.label.span.start <= one.label.span.end <= len(case.texts[case.own].text)


@pytest.mark.parametrize("name", BROKEN)
def test_each_safe_fix_takes_its_finding_away_and_brings_no_other(name: str) -> None:
    case = read(name)
    before = checked(name).diagnostics
    for found in (one for one in before if one.fix and one.fix.kind is FixKind.SAFE):
        if found.severity is Severity.INFO:
            continue
        after = case.after([found]).check().diagnostics
        assert _counted(after) < _counted(before), found.message


@pytest.mark.parametrize("name", BROKEN)
def test_an_unsafe_fix_can_be_read(name: str) -> None:
    case = read(name)
    before = checked(name).diagnostics
    for found in (one for one in before if one.fix and one.fix.kind is FixKind.UNSAFE):
        after = case.after([found]).check().diagnostics
        assert _of_syntax(after) <= _of_syntax(before), found.message


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_said_of_what_is_right(name: str) -> None:
    compiled = checked(name)
    assert said(compiled) == ""
    assert compiled.program is not None


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) >= 150
    assert len(CLEAN) >= 60
    texts = list((CASES / "broken").rglob("*.txt"))
    assert len(texts) == len(BROKEN)


def _counted(found: Sequence[Diagnostic]) -> int:
    """All but mere hints: `10000 EUR` for `€10000` may still be grouped."""
    return sum(one.severity is not Severity.INFO for one in found)


def _of_syntax(found: Sequence[Diagnostic]) -> int:
    known = catalogue()
    return sum(known[one.code].alias.startswith("SG2") for one in found)
