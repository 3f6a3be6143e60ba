"""The order of problems, their summary, and "did you mean"."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from dsl.diagnostics import Diagnostic, Label, Severity, closest, did_you_mean, in_order, summary
from dsl.diagnostics.catalogue import catalogue, find_code
from dsl.diagnostics.columns import shown, width
from dsl.source import Span


def problem(file: str, start: int, severity: Severity = Severity.ERROR, code: str = "c") -> Diagnostic:
    return Diagnostic(code, severity, "m", Label(Span(file, start, start + 1)))


def test_by_file_then_position_then_severity() -> None:
    wanted = [problem("a", 1), problem("a", 9), problem("b", 0), problem("b", 0, Severity.WARNING)]
    assert in_order(reversed(wanted)) == wanted


@pytest.mark.parametrize(
    ("severities", "files", "text"),
    [
        ([Severity.ERROR] * 3 + [Severity.WARNING], 4, "3 errors, 1 warning in 4 files"),
        ([Severity.WARNING, Severity.INFO, Severity.ERROR], 1, "1 error, 1 warning, 1 hint in 1 file"),
        ([Severity.ERROR] * 1_200, 2, "1,200 errors in 2 files"),
        ([], 6, "no problems in 6 files"),
    ],
)
def test_summary(severities: list[Severity], files: int, text: str) -> None:
    assert summary([problem("a", 0, s) for s in severities], files) == text


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("lifecyle_stage", ["lifecycle_stage", "last_name"], "lifecycle_stage"),
        ("frist_name", ["last_name", "first_name"], "first_name"),
        ("timezone", ["time_zone", "calendar"], "time_zone"),
        ("Time Zone", ["time_zone"], "time_zone"),
        ("JPY", ["jpy"], "jpy"),
        ("colour", ["type", "label"], None),
        ("x", [], None),
    ],
)
def test_closest(word: str, known: list[str], meant: str | None) -> None:
    assert closest(word, known) == meant


def test_few_words_are_listed_where_none_is_near() -> None:
    assert did_you_mean("premium", ["free", "paid"]) == "known here: free, paid"
    assert did_you_mean("premium", [f"option_{i}" for i in range(100)]) == ""


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("名前", 4), ("\t", 4), ("ﾅﾏｴ", 3), ("e\u0301", 1), ("Ａ", 2), ("", 0)]
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


def test_control_characters_are_shown() -> None:
    assert shown("a\x1b[31m\u202eb") == "a\ufffd[31m\ufffdb"


def test_codes_are_found_by_name_and_alias() -> None:
    assert find_code("unknown-key") == find_code("sg104") == catalogue()["unknown-key"]
    assert find_code("no-such-code") is None


def test_codes_are_told_in_words() -> None:
    for code in catalogue().values():
        assert not code.title[0].islower() and not code.title.endswith(".")
        assert code.why.endswith(".")


def test_every_code_of_the_golden_cases_is_in_the_catalogue() -> None:
    """A new code gets its meaning in `src/dsl/diagnostics/codes_*.py`, for `segue explain` and SARIF."""
    import_module("dsl.lint.rules")  # its codes join when it is imported
    here = Path(__file__).parent
    files = [p for p in here.parent.rglob("*") if p.is_file() and here not in p.parents and p.suffix != ".pyc"]
    found = (re.findall(r"^(error|warning|info)\[([a-z-]+)\]", p.read_text("utf-8", "replace"), re.M) for p in files)
    told = {code: severity for cases in found for severity, code in cases}
    assert set(told) - set(catalogue()) == set()
    assert {c: s for c, s in told.items() if catalogue()[c].severity != s} == {}
