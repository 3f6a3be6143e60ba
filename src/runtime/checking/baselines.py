"""The baseline of a project as a file: written from what is found now, read to leave that out later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from dsl.diagnostics import Severity
from dsl.lint.baseline import NoBaselineError, compared, written
from dsl.source import Source

from ..errors import InvalidInput
from ..project.layout import covers
from ..project.loading import read_text
from .paths import Checked


def without_known(checked: Checked, file: Path) -> Checked:
    """What was found less what the baseline knows. Raises InvalidInput."""
    baseline, told = read_text(file), checked.told
    try:
        result = compared(told.diagnostics, baseline, told.sources, partial(covers, checked.inside))
    except NoBaselineError as error:
        raise InvalidInput(f"{file} is no baseline: {error}", "write one with `--write-baseline`") from None
    sources: Mapping[str, Source] = {**told.sources, baseline.name: baseline}
    left = replace(told, diagnostics=result.new, sources=sources)
    return replace(checked, told=left, known=result.known)


def write_baseline(checked: Checked, file: Path) -> tuple[int, int]:
    """Writes what was found, but for errors; how many findings that were, and how many errors. Raises InvalidInput."""
    found = checked.told.diagnostics
    try:
        file.write_text(written(found, checked.told.sources), encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{file} cannot be written: {error.strerror}") from None
    errors = sum(d.severity is Severity.ERROR for d in found)
    return len(found) - errors, errors
