"""Comments that hide findings. Each file of `ignores/` is checked and compared with the text beside it.

`SEGUE_WRITE_CASES=1` writes what is said now, to be read before it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dsl.compile import Compiled, compile_project
from dsl.diagnostics import render_full
from dsl.lint.examples import SCHEMA, SETTINGS
from dsl.source import Source
from tests.kept import kept

CASES = Path(__file__).parent / "ignores"
NAMES = sorted(path.stem for path in CASES.glob("*.segue"))
# Besides what is always on, the one strict rule that the cases are about.
LINT = "lint: {select: [unused-segment]}\n"


def check(text: str, name: str = "case.segue", lint: str = LINT) -> Compiled:
    settings = Source("segue.yaml", SETTINGS + lint)
    return compile_project([Source(name, text)], Source("schema.yaml", SCHEMA), settings)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_says_what_stands_beside_it(name: str) -> None:
    compiled = check((CASES / f"{name}.segue").read_text(encoding="utf-8"), f"{name}.segue")
    said = "\n\n".join(render_full(d, compiled.sources) for d in compiled.diagnostics) + "\n"
    assert said == kept(CASES / f"{name}.txt", said)


def test_all_that_should_be_hidden_is() -> None:
    assert check((CASES / "hidden.segue").read_text(encoding="utf-8")).diagnostics == ()


def test_what_a_rule_that_is_off_would_find_is_not_called_unused() -> None:
    """Who checks in the strict profile now and then keeps the comments of strict rules all the time."""
    text = "segment a of contact { plan = free } # segue: ignore[unused-segment] by hand\n"
    assert check(text, lint="").diagnostics == ()
    assert check(text).diagnostics == ()


def test_findings_about_comments_can_be_switched_off_like_others() -> None:
    text = "segment a of contact { plan = free } # segue: ignore[unused-segment]\n"
    assert check(text, lint="lint: {select: [unused-segment], ignore: [ignore-without-reason]}\n").diagnostics == ()


def test_lines_may_end_as_on_windows() -> None:
    text = "# segue: ignore[unused-segment] by hand\r\nsegment a of contact { plan = free }\r\n"
    assert check(text).diagnostics == ()


def test_a_comment_at_the_end_of_a_file_without_a_line_break() -> None:
    text = "segment a of contact { plan = free } # segue: ignore[unused-segment] by hand"
    assert check(text).diagnostics == ()


@given(some.lists(some.text("segue:ignor[],# -unused-segmentSG671\t様\udc80", max_size=40), max_size=4))
def test_any_comment_is_read_without_an_exception(comments: list[str]) -> None:
    text = "\n".join(f"segment s{n} of contact {{ plan = free }} # segue: {c}" for n, c in enumerate(comments))
    for diagnostic in check(text).diagnostics:
        span = diagnostic.label.span
        assert 0 <= span.start <= span.end <= len(text)
