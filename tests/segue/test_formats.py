"""`segue check --format ..`: what other programs read, and the exit code they go by."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.diagnostics import Diagnostic, Edit, Fix, FixKind, Label, Severity
from dsl.diagnostics.code import Code
from dsl.diagnostics.regions import Places, fingerprints
from dsl.diagnostics.render_github import render_github
from dsl.diagnostics.render_gitlab import render_gitlab
from dsl.diagnostics.render_junit import render_junit
from dsl.diagnostics.render_sarif import render_sarif
from dsl.source import Source, Span
from tests.examples import examples

from .conftest import Segue

SARIF = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text("utf-8"))
VALID = jsonschema.validators.validator_for(SARIF)(SARIF, format_checker=jsonschema.FormatChecker())
BROKEN = 'segment a of contact { lifecyle_stage = lead }\nworkflow w of contact { when: purchased\n  notify rep "a" }\n'
WARNED = "segment s of contact { created_at is known }\n"  # always true: a warning
PASSING = (
    'test "in" of s { clock 2026-03-02 10:00  given contact ann { email = "a@a.example" }  expect ann in segment s }\n'
)


@pytest.fixture
def repository(segue: Segue, tmp_path: Path) -> Path:
    """A repository whose project stands in a folder of its own; the shell stands at its top."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "crm 営業"
    folder.mkdir()
    (folder / "segue.yaml").write_text("name: shop\n")
    (folder / "a.segue").write_text(BROKEN)
    return folder


def test_sarif_is_valid_and_complete(segue: Segue, repository: Path) -> None:
    told = segue("check", "--format", "sarif", "--project", str(repository))
    assert told.code == 1
    VALID.validate(told.json)
    run = told.json["runs"][0]
    for rule in run["tool"]["driver"]["rules"]:
        texts = (rule["shortDescription"]["text"], rule["fullDescription"]["text"], rule["help"]["text"])
        assert all(texts) and rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    first = run["results"][0]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "unknown-property"
    place = first["locations"][0]["physicalLocation"]
    assert unquote(place["artifactLocation"]["uri"]) == "crm 営業/a.segue"
    assert place["region"] == {"startLine": 1, "startColumn": 24, "endLine": 1, "endColumn": 38}
    assert re.fullmatch("[0-9a-f]{32}", first["partialFingerprints"]["primaryLocationLineHash"])
    assert run["automationDetails"]["id"] == "segue/crm 営業/"


