"""Each case is `cases/NAME.toml`: files, and a diagnostic whose spans are found by their text. Its three renderings
stand in `NAME.full`, `NAME.concise` and `NAME.json`; `SEGUE_WRITE_CASES=1` writes them anew."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from dsl.diagnostics import (
    Diagnostic,
    Edit,
    Fix,
    FixKind,
    Label,
    Severity,
    render_concise,
    render_full,
    render_json,
)
from dsl.source import Source, Span
from tests.kept import kept

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))


def load(path: Path) -> tuple[Diagnostic, dict[str, Source]]:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = {name: Source(name, text) for name, text in case.get("files", {}).items()}

    def label(written: dict[str, Any]) -> Label:
        return Label(span(written), written.get("text", ""))

    def span(written: dict[str, Any]) -> Span:
        file = written["file"]
        if file not in sources:
            return Span(file, 0, 0)
        text = sources[file].text
        start = text.index(written["find"]) if "find" in written else written.get("at", len(text))
        end = text.index(written["to"], start) + len(written["to"]) if "to" in written else None
        return Span(file, start, end or start + len(written.get("find", "")))

    edits = tuple(Edit(span(e), e["put"]) for e in case.get("edits", []))
    fix = Fix(FixKind(case["fix"]), edits) if edits else None
    first, *others = (label(written) for written in case["labels"])
    told = (case.get("help", ""), case.get("note", ""))
    severity = Severity(case.get("severity", "error"))
    return Diagnostic(case["code"], severity, case["message"], first, tuple(others), *told, fix), sources


@pytest.mark.parametrize("kind", ["full", "concise", "json"])
@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_rendering(path: Path, kind: str) -> None:
    diagnostic, sources = load(path)
    match kind:
        case "full":
            said = render_full(diagnostic, sources)
        case "concise":
            said = render_concise(diagnostic, sources)
        case _:
            said = render_json([diagnostic], sources)
    assert said + "\n" == kept(path.with_suffix(f".{kind}"), said + "\n")


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_colour_changes_no_text(path: Path) -> None:
    diagnostic, sources = load(path)
    coloured = render_full(diagnostic, sources, color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_full(diagnostic, sources)
    assert coloured.startswith("\x1b[1;3")


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_nothing_of_a_file_reaches_the_terminal_as_a_command(path: Path) -> None:
    for line in render_full(*load(path)).splitlines():
        assert line.isprintable() or "\u200d" in line


def test_json_is_in_order() -> None:
    source = Source("a.segue", "one two\n")
    late = Diagnostic("b", Severity.ERROR, "late", Label(Span("a.segue", 4, 7)))
    early = Diagnostic("a", Severity.ERROR, "early", Label(Span("a.segue", 0, 3)))
    assert [d["message"] for d in json.loads(render_json([late, early], {"a.segue": source}))] == ["early", "late"]
