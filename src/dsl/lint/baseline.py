"""The baseline: findings that were there when a project began to be checked, and are to be left alone for now.

A finding is known again by its file, its code and the text of its line, not by the number of the line: so it stays
known while the lines around it change. Several alike are counted. Errors are never in a baseline."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ..diagnostics.diagnostic import Diagnostic, Label, Severity
from ..source import Source, Span
from ..values import dataclass

VERSION = 1
_KEYS = ("file", "code", "line", "count")

Fingerprint = tuple[str, str, str]  # file, code, line


class NoBaselineError(ValueError):
    """The text is no baseline; says why."""


@dataclass(frozen=True, slots=True)
class Compared:
    """`new` are the findings the baseline does not know, with those about it; `known` how many it does."""

    new: tuple[Diagnostic, ...]
    known: int


def written(found: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """The text of a baseline that knows all of these but errors. One finding a line, in a fixed order."""
    counts = Counter(fingerprint(d, sources) for d in found if d.severity is not Severity.ERROR)
    lines = ",\n".join(f"    {_entry(*key, count)}" for key, count in sorted(counts.items()))
    return f'{{\n  "version": {VERSION},\n  "findings": [\n{lines}\n  ]\n}}\n'


def _entry(file: str, code: str, line: str, count: int) -> str:
    return json.dumps(dict(zip(_KEYS, (file, code, line, count), strict=True)), ensure_ascii=False)


def fingerprint(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> Fingerprint:
    """What a finding is known by; blanks in its line do not count."""
    span = diagnostic.label.span
    source = sources.get(span.file)
    line = source.line(source.position(span.start)[0]) if source else ""
    return span.file, diagnostic.code, " ".join(line.split())


def compared(
    found: Sequence[Diagnostic], baseline: Source, sources: Mapping[str, Source], asked: Callable[[str], bool]
) -> Compared:
    """The findings less those known; `asked` says which files were looked at. Raises NoBaselineError."""
    entries = _read(baseline.text)
    left = Counter(entries)
    new = []
    for diagnostic in found:
        key = fingerprint(diagnostic, sources)
        if diagnostic.severity is not Severity.ERROR and left[key] > 0:
            left[key] -= 1
        else:
            new.append(diagnostic)
    gone = [_gone(key, entries[key], baseline) for key in sorted(left) if left[key] > 0 and asked(key[0])]
    return Compared((*new, *gone), len(found) - len(new))


def _read(text: str) -> dict[Fingerprint, int]:
    try:
        content = json.loads(text)
    except ValueError as error:
        raise NoBaselineError(f"it is no JSON: {error}") from None
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise NoBaselineError(f"it has no `version` {VERSION}")
    counts: Counter[Fingerprint] = Counter()
    for file, code, line, count in _entries(content.get("findings")):
        counts[file, code, line] += count
    return counts


def _entries(findings: object) -> Iterator[tuple[str, str, str, int]]:
    if not isinstance(findings, list):
        raise NoBaselineError("it has no list of `findings`")
    for number, entry in enumerate(findings, 1):
        values = [entry.get(key) for key in _KEYS] if isinstance(entry, dict) else []
        match values:
            case [str() as file, str() as code, str() as line, int() as count]:
                yield file, code, line, count
            case _:
                raise NoBaselineError(f"finding {number} does not have `file`, `code`, `line` and `count`")


def _gone(key: Fingerprint, count: int, baseline: Source) -> Diagnostic:
    file, code, line = key
    start = max(baseline.text.find(_entry(file, code, line, count)), 0)
    end = start + len(_entry(file, code, line, count)) if start else 0
    return Diagnostic(
        "gone-from-baseline",
        Severity.INFO,
        f"the finding `{code}` in {file} is no longer there",
        Label(Span(baseline.name, start, end), "known, and gone"),
        help="write the baseline anew with `--write-baseline`",
    )
