"""docs/messages.md lists every code but those of the linter's rules, which have pages of their own (docs/rules).
`SEGUE_WRITE_CASES=1` writes its tables anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dsl.diagnostics.catalogue import catalogue
from dsl.diagnostics.code import Code
from tests.kept import kept

PAGE = Path(__file__).resolve().parents[3] / "docs" / "messages.md"
MARK = "<!-- from the catalogue; `SEGUE_WRITE_CASES=1 ./test` writes it -->\n"
ROOMS = {
    "1": "Files of a project",
    "2": "Syntax",
    "3": "Rules",
    "4": "Declarations",
    "5": "Rule tests",
    "7": "The linter's settings",
    "8": "Steps, and definitions beside each other",
}
LINT = "SG6"


def table(codes: Sequence[Code]) -> str:
    """One row a code."""
    rows = [f"| `{c.name}` | {c.alias} | {c.severity} | {c.title}. {c.why} |" for c in codes]
    return "\n".join(["| name | alias | severity | what and why |", "|---|---|---|---|", *rows])


def tables() -> str:
    """A table a room, by the first digit of the alias."""
    codes = sorted((c for c in catalogue().values() if not c.alias.startswith(LINT)), key=lambda c: c.alias)
    rooms = dict.fromkeys(c.alias[2] for c in codes)
    parts = [f"## {ROOMS.get(n, 'Others')}\n\n{table([c for c in codes if c.alias[2] == n])}\n" for n in rooms]
    return "\n".join(parts)


def test_the_page_lists_every_code() -> None:
    before, mark, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    assert mark
    page = f"{before}{MARK}\n{tables()}"
    assert page == kept(PAGE, page)
