"""Every rule file there is: the same tree, and the same text the second time."""

import re
from pathlib import Path

import pytest

from dsl.format import format_source
from dsl.source import Source

ROOT = Path(__file__).parents[3]
EXAMPLES = Path(__file__).parents[1] / "syntax" / "examples"
FOLDERS = ("src", "tests", "playbooks", "docs", "benchmarks", "editors")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.segue"))
DESIGN = ROOT.parent / "shared" / "design" / "examples"
_FENCED = re.compile(r"^```(?:segue)?\n(.*?)^```", re.DOTALL | re.MULTILINE)


def stable(name: str, text: str) -> None:
    done = format_source(Source(name, text))
    assert done.safe
    if not done.problems:
        assert not format_source(Source(name, done.text)).changed


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_file_is_stable(path: Path) -> None:
    stable(path.name, path.read_bytes().decode("utf-8", "replace"))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.segue")), ids=lambda p: p.stem)
def test_the_examples_are_in_their_layout(path: Path) -> None:
    done = format_source(Source(path.name, path.read_text(encoding="utf-8")))
    assert not done.changed and not done.problems


@pytest.mark.parametrize("folder", ["src/segue/starter", "src/runtime/demo", "playbooks"])
def test_what_we_hand_out_is_in_its_layout(folder: str) -> None:
    paths = sorted((ROOT / folder).rglob("*.segue"))
    assert paths
    for path in paths:
        done = format_source(Source(path.name, path.read_text(encoding="utf-8")))
        assert not done.changed and not done.problems, path


def test_the_design_examples_are_in_their_layout() -> None:
    if not DESIGN.is_dir():
        pytest.skip("the design's examples are not beside this clone")
    for path in sorted(DESIGN.glob("*.segue")):
        assert not format_source(Source(path.name, path.read_text(encoding="utf-8"))).changed, path.name


def test_the_programs_in_the_docs_are_stable() -> None:
    found = [
        (page.name, text) for page in ROOT.glob("docs/**/*.md") for text in _FENCED.findall(page.read_text("utf-8"))
    ]
    assert len(found) > 20
    for name, text in found:
        stable(name, text)
