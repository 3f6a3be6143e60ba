"""What a text says: quotes taken off, escapes resolved, a block dedented."""

from __future__ import annotations

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
def value_offsets(raw: str) -> list[int]:
    """For each character of the value, where it stands in `raw`; one more for the end.

    Composed characters are counted as written: in text that was not NFC a place may be off by some characters."""
    places = [place for _, place in _characters(raw)]
    return [*places, places[-1] + 1 if places else _opening(raw)]


def _opening(raw: str) -> int:
    return 3 if raw.startswith('"""') else 1


def _characters(raw: str) -> list[tuple[str, int]]:
    return _block(raw) if raw.startswith('"""') else _line(raw)


def _line(raw: str) -> list[tuple[str, int]]:
    end = len(raw) - 1 if len(raw) > 1 and raw.endswith('"') else len(raw)
    found, i = [], 1
    while i < end:
        escape = _ESCAPES.get(raw[i + 1]) if raw[i] == "\\" and i + 1 < end else None
        found.append((escape or raw[i], i))
        i += 2 if escape else 1
    return found


def _block(raw: str) -> list[tuple[str, int]]:
    return _joined(_kept_lines(raw))


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


def _joined(lines: list[tuple[str, int]]) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for n, (line, start) in enumerate(lines):
        if n:
            found.append(("\n", start - 1 if start else 0))
        found.extend((c, start + i) for i, c in enumerate(line))
    return found
