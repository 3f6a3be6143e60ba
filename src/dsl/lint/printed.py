"""What a text prints: its merge fields, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..source import Span
from ..syntax import nodes
from ..values import dataclass

_FIELD = re.compile(r"\{\{\s*(?P<path>[^\W\d]\w*(?:\.\w++)++)[^{}]*\}\}")  # each sign is read once
# Of a person, by what they can be reached or found with.
REACHES = frozenset(("email", "phone"))
NAMES = frozenset(("first_name", "last_name", "full_name"))


@dataclass(frozen=True, slots=True)
class Printed:
    """One merge field: `path` is what it reads, `start` where it begins in the text's value."""

    path: str
    start: int
    span: Span

    def is_contact(self, properties: frozenset[str]) -> bool:
        """Whether it prints one of these properties of a contact."""
        *owner, name = self.path.split(".")
        return owner[-1:] == ["contact"] and name in properties


def printed(text: nodes.Text) -> Iterator[Printed]:
    """Every merge field of a text, in the order written."""
    for field in _FIELD.finditer(text.value):
        yield Printed(field["path"], field.start(), text.place(field.start("path"), field.end("path")))


def text_of(setting: nodes.Setting | None) -> nodes.Text | None:
    """The text of a setting, where it is one."""
    return setting.value if setting is not None and isinstance(setting.value, nodes.Text) else None
