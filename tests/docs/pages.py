"""The pages and their blocks of code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^(`{3,})([a-z]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    page: str
    language: str
    text: str


def pages() -> list[str]:
    """Every page for readers, by its path from the root."""
    found = list((ROOT / "docs").rglob("*.md"))
    found += [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "playbooks/README.md")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def blocks(page: str) -> Iterator[Block]:
    for _, language, text in _BLOCK.findall(text_of(page)):
        yield Block(page, language, text)


def is_under(page: str, places: Iterable[str]) -> bool:
    return any(page == place or page.startswith(f"{place}/") for place in places)
