"""Markdown's tokens as text that reads well in a mail: the text/plain half."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token


def as_text(tokens: Sequence[Token]) -> str:
    """Paragraphs with an empty line between, `-` or numbers before items, `> ` before quotes, `text (address)`."""
    return _Writer().write(tokens)


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.prefixes: list[str] = []  # what stands before each line: of quotes, list items
        self.bullet: str | None = None  # stands once before the first line of an item
        self.counters: list[int | None] = []
        self.tight = False

    def write(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            self._token(token)
        return "\n".join(self.lines).strip("\n") + "\n"

    def _token(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._block(inline_text(token.children or []), token)
            case "fence" | "code_block":
                self._block("\n".join(f"    {line}" for line in token.content.rstrip("\n").split("\n")), token)
            case "hr":
                self._block("-" * 20, token)
            case "blockquote_open":
                self.prefixes.append("> ")
            case "bullet_list_open" | "ordered_list_open":
                start = token.attrGet("start")
                self.counters.append(int(start or 1) if token.type == "ordered_list_open" else None)
            case "bullet_list_close" | "ordered_list_close":
                self.counters.pop()
            case "list_item_open":
                self._open_item()
            case "list_item_close" | "blockquote_close":
                self.prefixes.pop()
            case "paragraph_open":
                self.tight = token.hidden

    def _open_item(self) -> None:
        number = self.counters[-1]
        bullet = "- " if number is None else f"{number}. "
        if number is not None:
            self.counters[-1] = number + 1
        self.bullet = "".join(self.prefixes) + bullet
        self.prefixes.append(" " * len(bullet))

    def _block(self, text: str, token: Token) -> None:
        row = token.type == "inline" and self.lines and self.tight and self.bullet is not None
        if self.lines and not row:
            self.lines.append("".join(self.prefixes[:-1] if self.bullet is not None else self.prefixes).rstrip())
        prefix = "".join(self.prefixes)
        for line in text.split("\n"):
            self.lines.append(((self.bullet if self.bullet is not None else prefix) + line).rstrip())
            self.bullet = None


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
                if address and address.removeprefix("mailto:") != shown:
                    pieces.append(f" ({address})" if shown else address)
    return "".join(pieces)
