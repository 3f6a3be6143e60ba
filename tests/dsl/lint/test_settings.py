"""`lint:` of segue.yaml: profiles, names, levels, folders; and names that mean nothing."""

from __future__ import annotations

import pytest

from dsl.compile import Compiled, compile_project
from dsl.diagnostics import render_full
from dsl.diagnostics.diagnostic import Severity
from dsl.lint.examples import SCHEMA, SETTINGS
from dsl.source import Source

# One finding of the checker (no-steps), one of a rule that is always on, one of a strict rule.
PROGRAM = """\
workflow idle of contact { when: purchased }
sequence outreach {
  automated { send intro }
  rep_led when opened_email { task call "Call" }
}
template intro { topic: sales  subject: "Hello"  body: "Hello." }
segment unread of contact { plan = free }
"""
DEFAULT = {"no-steps", "opens-as-only-switch"}


def check(lint: str, name: str = "rules/a.segue", program: str = PROGRAM) -> Compiled:
    settings = Source("segue.yaml", f"{SETTINGS}lint: {lint}\n")
    return compile_project([Source(name, program)], Source("schema.yaml", SCHEMA), settings)


def found(lint: str, name: str = "rules/a.segue") -> set[str]:
    """Which of the three are shown; other rules may have something to say as well."""
    return {d.code for d in check(lint, name).diagnostics} & (DEFAULT | {"unused-segment"})


@pytest.mark.parametrize(
    ("lint", "expected"),
    [
        ("{}", DEFAULT),
        ("{profile: strict}", DEFAULT | {"unused-segment"}),
        ("{profile: none}", {"no-steps"}),
        ("{profile: none, select: [unused-segment]}", {"no-steps", "unused-segment"}),
        ("{select: [unused-segment]}", DEFAULT | {"unused-segment"}),
        ("{select: [sg671]}", DEFAULT | {"unused-segment"}),
        ("{select: [style]}", DEFAULT | {"unused-segment"}),
        ("{ignore: [bugs]}", {"no-steps"}),
        ("{ignore: [opens-as-only-switch, no-steps]}", set()),
        ("{ignore: [bugs], select: [opens-as-only-switch]}", DEFAULT),
        ("{select: [style], ignore: [unused-segment]}", DEFAULT),
        ("{select: [unused-segment], ignore: [unused-segment]}", DEFAULT),
        ("{per_folder: {rules: {ignore: [bugs]}}}", {"no-steps"}),
        ("{per_folder: {drafts: {ignore: [bugs]}}}", DEFAULT),
        ("{ignore: [opens-as-only-switch], per_folder: {rules: {select: [bugs]}}}", DEFAULT),
        ("{per_folder: {rules: {select: [unused-segment]}}}", DEFAULT | {"unused-segment"}),
    ],
)
def test_what_is_shown(lint: str, expected: set[str]) -> None:
    assert found(lint) == expected


@pytest.mark.parametrize(
    ("pattern", "file", "matches"),
    [
        ("drafts", "drafts/a.segue", True),
        ("drafts/", "drafts/deep/a.segue", True),
        ("drafts", "drafts_of_ann/a.segue", False),
        ("drafts/**", "drafts/deep/a.segue", True),
        ("drafts/*", "drafts/a.segue", True),
        ("'**/old.segue'", "a/b/old.segue", True),
        ("'**/old.segue'", "old.segue", True),
        ("'*.segue'", "a.segue", True),
        ("'*.segue'", "rules/a.segue", False),
        ("a.segue", "a.segue", True),
        ("a.segue", "abSegue", False),
    ],
)
def test_patterns_of_folders(pattern: str, file: str, matches: bool) -> None:
    assert (found(f"{{per_folder: {{{pattern}: {{ignore: [bugs, no-steps]}}}}}}", file) == set()) is matches


def test_levels_by_name_go_before_those_by_category() -> None:
    assert _levels("{levels: {bugs: error, opens-as-only-switch: info, no-steps: info}}") == {
        "opens-as-only-switch": Severity.INFO,
        "no-steps": Severity.INFO,
    }
    assert _levels("{levels: {bugs: error}}") == {
        "opens-as-only-switch": Severity.ERROR,
        "no-steps": Severity.WARNING,
    }


def _levels(lint: str) -> dict[str, Severity]:
    return {d.code: d.severity for d in check(lint).diagnostics if d.code in DEFAULT}


def test_errors_of_the_checker_stay_errors() -> None:
    wrong = "segment a of contact { plan = premium }\n"
    compiled = check("{ignore: [unknown-option], levels: {unknown-option: info}}", program=wrong)
    assert [(d.code, d.severity) for d in compiled.diagnostics] == [
        ("unknown-option", Severity.ERROR),
        ("errors-stay", Severity.WARNING),
        ("errors-stay", Severity.WARNING),
    ]
    assert compiled.program is None


def test_a_rule_raised_to_an_error_stops_the_program() -> None:
    assert check("{}").program is not None
    assert check("{levels: {opens-as-only-switch: error}}").program is None


def test_a_rule_raised_to_an_error_can_still_be_ignored_at_its_place() -> None:
    """It is the project's own wish, not what would be wrong at run time."""
    program = PROGRAM.replace('"Call" }', '"Call" } # segue: ignore[opens-as-only-switch] agreed')
    compiled = check("{levels: {opens-as-only-switch: error}}", program=program)
    assert [d.code for d in compiled.diagnostics if d.code != "no-steps"] == []
    assert compiled.program is not None


def test_no_rule_about_the_whole_where_a_file_has_an_error() -> None:
    wrong = f"{PROGRAM}segment broken of contact {{ plan = premium and in segment unread }}\n"
    assert "unused-segment" not in {d.code for d in check("{profile: strict}", program=wrong).diagnostics}


def test_names_that_mean_nothing_are_told_at_their_place() -> None:
    compiled = check("{ignore: [opens-as-onyl-switch], per_folder: {rules: {levels: {buggs: info}}}}")
    told = [render_full(d, compiled.sources) for d in compiled.diagnostics if d.code == "unknown-rule"]
    assert told == [
        """\
warning[unknown-rule]: there is no rule `opens-as-onyl-switch`
   --> segue.yaml:12:17
   |
12 | lint: {ignore: [opens-as-onyl-switch], per_folder: {rules: {levels: {buggs: info}}}}
   |                 ^^^^^^^^^^^^^^^^^^^^ not known
   |
   = help: did you mean `opens-as-only-switch`?""",
        """\
warning[unknown-rule]: there is no rule `buggs`
   --> segue.yaml:12:70
   |
12 | lint: {ignore: [opens-as-onyl-switch], per_folder: {rules: {levels: {buggs: info}}}}
   |                                                                      ^^^^^ not known
   |
   = help: did you mean `bugs`?""",
    ]
