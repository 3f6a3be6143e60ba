"""How verbs print: tables and JSON to stdout, everything else to stderr."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import IO, Any


def put(words: str = "") -> None:
    """Words on stdout that may hold what somebody wrote into the store."""
    print(clean(words))


def clean(words: str) -> str:
    """As they may be printed: what a contact calls itself moves no cursor and colours no terminal. Lines stay."""
    if words.isascii() and words.isprintable():
        return words
    from dsl.diagnostics.columns import shown

    return "\n".join(shown(line) for line in words.replace("\r\n", "\n").split("\n"))


def say(words: str) -> None:
    """To the person at the terminal, not to the next program."""
    print(clean(words), file=sys.stderr)


def remark(words: str, hint: str = "") -> None:
    """Something they should know."""
    say(f"segue: {words}" + (f"\n  {hint}" if hint else ""))


def show_json(value: object, zone: str = "UTC") -> None:
    """Instants become ISO 8601 with the offset of `zone`, the account's; ids become text."""
    print(_SIGNS.sub(_escaped, json.dumps(plain(value, zone), ensure_ascii=False, indent=2)))


class Told(dict[str, Any]):
    """What is JSON already, under names that users gave: an answer to a question `seen_at` is no instant."""


def _escaped(sign: re.Match[str]) -> str:
    return f"\\u{ord(sign.group()):04x}"


def plain(value: object, zone: str = "UTC", name: str = "") -> object:
    """Dataclasses, enums, dates and paths as JSON knows them; figures say their base (M19)."""
    if isinstance(value, Told):
        return dict(value)
    if hasattr(value, "as_json"):
        return plain(value.as_json(), zone)
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name), zone, f.name) for f in fields(value)}
    if isinstance(value, int) and not isinstance(value, bool) and name:
        if name in _INSTANTS or name.endswith("_at"):
            return _iso(value, zone)
        if name in _IDS or name.endswith("_id"):
            return str(value)  # 63 bits: more than JavaScript's numbers hold
    match value:
        case Enum():
            return value.value
        case Mapping():
            return {str(key): plain(v, zone, str(key)) for key, v in value.items()}
        case str() | int() | float() | None:
            return value
        case date() | Path():
            return str(value)
        case Iterable():
            return [plain(v, zone, "id" if name == "records" else name) for v in value]
    return str(value)


def _iso(at: int, zone: str) -> str:
    from runtime.times.zones import to_datetime

    return to_datetime(at, zone).isoformat()


# What json.dumps leaves as it is and a terminal obeys: the second set of control characters, directions of writing.
_SIGNS = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# Fields of our results that hold an instant in µs, besides those that end with `_at`.
_IDS = frozenset(("id",))
_INSTANTS = frozenset(("at", "since", "until", "began", "due", "next_due", "live_since"))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], numbers: Iterable[str] = ()) -> None:
    """A table without frames, as wide as it must be: it goes into `less`, `grep` and mails. `numbers` stand right."""
    from dsl.diagnostics.columns import shown, width

    cells = [[shown(_cell(value)) for value in row] for row in rows]
    widths = [max(width(c[i]) for c in (list(columns), *cells)) for i in range(len(columns))]
    right = [name in set(numbers) for name in columns]

    def line(texts: Sequence[str]) -> str:
        padded = (
            " " * (w - width(text)) + text if r else text + " " * (w - width(text))
            for text, w, r in zip(texts, widths, right, strict=True)
        )
        return "  ".join(padded).rstrip()

    if any(columns):
        print(_strong(line(columns)))
    for row in cells:
        print(line(row))


def more_than(listed: int, count: int, what: str = "") -> None:
    """A remark where only the first of a list stand there."""
    if count > listed:
        remark(f"{listed:,} of {count:,}{what}; `--limit 0` lists all")


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
    return str(value)


def title(words: str) -> None:
    print(_strong(clean(words)))


def _strong(words: str) -> str:
    return f"\x1b[1m{words}\x1b[0m" if coloured(sys.stdout) else words


def coloured(stream: IO[str]) -> bool:
    """Colours on a terminal that wants them (https://no-color.org)."""
    import os

    return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.1%}"


def plural(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"
