"""check --fix, --unsafe-fixes, --diff, --baseline: what is written, what is told."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from .conftest import Segue

WRONG = "segment a of contact { lifecycle_stage == lead }\nsegment b of contact { lifecycle_stage = custmer }\n"
SAFE = WRONG.replace("==", "=")
RIGHT = SAFE.replace("custmer", "customer")
WARNED = "workflow idle of contact {\n  when: purchased\n}\n"


def test_safe_fixes_are_written_and_the_others_counted(segue: Segue, project: Path) -> None:
    rules = project / "rules/new.segue"
    rules.write_text(WRONG)
    told = segue("check", "--fix")
    assert rules.read_text() == SAFE
    assert told.code == 1
    assert "fixed 1 problem; 1 more with `--unsafe-fixes`\n" in told.err
    assert "unknown-option" in told.out and "double-equals" not in told.out


def test_unsafe_fixes_go_further(segue: Segue, project: Path) -> None:
    rules = project / "rules/new.segue"
    rules.write_text(WRONG)
    told = segue("check", "--unsafe-fixes")
    assert (told.code, rules.read_text()) == (0, RIGHT)
    assert told.err.startswith("fixed 2 problems\n")
    assert segue("check", "--fix").err.startswith("nothing to fix\n")


def test_a_difference_is_shown_and_nothing_written(segue: Segue, project: Path) -> None:
    rules = project / "rules/new.segue"
    rules.write_text(WRONG)
    told = segue("check", "--diff")
    assert rules.read_text() == WRONG
    assert told.out == (
        "--- a/rules/new.segue\n+++ b/rules/new.segue\n@@ -1,2 +1,2 @@\n"
        "-segment a of contact { lifecycle_stage == lead }\n+segment a of contact { lifecycle_stage = lead }\n"
        " segment b of contact { lifecycle_stage = custmer }\n"
    )
    assert (told.code, told.err) == (1, "would fix 1 problem; 1 more with `--unsafe-fixes`\n")
    assert segue("check", "--diff", "rules/trials.segue").code == 0


@pytest.mark.parametrize("words", [["check", "--diff"], ["fmt", "--diff"]])
def test_a_difference_can_be_applied(segue: Segue, project: Path, words: list[str]) -> None:
    rules = project / "rules/new ones.segue"
    wrong, right = ("==", " = ") if words[0] == "check" else ("  =  ", " = ")
    rules.write_text(f"\ufeffsegment 新規 of contact {{ lifecycle_stage{wrong}lead }}\r\n# the end", newline="")
    change = segue(*words).out
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], input=change.encode(), cwd=project, check=True)
    assert rules.read_bytes().count(right.strip().encode()) == 1
    assert segue(*words).out == ""


def test_what_a_fix_would_repair_is_counted(segue: Segue, project: Path) -> None:
    rules = project / "rules/new.segue"
    rules.write_text(WRONG)
    assert segue("check").err == "2 errors in 5 files; 1 can be fixed by `--fix`\n"
    rules.write_text(SAFE)
    assert segue("check").err == "1 error in 5 files\n"


def test_only_the_files_named_are_repaired(segue: Segue, project: Path) -> None:
    first, second = project / "rules/one.segue", project / "rules/two.segue"
    first.write_text(SAFE.replace(" = ", " == ", 1).replace("custmer", "customer"))
    second.write_text(first.read_text().replace("segment a", "segment c").replace("segment b", "segment d"))
    before = second.read_text()
    segue("check", "--fix", "rules/one.segue")
    assert (first.read_text(), second.read_text()) == (RIGHT, before)


def test_the_bytes_around_a_fix_stay(segue: Segue, project: Path) -> None:
    rules = project / "rules/new.segue"
    before = b"\xef\xbb\xbf" + WRONG.replace("\n", "\r\n").encode()
    rules.write_bytes(before)
    rules.chmod(0o640)
    segue("check", "--fix")
    assert rules.read_bytes() == before.replace(b"==", b"=")
    assert rules.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in rules.parent.iterdir() if path.name.startswith(".")) == []


def test_a_baseline_hides_what_was_there_wherever_it_moves(segue: Segue, project: Path) -> None:
    rules = project / "rules/new.segue"
    rules.write_text(WARNED)
    assert segue("check").code == 1
    told = segue("check", "--write-baseline", "known.json")
    assert (told.code, told.err) == (0, "1 finding written to known.json\n")
    rules.write_text(f"# moved\n\n{WARNED}")
    told = segue("check", "--baseline", "known.json")
    assert (told.code, told.out) == (0, "")
    assert told.err.endswith("; 1 known, left out\n")


def test_what_is_new_is_told_beside_a_baseline(segue: Segue, project: Path) -> None:
    rules = project / "rules/new.segue"
    rules.write_text(WARNED)
    segue("check", "--write-baseline", "known.json")
    rules.write_text(WARNED + WARNED.replace("idle", "idler"))
    told = segue("check", "--baseline", "known.json")
    assert told.code == 1
    assert "`idler`" in told.out and "`idle`" not in told.out


def test_what_is_gone_from_a_baseline_is_told_at_its_place(segue: Segue, project: Path) -> None:
    rules = project / "rules/new.segue"
    rules.write_text(WARNED)
    segue("check", "--write-baseline", "known.json")
    rules.unlink()
    told = segue("check", "--baseline", "known.json")
    assert told.code == 0
    assert told.out.startswith("known.json:4:5: info[gone-from-baseline]")
    assert segue("check", "rules/trials.segue", "--baseline", "known.json").out == "", "it was not looked at"


def test_errors_are_in_no_baseline(segue: Segue, project: Path) -> None:
    (project / "rules/new.segue").write_text(RIGHT.replace("lead", "leed"))
    told = segue("check", "--write-baseline", "known.json")
    assert "1 error left out" in told.err
    assert json.loads((project / "known.json").read_text())["findings"] == []
    assert segue("check", "--baseline", "known.json").code == 1


def test_a_broken_baseline_is_refused(segue: Segue, project: Path) -> None:
    for text in ("{", "[]", '{"version": 9}', '{"version": 1, "findings": [{"file": "a"}]}'):
        (project / "known.json").write_text(text)
        told = segue("check", "--baseline", "known.json")
        assert told.code == 2
        assert told.err.startswith("segue: known.json is no baseline: ")
    assert segue("check", "--baseline", "nowhere.json").code == 2
