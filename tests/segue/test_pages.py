"""README and the tutorial: every command typed as it stands there, in order, says what stands below it.

The pages show stdout and stderr as a terminal does; here they are compared as sets of lines. Commands that the pages
show without an answer must merely succeed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from .conftest import Segue

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[tuple[str, str]]:
    """(command, what it says) of every block that has a `$` in it; a block that begins with a rule is `rule`."""
    found: list[tuple[str, str]] = []
    for block in _BLOCK.findall((ROOT / page).read_text("utf-8")):
        if block.startswith("workflow thank_you"):
            found.append(("write rules/customers.segue", block))
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, said = part.partition("\n")
            found.append((command, said))
    return found


def lines(text: str, here: Path) -> set[str]:
    steady = re.sub(r" in [\d.]+ s;", " in 0.4 s;", text.replace(f"{here}/", "/tmp/"))
    return {line.rstrip() for line in steady.splitlines() if line.strip()}


@pytest.mark.parametrize(("page", "checks"), [("README.md", 2), ("docs/tutorial.md", 4)])
def test_a_page_tells_the_truth(
    segue: Segue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, checks: int
) -> None:
    trials, customers, seen = tmp_path / "shop/rules/trials.segue", tmp_path / "shop/rules/customers.segue", 0
    for command, said in commands(page):
        verb, *arguments = shlex.split(command, comments=True)
        if verb == "cd":
            monkeypatch.chdir(arguments[0])
        elif verb in ("cat", "write"):
            Path(arguments[0]).write_text(said)
        elif Path(verb).name == "segue" and arguments[0] != "tui":
            extra: list[str] = []
            if arguments == ["check"]:
                seen, extra = seen + 1, ["--format", "full"]
                if "`tryal`" in said:
                    trials.write_text(trials.read_text().replace("= trial", "= tryal", 1))
                if "no problems in 5" in said:
                    customers.write_text(
                        customers.read_text().replace("first_name }}", "first_name | default: 'dear customer' }}")
                    )
            told = segue(*arguments, *extra)
            trials.write_text(trials.read_text().replace("tryal", "trial"))
            assert told.code == (1 if " error in " in said else 0), (command, told.err)
            shown, really = lines(said, tmp_path), lines(told.out + told.err, tmp_path)
            assert shown <= really, (command, shown - really)
            if page != "README.md":  # which leaves out remarks
                assert really <= shown, (command, really - shown)
    assert seen == checks
