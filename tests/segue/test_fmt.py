"""`segue fmt` at the command line: what it writes, what it leaves, what it says."""

import io
import sys
from pathlib import Path

import pytest

from .conftest import Segue

LOOSE = "segment   a of contact { plan=trial }\n"
TIGHT = "segment a of contact { plan = trial }\n"
BROKEN = "segment b of contact { plan = }\n"


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(held))
    return held


def test_files_are_written_and_the_mode_stays(segue: Segue, tmp_path: Path) -> None:
    path = tmp_path / "a.segue"
    path.write_text(LOOSE)
    path.chmod(0o640)
    said = segue("fmt", ".")
    assert (said.code, said.out) == (0, "")
    assert said.err == "formatted a.segue\n1 of 1 file changed\n"
    assert path.read_text() == TIGHT
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["a.segue"]
    assert segue("fmt", "a.segue").err == "0 of 1 file changed\n"


def test_check_and_diff_write_nothing(segue: Segue, tmp_path: Path) -> None:
    path = tmp_path / "a.segue"
    path.write_text(LOOSE)
    checked = segue("fmt", "--check", ".")
    assert (checked.code, checked.out) == (1, "")
    assert checked.err == "would format a.segue\n1 of 1 file would change\n"
    shown = segue("fmt", "--diff", ".")
    assert shown.code == 1
    assert shown.lines == ["--- a/a.segue", "+++ b/a.segue", "@@ -1 +1 @@", f"-{LOOSE[:-1]}", f"+{TIGHT[:-1]}"]
    assert path.read_text() == LOOSE
    path.write_text(TIGHT)
    assert segue("fmt", "--check", ".").code == 0


def test_a_file_with_mistakes_stays_and_the_others_are_formatted(segue: Segue, tmp_path: Path) -> None:
    (tmp_path / "a.segue").write_text(LOOSE)
    (tmp_path / "b.segue").write_text(BROKEN)
    said = segue("fmt", "a.segue", "b.segue")
    assert said.code == 2
    assert "segue: b.segue was not formatted: 1 problem in it" in said.err
    assert "1 of 2 files changed, 1 could not be formatted" in said.err
    assert (tmp_path / "a.segue").read_text() == TIGHT
    assert (tmp_path / "b.segue").read_text() == BROKEN


def test_without_paths_it_is_the_project(segue: Segue, project: Path) -> None:
    rules = next(project.rglob("*.segue"))
    rules.write_text(LOOSE + rules.read_text())
    assert segue("fmt", "--check").code == 1
    assert segue("fmt").code == 0
    assert rules.read_text().startswith(TIGHT)


def test_newlines_and_the_byte_order_mark_stay(segue: Segue, tmp_path: Path) -> None:
    path = tmp_path / "a.segue"
    path.write_bytes(b"\xef\xbb\xbf" + LOOSE.replace("\n", "\r\n").encode())
    assert segue("fmt", ".").code == 0
    assert path.read_bytes() == b"\xef\xbb\xbf" + TIGHT.replace("\n", "\r\n").encode()


def test_standard_input_goes_to_standard_output(segue: Segue, stdin: io.BytesIO) -> None:
    stdin.write((LOOSE + LOOSE).encode())
    stdin.seek(0)
    said = segue("fmt", "-", "--range", "2:2")
    assert (said.code, said.out, said.err) == (0, LOOSE + TIGHT, "")


def test_standard_input_with_mistakes_gives_nothing_back(segue: Segue, stdin: io.BytesIO) -> None:
    stdin.write(BROKEN.encode())
    stdin.seek(0)
    said = segue("fmt", "--stdin-filename", "rules/b.segue", "-")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("rules/b.segue:1:29: error")


def test_bytes_that_are_no_text_are_named(segue: Segue, tmp_path: Path) -> None:
    (tmp_path / "a.segue").write_bytes(b"# \xff\n")
    said = segue("fmt", ".")
    assert said.code == 2
    assert "a.segue was not formatted: it is not UTF-8: byte 3 is none of it" in said.err


def test_a_link_stays_a_link(segue: Segue, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.segue").write_text(LOOSE)
    (tmp_path / "b.segue").symlink_to("real/a.segue")
    assert segue("fmt", "b.segue").code == 0
    assert (tmp_path / "b.segue").is_symlink()
    assert (tmp_path / "real" / "a.segue").read_text() == TIGHT


def test_a_file_changed_meanwhile_is_left_alone(segue: Segue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.segue"
    path.write_text(LOOSE)
    from runtime.checking import formatting

    def format_and_edit(content: bytes, name: str, lines: formatting.Lines | None) -> formatting.FormattedFile:
        path.write_text(BROKEN)
        return original(content, name, lines)

    original = formatting.format_bytes
    monkeypatch.setattr(formatting, "format_bytes", format_and_edit)
    said = segue("fmt", "a.segue")
    assert said.code == 2
    assert "it was changed by somebody else meanwhile" in said.err
    assert path.read_text() == BROKEN
    assert [p.name for p in tmp_path.iterdir()] == ["a.segue"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope.segue"], "there is no nope.segue"),
        (["schema.yaml"], "schema.yaml is no rule file"),
        (["--range", "5:3", "a.segue"], "`5:3` is no range of lines"),
        (["--range", "1:2", "."], "`--range` is for one file"),
        (["-", "a.segue"], "`-` stands alone"),
        (["--chek"], "there is no option `--chek`"),
        ([], "there is no project here"),
    ],
)
def test_what_cannot_be_meant_is_refused(segue: Segue, tmp_path: Path, arguments: list[str], words: str) -> None:
    for name in ("a.segue", "b.segue", "schema.yaml"):
        (tmp_path / name).write_text("")
    said = segue("fmt", *arguments)
    assert said.code == 2
    assert words in said.err
