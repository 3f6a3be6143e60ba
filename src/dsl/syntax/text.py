"""What a text says: quotes taken off, escapes resolved, a block dedented."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from unicodedata import is_normalized, normalize

_ESCAPES = {'"': '"', "\\": "\\", "n": "\n"}


def value_of(raw: str) -> str:
    """The value of a text as written, quotes included; a missing closing quote is forgiven."""
    if raw.startswith('"""'):
        value = "\n".join(line for line, _ in _kept_lines(raw))
    elif "\\" not in raw and raw.endswith('"') and len(raw) > 1:
        value = raw[1:-1]
    else:
        value = "".join(c for c, _ in _line(raw))
    return value if is_normalized("NFC", value) else normalize("NFC", value)


@lru_cache(maxsize=8)  # a text is asked for each of its merge fields in turn
def value_offsets(raw: str) -> Sequence[int]:
    """For each character of the value, where it stands in `raw`; one more for the end.

    Composed characters are counted as written: in text that was not NFC a place may be off by some characters."""
    if raw.startswith('"""'):
        places = _block(raw)
        return [*places, places[-1] + 1 if places else 3]
    if "\\" not in raw:
        return range(1, _end(raw) + 1)
    places = [place for _, place in _line(raw)]
    return [*places, places[-1] + 1 if places else 1]


def _end(raw: str) -> int:
    return len(raw) - 1 if len(raw) > 1 and raw.endswith('"') else len(raw)


def _line(raw: str) -> list[tuple[str, int]]:
    end = _end(raw)
    found, i = [], 1
    while i < end:
        escape = _ESCAPES.get(raw[i + 1]) if raw[i] == "\\" and i + 1 < end else None
        found.append((escape or raw[i], i))
        i += 2 if escape else 1
    return found


def _block(raw: str) -> list[int]:
    """Where each character of the value stands; a line break stands before the line that it begins."""
    places: list[int] = []
    for n, (line, start) in enumerate(_kept_lines(raw)):
        if n:
            places.append(start - 1 if start else 0)
        places.extend(range(start, start + len(line)))
    return places


def _kept_lines(raw: str) -> list[tuple[str, int]]:
    """The lines and where each starts in `raw`, without their common indent; the first line break and a last line of
    blanks do not count."""
    end = len(raw) - 3 if len(raw) >= 6 and raw.endswith('"""') else len(raw)
    lines = raw[3:end].split("\n")
    starts = [3]
    for line in lines[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    indent = min((len(x) - len(x.lstrip()) for x in lines[1:] if x.strip()), default=0)
    indents = [0] + [indent] * (len(lines) - 1)
    kept = [(_cut(x, i), s + min(i, len(x))) for x, s, i in zip(lines, starts, indents, strict=True)]
    if len(kept) > 1 and not lines[0].strip():
        kept = kept[1:]
    if len(kept) > 1 and not lines[-1].strip():
        kept = kept[:-1]
    return kept


def _cut(line: str, indent: int) -> str:
    return "" if not line.strip() else line[indent:].removesuffix("\r")
