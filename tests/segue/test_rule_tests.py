"""`segue test` from the command line."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from segue.testing import Order, run_whenever_changed

from .conftest import Segue

FAILING = """
test "never sent" of trial_welcome {
  clock 2026-03-02 10:00
  given contact ann { email = "ann@example.com"  plan = trial }
  expect ann receives welcome at 2026-03-02 11:00
}
"""


@pytest.fixture
def failing(project: Path) -> Path:
    path = project / "rules/failing.segue"
    path.write_text(FAILING)
    return path


def test_all_is_well(segue: Segue, project: Path) -> None:
    told = segue("test")
    assert (told.code, told.out) == (0, "")
    assert told.err.startswith("2 passed in ") and "; coverage 100% of definitions' branches" in told.err


def test_a_failure_is_shown_with_the_log(segue: Segue, failing: Path) -> None:
    told = segue("test", "--format", "full")
    assert told.code == 1
    assert (
        told.out
        == """\
error[expectation-failed]: `ann` has not received `welcome` at 2026-03-02 11:00
  --> rules/failing.segue:5:3
  |
5 |   expect ann receives welcome at 2026-03-02 11:00
  |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ sent at 2026-03-02 10:00 by sequence `trial_welcome`
  |
  = note: in the test "never sent"

  ann, until 2026-03-02 10:00 Europe/Berlin:
    2026-03-02 10:00  sequence trial_welcome  enrolled
    2026-03-02 10:00  sequence trial_welcome  send welcome: sent
    -                 sequence trial_welcome  waits until 2026-03-04 10:00, then send how_is_it_going

"""
    )
    assert "2 passed, 1 failed in " in told.err


def test_one_line_for_each_failure(segue: Segue, failing: Path) -> None:
    (line,) = segue("test", "--format", "concise").lines
    assert line == (
        "rules/failing.segue:5:3: error[expectation-failed] `ann` has not received `welcome` at 2026-03-02 11:00:"
        " sent at 2026-03-02 10:00 by sequence `trial_welcome`"
    )


def test_annotations_for_github(segue: Segue, failing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (line,) = segue("test").lines
    assert line.startswith("::error file=rules/failing.segue,line=5,endLine=5,col=3,endColumn=50,")
    assert line.endswith("sent at 2026-03-02 10:00 by sequence `trial_welcome`")


def test_junit(segue: Segue, failing: Path) -> None:
    root = fromstring(segue("test", "--format", "junit").out)
    assert (root.get("tests"), root.get("failures")) == ("3", "1")
    assert [suite.get("name") for suite in root] == ["rules/failing.segue", "rules/trials.segue"]


def test_json(segue: Segue, failing: Path) -> None:
    found = segue("test", "--json").json
    assert (found["passed"], found["failed"], found["coverage"]["percent"]) == (2, 1, 100.0)


@pytest.mark.parametrize(
    ("chosen", "count"),
    [(["rules/failing.segue"], 1), (["rules"], 3), (["-k", "NEVER"], 1), (["-k", "trial_welcome"], 3)],
)
def test_which_tests(segue: Segue, failing: Path, chosen: list[str], count: int) -> None:
    assert len(segue("test", "--json", *chosen).json["tests"]) == count


def test_nothing_that_was_meant(segue: Segue, project: Path) -> None:
    told = segue("test", "-k", "nowhere")
    assert told.code == 2 and "no test has `nowhere` in its title, row or definitions\n" in told.err
    told = segue("test", "rules/letters.segue")
    assert told.code == 2 and "there are no tests in these paths" in told.err


def test_a_project_without_tests(segue: Segue, project: Path) -> None:
    path = project / "rules/trials.segue"
    path.write_text(path.read_text().split("# What the sequence promises")[0])
    told = segue("test")
    assert told.code == 0 and "there are no tests yet" in told.err
    told = segue("test", "--min-coverage", "1")
    assert told.code == 1 and "coverage 0.0% is below the 1% asked for" in told.err


def test_coverage_that_is_too_low(segue: Segue, project: Path) -> None:
    path = project / "rules/trials.segue"
    path.write_text(path.read_text().split('test "who pays')[0])
    assert segue("test", "--min-coverage", "101").code == 2
    assert segue("test", "--min-coverage", "50").code == 0
    told = segue("test", "--min-coverage", "80")
    assert told.code == 1
    assert "rules/trials.segue:11: sequence trial_welcome: nobody is ended by `goal`" in told.err
    assert "coverage 50.0% is below the 80% asked for" in told.err


def test_rules_with_errors_are_not_run(segue: Segue, failing: Path) -> None:
    failing.write_text(FAILING.replace("receives welcome", "receives welcom"))
    told = segue("test")
    assert told.code == 2 and "unknown-template" in told.err and told.out == ""


def test_watching_runs_again_after_each_change(segue: Segue, failing: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The wrong time is put right, then somebody breaks the file, then Ctrl-C."""
    texts = [FAILING.replace("11:00", "10:00"), "test {", None]

    def sleep(_: float) -> None:
        text = texts.pop(0)
        if text is None:
            raise KeyboardInterrupt
        failing.write_text(text)

    order = Order((), "", None, None, 1, None)
    assert run_whenever_changed(order, sleep) == 2
    told = capsys.readouterr().err
    assert [line.split(" in ")[0] for line in told.splitlines() if " passed" in line] == [
        "2 passed, 1 failed",
        "3 passed",
    ]
    assert told.count("changed: failing.segue") == 2
    assert "cannot be used as it is" in told
