"""The baseline of a project as a file: written from what is found now, read to leave that out later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dsl.diagnostics import Severity
from dsl.lint.baseline import NoBaselineError, compared, written
from dsl.source import Source

from .checking import Asked, Checked
from .errors import InvalidInput
from .project import read_text


def without_known(checked: Checked, asked: Asked, file: Path) -> Checked:
    """What was found less what the baseline knows. Raises InvalidInput."""
    baseline, compiled = read_text(file), checked.compiled
    try:
        result = compared(compiled.diagnostics, baseline, compiled.sources, asked.covers)
    except NoBaselineError as error:
        raise InvalidInput(f"{file} is no baseline: {error}", "write one with `--write-baseline`") from None
    sources: Mapping[str, Source] = {**compiled.sources, baseline.name: baseline}
    left = replace(compiled, diagnostics=result.new, sources=sources)
    return replace(checked, compiled=left, known=result.known)


def write_baseline(checked: Checked, file: Path) -> tuple[int, int]:
    """Writes what was found, but for errors; how many findings that were, and how many errors. Raises InvalidInput."""
    found = checked.compiled.diagnostics
    try:
        file.write_text(written(found, checked.compiled.sources), encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{file} cannot be written: {error.strerror}") from None
    errors = sum(d.severity is Severity.ERROR for d in found)
    return len(found) - errors, errors
