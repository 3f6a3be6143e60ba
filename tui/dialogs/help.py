"""Every key of the screen one comes from, made from its bindings, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from ..frame.keys import NAMES
from ..frame.room import Room
from .dialog import Dialog

_NOTE = "Acts are asked for here and done by `segue run` at its next tick."
Keys = list[tuple[str, str]]


class HelpScreen(Dialog[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,escape,q,enter", "app.pop_screen", "Back", tooltip="close this page")
    ]

    def __init__(self, of: Screen[object], rooms: Sequence[Room]) -> None:
        super().__init__()
        self.of, self.rooms = of, rooms

    def compose(self) -> ComposeResult:
        lines: list[Content] = []
        for title, keys in self._parts():
            lines += [Content.assemble((title, "bold $primary"))]
            lines += [Content.assemble((f"  {key:<14}", "bold"), words) for key, words in keys]
            lines += [Content("")]
        lines += [Content.assemble((_NOTE, "$muted"))]
        with VerticalScroll(id="help"):
            yield Static(Content("\n").join(lines))

    def _parts(self) -> Iterator[tuple[str, Keys]]:
        """The rooms, then the screen, its parts that take keys, and what holds everywhere."""
        if self.rooms:
            yield "Rooms", [(f"{nr if nr < 10 else ' '}  g {r.key}", r.title) for nr, r in enumerate(self.rooms, 1)]
        yield "On this screen", list(_keys([self.of]))
        parts = [widget for widget in self.of.query(Widget) if widget.region.height and _own(widget)]
        seen: dict[type[Widget], Widget] = {type(part): part for part in parts}
        yield "In its parts", list(_keys(seen.values()))
        yield "Everywhere", [*_keys([self.app]), ("Tab", "the next part of the screen")]


def _own(node: DOMNode) -> list[Binding]:
    """The bindings our own classes give it, without those Textual gives every widget."""
    ours = [cls for cls in type(node).__mro__ if cls.__module__.startswith("tui.")]
    given = [binding for cls in reversed(ours) for binding in cls.__dict__.get("BINDINGS", ())]
    return [one for one in Binding.make_bindings(given) if one.tooltip or one.description]


def _keys(nodes: Iterable[DOMNode]) -> Iterator[tuple[str, str]]:
    """(keys, what they do), one line an act."""
    return ((" ".join(keys), words) for keys, words in acts(binding for node in nodes for binding in _own(node)))


def acts(bindings: Iterable[Binding]) -> list[tuple[list[str], str]]:
    """The names of its keys and what it does, of each act."""
    found: dict[tuple[str, str], list[str]] = {}
    for binding in bindings:
        words = binding.tooltip or binding.description
        keys = found.setdefault((binding.action, words), [])
        name = NAMES.get(binding.key, binding.key)
        if name not in keys:
            keys.append(name)
    return [(keys, words[:1].lower() + words[1:]) for (_, words), keys in found.items()]
