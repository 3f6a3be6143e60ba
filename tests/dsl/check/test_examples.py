"""The design's own programs: what is right in them is found right, what is broken is found, once each."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsl.compile import Compiled, compile_project
from dsl.diagnostics import Severity
from dsl.source import Source

DESIGN = Path(__file__).resolve().parents[4] / "shared" / "design"

pytestmark = pytest.mark.skipif(not DESIGN.is_dir(), reason="../shared/design is not here")


def checked(folder: str) -> Compiled:
    """All rule files of one of its folders."""
    root = DESIGN / folder
    files = [Source(path.name, path.read_text(encoding="utf-8")) for path in sorted(root.glob("*.segue"))]
    yaml = [Source(name, (root / name).read_text(encoding="utf-8")) for name in ("schema.yaml", "segue.yaml")]
    return compile_project(files, yaml[0], yaml[1])


def test_the_examples_have_neither_errors_nor_warnings() -> None:
    """`lens_refill` mails everybody and asks nobody: that alone is worth a word (X24)."""
    compiled = checked("examples")
    assert [(d.severity, d.code) for d in compiled.diagnostics] == [(Severity.INFO, "asks-for-no-consent")]
    program = compiled.program
    assert program is not None
    assert len(program.definitions) == 5 and len(program.segments) == 10 and len(program.templates) == 11
    assert {"engagement"} == program.scores.keys() and {"names"} == program.hygiene.keys()


def test_the_broken_file_has_thirteen_findings_each_where_it_belongs() -> None:
    compiled = checked("examples-broken")
    source = compiled.sources["broken.segue"]
    lines = [source.position(d.label.span.start)[0] for d in compiled.diagnostics]
    assert lines == [2, 3, 4, 5, 6, 7, 9, 10, 11, 13, 13, 14, 16]
    assert {d.severity for d in compiled.diagnostics} == {Severity.ERROR}
    helps = {line: d.help for line, d in zip(lines, compiled.diagnostics, strict=True)}
    assert "`lifecycle_stage`" in helps[2]
    assert "any deal (amount > 10 JPY)" in helps[3]
    assert "`free`, `trial` and `paid`" in helps[6]
    seconds = {
        n: [source.position(o.span.start)[0] for o in d.others]
        for n, d in zip(lines, compiled.diagnostics, strict=True)
    }
    assert (seconds[7], seconds[9], seconds[11]) == ([8], [9], [12])
