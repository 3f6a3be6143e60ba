"""A baseline knows a finding by file, code and the text of its line, as often as it was there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dsl.diagnostics.diagnostic import Diagnostic, Label, Severity
from dsl.lint.baseline import NoBaselineError, compared, written
from dsl.source import Source, Span

CODES = some.sampled_from(["no-steps", "unused-segment"])
LINES = some.lists(some.sampled_from(["one", "two  lines", '"quoted" \\ 様', ""]), min_size=1, max_size=5)


def finding(source: Source, line: int, code: str = "no-steps", severity: Severity = Severity.WARNING) -> Diagnostic:
    start = source.offset(line, 1)
    return Diagnostic(code, severity, "..", Label(Span(source.name, start, start)))


def left(found: list[Diagnostic], text: str, *sources: Source) -> list[str]:
    result = compared(found, Source("known.json", text), {s.name: s for s in sources}, lambda _: True)
    return [d.code for d in result.new]


@given(LINES, some.lists(some.tuples(some.integers(1, 5), CODES), max_size=8), some.integers(0, 3))
def test_what_was_written_is_known_whatever_stands_above_it(
    lines: list[str], places: list[tuple[int, str]], above: int
) -> None:
    before = Source("a.segue", "\n".join(lines))
    after = Source("a.segue", "# new\n" * above + "\n".join(f"  {line}" for line in lines))
    places = [(min(line, len(lines)), code) for line, code in places]
    text = written([finding(before, line, code) for line, code in places], {"a.segue": before})
    assert left([finding(after, line + above, code) for line, code in places], text, after) == []


def test_one_more_of_a_kind_is_new() -> None:
    source = Source("a.segue", "same\nsame\n")
    text = written([finding(source, 1)], {"a.segue": source})
    assert left([finding(source, 1), finding(source, 2)], text, source) == ["no-steps"]


def test_another_file_code_or_line_is_new_and_the_old_one_gone() -> None:
    source, other = Source("a.segue", "one\ntwo\n"), Source("b.segue", "one\n")
    text = written([finding(source, 1)], {"a.segue": source})
    for now in (finding(source, 2), finding(source, 1, "unused-segment"), finding(other, 1)):
        assert left([now], text, source, other) == [now.code, "gone-from-baseline"]


def test_errors_are_neither_written_nor_known() -> None:
    source = Source("a.segue", "one\n")
    error, warning = finding(source, 1, severity=Severity.ERROR), finding(source, 1)
    assert '"code"' not in written([error], {"a.segue": source})
    assert left([error, warning], written([warning], {"a.segue": source}), source) == ["no-steps"]


def test_the_same_findings_give_the_same_text() -> None:
    source = Source("a.segue", "one\ntwo\n")
    found = [finding(source, 1), finding(source, 2)]
    assert written(found, {"a.segue": source}) == written(found[::-1], {"a.segue": source})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no JSON"),
        ("[]", "no `version` 1"),
        ('{"version": 2}', "no `version` 1"),
        ('{"version": 1}', "no list of `findings`"),
        ('{"version": 1, "findings": [{"file": "a", "code": "b", "line": "c", "count": "d"}]}', "finding 1"),
    ],
)
def test_what_is_no_baseline_is_refused(text: str, why: str) -> None:
    with pytest.raises(NoBaselineError, match=why):
        compared([], Source("known.json", text), {}, lambda _: True)
