"""Each file of `cases/` is checked and what is said compared with the text beside it.

Adding a test is adding a file; `SEGUE_WRITE_CASES=1` writes what is said now, to be read before it is kept.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dsl.compile import Compiled, compile_project
from dsl.diagnostics import FixKind, render_full
from dsl.source import Source
from tests.kept import kept

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.segue"))


def check(text: str, name: str = "case.segue") -> Compiled:
    """One rule file against the schema of the cases."""
    yaml = [Source(file, (CASES / file).read_text(encoding="utf-8")) for file in ("schema.yaml", "segue.yaml")]
    return compile_project([Source(name, text)], yaml[0], yaml[1])


def said(compiled: Compiled) -> str:
    """All diagnostics as authors see them, a blank line between two."""
    return "\n\n".join(render_full(d, compiled.sources).strip() for d in compiled.diagnostics) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_case_says_what_stands_beside_it(name: str) -> None:
    found = said(check((CASES / f"{name}.segue").read_text(encoding="utf-8"), f"{name}.segue"))
    assert found == kept(CASES / f"{name}.txt", found)


@pytest.mark.parametrize("name", NAMES)
def test_safe_fixes_leave_nothing_to_fix(name: str) -> None:
    text = (CASES / f"{name}.segue").read_text(encoding="utf-8")
    edits = [e for d in check(text).diagnostics if d.fix and d.fix.kind is FixKind.SAFE for e in d.fix.edits]
    for edit in sorted(edits, key=lambda e: e.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    left = [d for d in check(text).diagnostics if d.fix and d.fix.kind is FixKind.SAFE]
    assert not left, said(check(text))


def test_what_is_right_is_found_right() -> None:
    compiled = check((CASES / "clean.segue").read_text(encoding="utf-8"))
    assert compiled.diagnostics == ()
    assert compiled.program is not None
