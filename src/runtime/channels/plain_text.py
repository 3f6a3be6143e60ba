"""Markdown's tokens as text that reads well in a mail: the text/plain half."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token


def as_text(tokens: Sequence[Token]) -> str:
    """Paragraphs with an empty line between, `-` or numbers before items, `> ` before quotes, `text (address)`."""
    return _Writer().write(tokens)


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.prefixes: list[str] = []  # what stands before each line: of quotes, of list items
        self.bullet: str | None = None  # stands once, before the first line of an item
        self.counters: list[int | None] = []  # the next number of each list we are in; None: `-`
        self.cells: list[str] | None = None  # of the table row we are in
        self.close = False  # no empty line before the next block
        self.opening = False  # at the first item of an outermost list
        self.last_prefix = ""

    def write(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            self._token(token)
        return "\n".join(self.lines).strip("\n") + "\n"

    def _token(self, token: Token) -> None:
        match token.type:
            case "inline" if self.cells is not None:
                self.cells.append(inline_text(token.children or []))
            case "inline":
                self._block(inline_text(token.children or []))
            case "fence" | "code_block":
                self._block("\n".join(f"    {line}" for line in token.content.rstrip("\n").split("\n")))
            case "hr":
                self._block("-" * 20)
            case "tr_open":
                self.cells = []
            case "tr_close" if self.cells is not None:
                self._block(" | ".join(self.cells))
                self.cells, self.close = None, True
            case "table_close":
                self.close = False
            case "paragraph_open":
                self.close = token.hidden and not self.opening
            case _:
                self._nesting(token)

    def _nesting(self, token: Token) -> None:
        match token.type:
            case "blockquote_open":
                self.prefixes.append("> ")
            case "bullet_list_open" | "ordered_list_open":
                ordered = token.type == "ordered_list_open"
                self.opening = not self.counters
                self.counters.append(int(token.attrGet("start") or 1) if ordered else None)
            case "bullet_list_close" | "ordered_list_close":
                self.counters.pop()
                self.close = False
            case "list_item_open":
                self._open_item()
            case "list_item_close" | "blockquote_close":
                self.prefixes.pop()

    def _open_item(self) -> None:
        number = self.counters[-1]
        bullet = "- " if number is None else f"{number}. "
        if number is not None:
            self.counters[-1] = number + 1
        self.bullet = "".join(self.prefixes) + bullet
        self.prefixes.append(" " * len(bullet))

    def _block(self, text: str) -> None:
        prefix = "".join(self.prefixes)
        if self.lines and not self.close:
            self.lines.append(_shared(prefix, self.last_prefix).rstrip())
        for line in text.split("\n"):
            self.lines.append(((prefix if self.bullet is None else self.bullet) + line).rstrip())
            self.bullet = None
        self.last_prefix, self.close, self.opening = prefix, False, False


def _shared(one: str, other: str) -> str:
    """What both begin with."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(letter for letter, _ in alike)


def inline_text(children: Sequence[Token]) -> str:
    """One run of text without its marks; a link's address in brackets unless it is the text itself."""
    pieces: list[str] = []
    open_links: list[tuple[int, str]] = []
    for child in children:
        match child.type:
            case "text" | "code_inline" | "html_inline":
                pieces.append(child.content)
            case "image":
                pieces.append(child.content)
            case "softbreak" | "hardbreak":
                pieces.append("\n")
            case "link_open":
                open_links.append((len(pieces), str(child.attrGet("href") or "")))
            case "link_close":
                start, address = open_links.pop()
                shown = "".join(pieces[start:])
                if address not in ("", shown, f"mailto:{shown}"):
                    pieces.append(f" ({address})" if shown else address)
    return "".join(pieces)
