"""The pages of verbs: each example is typed in the project that `segue init` makes, as it was before that verb, and
says what stands below it (`..` stands for more lines, and remarks may be left out)."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from .conftest import Segue
from .test_office_pages import PAGES as BY_HAND
from .test_pages import PAGES as TYPED
from .test_pages import ROOT, Typed, lines, steps

# What the project is like before a verb: `new` just made, `migrated` with a store, `project` with people in the inbox,
# `ran` after a month.
BEFORE = {
    "init": "",
    "check": "new",
    "fmt": "new",
    "test": "new",
    "explain": "new",
    "migrate": "new",
    "import": "migrated",
    "plan": "project",
    "run": "project",
    "enroll": "ran",
    "enrollments": "ran",
    "delete": "ran",
    "tasks": "ran",
    "segments": "ran",
    "report": "ran",
    "why": "ran",
}
# Not typed: they show what needs years of events, or rules and people of another project.
NOT_TYPED = {
    "segue vacuum --dry-run",
    "segue report inquiries",
    "cut -d, -f1 leavers.csv | tail -n +2 > leavers.txt",
    "segue delete contact --from leavers.txt --yes",
}
OTHER_PAGES = {
    "docs/operating.md": "tests/segue/test_operating_page.py",
    "docs/linter.md": "tests/segue/test_operating_page.py",
    "playbooks/README.md": "typed in docs/guides/author.md",
}
# What somebody has written into the rules, by a word of the answer to it.
MISTAKES = {
    "`trail`": ("= trial", "= trail"),
    "would format": ("= trial", "=  trial"),
    "formatted": ("= trial", "=  trial"),
}
MENDED = {"formatted"}
OF_VERBS = ("docs/cli.md", "docs/formatting.md")
SHOWN = [step for page in OF_VERBS for step in steps(page) if isinstance(step, Typed)]


def test_every_page_with_examples_is_typed_or_named_here() -> None:
    pages = ["README.md", "playbooks/README.md"]
    pages += [path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")]
    there = {page for page in pages if any(isinstance(step, Typed) for step in steps(page))}
    assert there == {*OF_VERBS, *TYPED, *BY_HAND, *OTHER_PAGES}
    assert {step.command for step in SHOWN} >= NOT_TYPED


@pytest.fixture
def put(segue: Segue, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The projects of `made`, and two younger ones."""
    for name in ("project", "ran"):
        shutil.copytree(made / name, tmp_path / name / "shop")
    for name in ("new", "migrated"):
        segue("init", f"{name}/shop")
    segue("migrate", "--project", "migrated/shop")


@pytest.mark.parametrize("step", [s for s in SHOWN if s.command not in NOT_TYPED], ids=lambda s: s.command[:60])
@pytest.mark.usefixtures("put")
def test_an_example_says_what_the_page_says(
    step: Typed, segue: Segue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in step.command.split(" && "):
        verb, *arguments = shlex.split(command)
        if verb == "cd":
            continue
        before = tmp_path / BEFORE[arguments[0]]
        monkeypatch.chdir(before / "shop" if BEFORE[arguments[0]] else before)
        for sign, (right, wrong) in MISTAKES.items():
            if sign in step.said:
                path = Path("rules/trials.segue")
                path.write_text(path.read_text().replace(right, wrong, 1))
        told = segue(*arguments)
    assert told.code in ((1,) if any(sign in step.said for sign in MISTAKES.keys() - MENDED) else (0,)), told.err
    shown, really = set(lines(step.said, tmp_path)) - {".."}, set(lines(told.out + told.err, tmp_path))
    assert shown <= really, shown - really
    assert re.match(r"segue |cd ", step.command)
