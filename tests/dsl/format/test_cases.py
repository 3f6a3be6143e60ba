"""One case, two files: `cases/NAME.before.segue` as somebody wrote it, `cases/NAME.after.segue` as it is to be.

A new case is a new file; `SEGUE_WRITE_CASES=1` writes the other.
"""

from pathlib import Path

import pytest

from dsl.format import format_source
from dsl.source import Source
from tests.kept import kept

PATHS = sorted((Path(__file__).parent / "cases").glob("*.before.segue"))


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.name.split(".")[0])
def test_a_file_gets_its_layout(path: Path) -> None:
    done = format_source(Source(path.name, path.read_text(encoding="utf-8")))
    assert done.safe and not done.problems
    expected = path.with_name(path.name.replace(".before.", ".after."))
    assert done.text == kept(expected, done.text)
