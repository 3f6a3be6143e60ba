"""One case, two files: `cases/NAME.before.segue` as somebody wrote it, `cases/NAME.after.segue` as it is to be.

A new case is a new file; `SEGUE_UPDATE=1 pytest tests/dsl/format` writes the other, to be read before it is kept.
"""

import os
from pathlib import Path

import pytest

from dsl.format import format_source
from dsl.source import Source

PATHS = sorted((Path(__file__).parent / "cases").glob("*.before.segue"))


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.name.split(".")[0])
def test_a_file_gets_its_layout(path: Path) -> None:
    done = format_source(Source(path.name, path.read_text(encoding="utf-8")))
    assert done.safe and not done.problems
    expected = path.with_name(path.name.replace(".before.", ".after."))
    if os.environ.get("SEGUE_UPDATE"):
        expected.write_text(done.text, encoding="utf-8")
    assert done.text == expected.read_text(encoding="utf-8")