def test_people_are_told_paths_from_where_they_are(
    segue: Segue, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first(*words: str) -> str:
        return segue("check", "--format", "concise", *words).lines[0].split(":")[0]

    assert first("--project", "crm 営業") == first("crm 営業") == "crm 営業/a.segue"
    assert "--> crm 営業/a.segue:1:24\n" in segue("check", "--format", "full", "crm 営業/a.segue").out
    (repository / "deep").mkdir()
    monkeypatch.chdir(repository / "deep")
    assert first() == "../a.segue"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert first("--project", str(repository)) == str(repository / "a.segue")


def test_paths_of_several_projects_are_checked_one_project_after_the_other(segue: Segue, repository: Path) -> None:
    second = repository.with_name("crm 2")
    second.mkdir()
    (second / "segue.yaml").write_text("name: other\n")
    (second / "b.segue").write_text(WARNED)
    for words in (["check"], ["check", "--format", "concise"]):
        told = segue(*words, "crm 2/b.segue", "crm 営業/a.segue")
        assert [line.split(":")[0] for line in told.lines] == ["crm 2/b.segue", "crm 営業/a.segue"]
        assert told.code == 1
    assert segue("check", "--fail-level", "error", "--format", "concise", "crm 2", "crm 営業").code == 1
    assert segue("check", "--fail-level", "error", "--format", "concise", "crm 2").code == 0
    for option in (["--json"], ["--baseline", "known.json"], ["--write-baseline", "known.json"], ["--format", "sarif"]):
        told = segue("check", "crm 2", "crm 営業", *option)
        assert told.code == 2 and told.err.startswith("segue: these paths are of several projects\n")


def test_a_folder_of_projects_stands_for_each_of_them(
    segue: Segue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As our own `playbooks` is: it was checked as one project without a schema, which nothing in it fitted."""
    for name in ("a", "deep/b", "node_modules/c"):
        project = tmp_path / "all" / name
        project.mkdir(parents=True)
        (project / "segue.yaml").write_text("name: one\n")
        (project / "x.segue").write_text(WARNED + PASSING)
    (tmp_path / "all" / "loose.segue").write_text(WARNED)
    monkeypatch.chdir(tmp_path)
    told = segue("check", "--format", "concise", "all")
    found = dict.fromkeys(line.split(":")[0] for line in told.lines)
    assert list(found) == ["all/a/x.segue", "all/deep/b/x.segue", "all/loose.segue"]
    assert segue("test", "all/a", "all/deep").err.count("1 passed in") == 2
    told = segue("check", "--json", "all")
    assert told.code == 2 and "take one of all/a, all/deep/b" in told.err
    monkeypatch.chdir(tmp_path / "all")
    told = segue("check", "--format", "concise")
    found = dict.fromkeys(line.split(":")[0] for line in told.lines)
    assert list(found) == ["a/x.segue", "deep/b/x.segue", "loose.segue"]


def test_sarif_of_a_clean_project_is_a_run_without_results(segue: Segue, repository: Path) -> None:
    (repository / "a.segue").write_text("segment a of contact { lifecycle_stage = lead }")
    told = segue("check", "--format", "sarif", "--project", str(repository))
    assert (told.code, told.json["runs"][0]["results"]) == (0, [])
    VALID.validate(told.json)


def test_github_annotations(segue: Segue, repository: Path) -> None:
    first = segue("check", "--format", "github", "--project", str(repository)).lines[0]
    assert first == (
        "::error file=crm 営業/a.segue,line=1,endLine=1,col=24,endColumn=38,title=unknown-property::"
        "contact has no property `lifecyle_stage`%0Anot in the schema%0Ahelp: did you mean `lifecycle_stage`?"
    )


def test_github_actions_get_annotations_without_asking(
    segue: Segue, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert segue("check", "--project", str(repository)).out.startswith("::error file=")
    assert segue("check", "--format", "concise", "--project", str(repository)).out.startswith("crm 営業/a.segue:1:24: ")


def test_gitlab_report(segue: Segue, repository: Path) -> None:
    issues = segue("check", "--format", "gitlab", "--project", str(repository)).json
    assert issues[0]["location"] == {"path": "crm 営業/a.segue", "lines": {"begin": 1, "end": 1}}
    assert {"description", "check_name", "fingerprint", "severity", "location"} == set(issues[0])
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_junit_counts_what_it_holds(segue: Segue, repository: Path) -> None:
    suites = ElementTree.fromstring(segue("check", "--format", "junit", "--project", str(repository)).out)
    cases = suites.findall("testsuite/testcase")
    failed = [case for case in cases if case.find("failure") is not None]
    assert (suites.get("tests"), suites.get("failures")) == (str(len(cases)), str(len(failed)))
    clean = [case.get("file") for case in cases if case.find("failure") is None]
    assert clean == ["crm 営業/segue.yaml"]
    assert failed[0].get("name") == "unknown-property at 1:24"


@pytest.mark.parametrize(
    ("rules", "level", "code"),
    [
        (WARNED, "error", 0),
        (WARNED, "warning", 1),
        (WARNED, "info", 1),
        (BROKEN, "error", 1),
        ("segment s of contact { lifecycle_stage = lead }", "info", 0),
    ],
)
def test_fail_level(segue: Segue, repository: Path, rules: str, level: str, code: int) -> None:
    (repository / "a.segue").write_text(rules)
    assert segue("check", "--fail-level", level, "--project", str(repository)).code == code


def test_a_level_that_is_none_could_not_run(segue: Segue, repository: Path) -> None:
    assert segue("check", "--fail-level", "fatal", "--project", str(repository)).code == 2


# --- any text at all ---

TEXT = st.text(st.characters(), max_size=40)  # also lone surrogates: bytes that are no UTF-8
NAMES = st.text(min_size=1, max_size=12)


@st.composite
def found(draw: st.DrawFn) -> tuple[list[Diagnostic], dict[str, Source]]:
    sources = {name: Source(name, draw(TEXT)) for name in draw(st.lists(NAMES, max_size=2))}

    def span() -> Span:
        name = draw(st.sampled_from([*sources, "not read.segue"]))
        size = len(sources[name].text) if name in sources else 0
        start = draw(st.integers(0, size))
        return Span(name, start, draw(st.integers(start, size)))

    def one() -> Diagnostic:
        others = tuple(Label(span(), draw(TEXT)) for _ in range(draw(st.integers(0, 2))))
        fix = Fix(draw(st.sampled_from(FixKind)), (Edit(span(), draw(TEXT)),)) if draw(st.booleans()) else None
        severity = draw(st.sampled_from(Severity))
        return Diagnostic("some-code", severity, draw(NAMES), Label(span(), draw(TEXT)), others, draw(TEXT), "", fix)

    return [one() for _ in range(draw(st.integers(0, 3)))], sources


@examples(60)
@given(found())
def test_any_finding_makes_a_valid_report(case: tuple[list[Diagnostic], dict[str, Source]]) -> None:
    diagnostics, sources = case
    places = Places(sources, "folder")
    code = {"some-code": Code("some-code", "SG999", "A title", "Why it matters.")}
    VALID.validate(json.loads(render_sarif(diagnostics, places, code, "0.1.0")))
    issues: list[Any] = json.loads(render_gitlab(diagnostics, places))
    assert len({issue["fingerprint"] for issue in issues}) == len(diagnostics)
    tree = ElementTree.fromstring(render_junit(diagnostics, places, sources))
    assert len(tree.findall("testsuite/testcase/failure")) == len(diagnostics)
    for diagnostic in diagnostics:
        line = render_github(diagnostic, places)
        command = re.fullmatch(r"::(error|warning|notice) file=[^:,\r\n]*,line=[^\r\n]*?::[^\r\n]*", line)
        assert command is not None and not any(c in line for c in "\x00\x1b\x07\r\n")


def test_a_fingerprint_survives_moved_lines_and_tells_equal_lines_apart() -> None:
    def marks(text: str, *starts: int) -> list[str]:
        told = [Diagnostic("c", Severity.ERROR, "m", Label(Span("a", s, s + 1))) for s in starts]
        return fingerprints(told, {"a": Source("a", text)})

    before = marks("x = 1\nx = 1\ny\n", 0, 6, 12)
    assert marks("\n\n  x  = 1\nx = 1\ny\n", 4, 11, 17) == before
    assert len(set(before)) == 3
    assert marks("z = 1\nx = 1\ny\n", 0, 6, 12)[0] != before[0]
