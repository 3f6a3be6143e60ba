"""What is known of a record, at the left of its page: each property, and under it a bit further in what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.widgets import Static

from dsl.schema.model import Property


def told(properties: Sequence[tuple[Property, str]]) -> list[Content]:
    """A property and its words, of each that has some."""
    return [_property(p.label or p.name, words) for p, words in properties]


def _property(label: str, words: str) -> Content:
    return Content.assemble((f"{label}\n", "$muted"), "\n".join(f"  {line}" for line in words.splitlines()))


class Properties(Static):
    """Lines; one that is too long goes on below, as far in as it began."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.lines: Sequence[Content] = ()

    def show(self, lines: Sequence[Content]) -> None:
        self.lines = lines
        self._wrap()

    def on_resize(self) -> None:
        self._wrap()

    def _wrap(self) -> None:
        width = self.content_size.width
        if width:
            self.update(Content("\n").join(part for line in self.lines for part in _hung(line, width)))


def _hung(lines: Content, width: int) -> Iterator[Content]:
    for line in lines.split("\n", allow_blank=True):
        begins = len(line.plain) - len(line.plain.lstrip(" "))
        rest = line[begins:]
        for part in rest.wrap(max(width - begins, 1)) or [rest]:
            yield Content(" " * begins) + part
