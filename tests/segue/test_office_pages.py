"""Every command on the pages about what people do by hand is typed in order, in an office with a few records
(`office/`) and the rules that the page shows, and says what stands below it. A worker's tick follows each.

What a store makes up anew (numbers of talks and drafts, tokens) is another one here: a command that names one means the
one that was told. Where an answer is shown, `..` stands for more lines, and remarks may be left out."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from tests.docs.pages import blocks

from .conftest import Segue
from .test_pages import Typed, steps

OFFICE = Path(__file__).parent / "office"
PAGES = (
    "docs/playbooks.md",
    "docs/forms-and-surveys.md",
    "docs/notes.md",
    "docs/tickets.md",
    "docs/broadcasts.md",
    "docs/hygiene.md",
    "docs/reports.md",
    "docs/roles.md",
)
# What does not end with 0, and why.
CODES = {
    "segue hygiene": 1,  # something is found
    "segue delete contact ann@example.com --yes --as rep_1": 2,  # a rep may not
}
# Asks: tests/segue/test_playbook_verb.py answers.
AT_A_TERMINAL = {"segue playbook run discovery_call acme-renewal --contact ann@acme.example --as mia"}
_MADE_UP = re.compile(r"\d+\.\d{16,}|(?<!#)\b[0-9a-f]{16,}\b")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_is_said(page: str, segue: Segue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUE_USER", "mia")
    shutil.copytree(OFFICE, tmp_path, dirs_exist_ok=True)
    rules = [block.text for block in blocks(page) if block.language == "segue"]
    Path("rules/page.segue").write_text("\n".join(rules), "utf-8")
    opened(segue)
    names: dict[str, str] = {}
    for step in steps(page):
        if isinstance(step, Typed) and step.command not in AT_A_TERMINAL:
            typed(step, segue, names, monkeypatch)


def test_what_is_named_here_stands_on_a_page() -> None:
    commands = {step.command for page in PAGES for step in steps(page) if isinstance(step, Typed)}
    assert commands >= CODES.keys() | AT_A_TERMINAL


def opened(segue: Segue) -> None:
    """The store is made, its records loaded, and the clock stands at 2026-03-13."""
    said = [segue("migrate")]
    for records in ("companies", "people", "deals", "tickets"):
        said.append(segue("import", f"{records}.csv", "--map", f"{records}.map.yaml"))
    said.append(segue("run", "--until", "2026-03-13"))
    assert [one.err for one in said if one.code] == []


def typed(step: Typed, segue: Segue, names: dict[str, str], go: pytest.MonkeyPatch) -> None:
    command = _MADE_UP.sub(lambda found: names[found[0]], step.command)
    _, *arguments = shlex.split(command, comments="  #" in command)
    if "<" in arguments:
        go.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(arguments.pop()).read_bytes())))
        arguments.remove("<")
    told = segue(*arguments)
    assert told.code == CODES.get(step.command, 0), (step.command, told.out, told.err)
    really = [" ".join(line.split()) for line in (told.out + told.err).splitlines()]
    for line in step.said.splitlines():
        if line.strip() and line != "..":
            names |= found(" ".join(line.split()), really, step.command)
    assert segue("run", "--until", "+1 minute").code == 0


def found(shown: str, really: list[str], command: str) -> dict[str, str]:
    """What stands there for what the page's line has made up; the line must be there."""
    made_up = _MADE_UP.findall(shown)
    pattern = r"(\S+)".join(map(re.escape, _MADE_UP.split(shown)))
    for line in really:
        if match := re.fullmatch(pattern, line):
            return dict(zip(made_up, match.groups(), strict=True))
    raise AssertionError((command, shown, really))
