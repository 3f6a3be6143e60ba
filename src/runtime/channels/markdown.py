"""A template's Markdown body to HTML and readable text, once per version, with places left for merge fields (X36).

A merge field goes through Markdown as a word of ASCII letters and digits that stands nowhere else; what it stands for
is put in afterwards, so no value is ever read as Markdown or HTML, and one that names an address is checked as such.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from dsl.program.blocks import Merge, Text

from .plain_text import as_text

Escape = Callable[[str], str]
_LINK_TAGS = re.compile(r"(?<=\))\{[\w.]+=[^{}\n]*\}")
_SAFE_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>\"'\\]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """`literals` has one more entry than `places`; between literal i and i + 1 stands the text of merge field
    `places[i]`, put through `escapes[i]`."""

    literals: tuple[str, ...]
    places: tuple[int, ...]
    escapes: tuple[Escape, ...]

    def fill(self, values: Sequence[str]) -> str:
        pieces = [self.literals[0]]
        for place, put, literal in zip(self.places, self.escapes, self.literals[1:], strict=True):
            pieces.append(put(values[place]))
            pieces.append(literal)
        return "".join(pieces)

    @property
    def ascii_share(self) -> float:
        text = "".join(self.literals)
        return sum(map(str.isascii, text)) / len(text) if text else 1.0


def compile_body(body: Text) -> tuple[Skeleton, Skeleton]:
    """(HTML, text) of a body. Raw HTML in it is shown as written, never passed on."""
    from markdown_it import MarkdownIt

    word = _unused_word("".join(p for p in body.parts if isinstance(p, str)))
    merges = [p for p in body.parts if isinstance(p, Merge)]
    count = iter(range(len(merges)))
    source = "".join(p if isinstance(p, str) else f"{word}{next(count)}x" for p in body.parts)
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens = parser.parse(_LINK_TAGS.sub("", source))
    links = {i for i, m in enumerate(merges) if m.root == "links"}
    html = parser.renderer.render(tokens, parser.options, {})
    return _split(html, word, _html_escape(links)), _split(as_text(tokens), word, _text_escape)


def _unused_word(text: str) -> str:
    n = 0
    while f"mergefield{n}v" in text:
        n += 1
    return f"mergefield{n}v"


def _split(rendered: str, word: str, escape_at: Callable[[int, str], Escape]) -> Skeleton:
    literals, places, escapes, at = [], [], [], 0
    for found in re.finditer(rf"{word}(\d+)x", rendered):
        place = int(found.group(1))
        literals.append(rendered[at : found.start()])
        places.append(place)
        escapes.append(escape_at(place, rendered[: found.start()]))
        at = found.end()
    return Skeleton((*literals, rendered[at:]), tuple(places), tuple(escapes))


def _html_escape(links: set[int]) -> Callable[[int, str], Escape]:
    """What makes a value harmless where it stands; markdown-it leaves no bare `<`, `>` or `"` outside of tags."""

    def choose(place: int, before: str) -> Escape:
        tag = before[before.rfind("<") :]
        if ">" in tag or "<" not in tag:
            inside_link = before.rfind("<a ") > before.rfind("</a>")
            return _anchor if place in links and not inside_link else _in_text
        if re.search(r'(?:href|src)="$', tag):
            return _whole_address
        return _address_part if re.search(r'(?:href|src)="[^"]*$', tag) else _in_attribute

    return choose


def _text_escape(_place: int, before: str) -> Escape:
    """In the text half a value needs care only as a part of an address."""
    return _address_part if re.search(r"\((?:https?://|mailto:)[^\s()]*$", before) else str


def _in_text(value: str) -> str:
    return escape(value).replace("\n", "<br>\n")


def _in_attribute(value: str) -> str:
    return escape(value.replace("\n", " "))


def _whole_address(value: str) -> str:
    """An address that a merge field gives as a whole; anything but http(s) and mailto leads nowhere."""
    return escape(value) if _SAFE_ADDRESS.fullmatch(value) else "#"


def _address_part(value: str) -> str:
    return quote(value, safe="")


def _anchor(value: str) -> str:
    """A built-in link written as text: one can click on it."""
    return f'<a href="{_whole_address(value)}">{escape(value)}</a>'
