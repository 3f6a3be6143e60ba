"""The words of a template, with their places: its subject, its links, its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..source import Span
from ..syntax import nodes

MERGE_FIELD = re.compile(r"\{\{.*?\}\}", re.DOTALL)
IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK = re.compile(r"(?<!!)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\((?P<url>(?:\{\{.*?\}\}|[^(){}\s])+)")
_HOST = re.compile(r"(?:https?://)?(?:[^/@\s]*@)?(?P<host>[^/:?#\s]+\.[a-z]{2,})(?=[/:?#]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """`[text](url)` of a body. Places are worked out only for what is found."""

    text: str
    url: str
    body: nodes.Text
    text_at: tuple[int, int]
    url_at: tuple[int, int]

    @property
    def text_span(self) -> Span:
        return self.body.place(*self.text_at)

    @property
    def url_span(self) -> Span:
        return self.body.place(*self.url_at)


def words(node: nodes.Template, setting: str) -> nodes.Text | None:
    """What a template says in `subject:` or `body:`."""
    value = next((one.value for one in node.settings if one.name == setting), None)
    return value if isinstance(value, nodes.Text) else None


def links(body: nodes.Text) -> Iterator[Link]:
    """The links of a body, in the order written."""
    for found in _LINK.finditer(body.value):
        yield Link(found["text"], found["url"], body, found.span("text"), found.span("url"))


def host(url: str) -> str:
    """The host of an address, lower case and without `www.`; empty where none is written."""
    found = _HOST.match(url.strip())
    return found["host"].lower().removeprefix("www.") if found else ""
