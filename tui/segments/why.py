"""Why somebody is in a definition or segment, or is not: each part of its conditions with what decides it (`segue
why`)."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from dsl.diagnostics.articles import article
from runtime.reading import instant
from runtime.store.session import Session
from runtime.why.belonging import Belonging, belonging
from runtime.why.definitions import Why, why
from runtime.why.lives import Life
from runtime.why.proof import Part

from ..frame.desk import Desk
from ..frame.desk_screen import DeskScreen
from ..words import status


class WhyScreen(DeskScreen):
    """About the record `id` of the object `of`, whom people call `name`. `first` is what is told at first, such as
    `segment warm`."""

    def __init__(self, desk: Desk, of: str, id: int, name: str, first: str = "") -> None:
        super().__init__(desk)
        self.object, self.record_id, self.first = of, id, first
        self.heading = f"Why {name}"

    def body(self) -> ComposeResult:
        with Horizontal():
            yield OptionList(id="rules-list")
            with VerticalScroll(id="because", classes="told"):
                yield Static("Reading the rules ..", id="told")

    def arrive(self) -> None:
        self.query_one("#rules-list", OptionList).focus()

    def load(self) -> None:
        """The list stays as it is while the store changes: what it tells is read again."""
        if self.query_one("#rules-list", OptionList).option_count:
            self._tell()
        else:
            self.ask(self._names, self._listed)

    def _names(self, session: Session) -> list[str]:
        program = self.desk.rulebook().loaded().program
        found = [f"{kind} {name}" for (kind, name), d in program.definitions.items() if d.pinned.object == self.object]
        found += [f"segment {name}" for name, segment in program.segments.items() if segment.object == self.object]
        return sorted(found)

    def _listed(self, names: list[str]) -> None:
        if not names:
            self._show([Content(f"No rule is about {article(self.object)}.")])
            return
        options = self.query_one("#rules-list", OptionList)
        options.add_options(Option(name, id=name) for name in names)
        options.highlighted = names.index(self.first) if self.first in names else 0

    @on(OptionList.OptionHighlighted, "#rules-list")
    def moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._tell()

    def _tell(self) -> None:
        option = self.query_one("#rules-list", OptionList).highlighted_option
        if option and option.id:
            name = option.id
            self.ask(lambda s: self._lines(s, name), lambda lines: self._told(name, lines))

    def _told(self, name: str, lines: list[Content]) -> None:
        """Unless the cursor is on another one by now."""
        option = self.query_one("#rules-list", OptionList).highlighted_option
        if option and option.id == name:
            self._show(lines)

    def _show(self, lines: list[Content]) -> None:
        self.query_one("#told", Static).update(Content("\n").join(lines))

    def _lines(self, session: Session, name: str) -> list[Content]:
        loaded = self.desk.rulebook().loaded()
        kind, _, bare = name.partition(" ")
        if kind == "segment":
            return list(_of_segment(belonging(session, loaded, bare, f"#{self.record_id}"), loaded.zone))
        return list(_of_definition(why(session, loaded, f"#{self.record_id}", name)))


def _of_segment(found: Belonging, zone: str) -> Iterator[Content]:
    said = "is in it" if found.inside else "is not in it"
    yield Content.assemble((f"{said}, as of {instant(found.at, zone)}", "bold $success" if found.inside else "bold"))
    for joined, left in found.stays:
        until = instant(left, zone) if left is not None else "now"
        yield Content.assemble((f"  in it from {instant(joined, zone)} until {until}", "$muted"))
    if found.part is None:
        yield Content("It is kept by hand: workflows and people put members into it.")
    else:
        yield Content("")
        yield from _parts(found.part, 0, _deciding(found.part))


def _of_definition(found: Why) -> Iterator[Content]:
    yield Content.assemble((found.summary, "bold"))
    for setting in found.settings:
        yield Content.assemble((f"\n{setting.name}", "$muted"))
        for part in setting.parts:
            yield from _parts(part, 1, _deciding(part))
    for refused in found.refusals:
        yield Content.assemble((f"\nrefused {instant(refused.at, found.zone)}  ", "$warning"), refused.words)
    for life in found.enrollments:
        yield from _life(life, found.zone)
    yield Content.assemble((f"\nas of {instant(found.at, found.zone)}", "$muted"))


def _deciding(part: Part) -> Part | None:
    """The part that decides the whole, where not all of it does."""
    return part.decisive if part.decisive.size < part.size else None


def _parts(part: Part, depth: int, deciding: Part | None) -> Iterator[Content]:
    mark = ("✓ ", "$success") if part.holds else ("✗ ", "$error")
    because = f"  ({part.because})" if part.because else ""
    pointed = "  ← this decides" if part is deciding else ""
    yield Content.assemble("  " * depth, mark, part.words, (because, "$muted"), (pointed, "bold $warning"))
    for inner in part.parts:
        yield from _parts(inner, depth + 1, deciding)


def _life(life: Life, zone: str) -> Iterator[Content]:
    reason = f": {life.words}" if life.words else ""
    yield Content.assemble((f"\nenrollment {life.nr}, {status(life.status)}{reason}", "bold"))
    for step in life.steps:
        due = f" until {instant(step.due, zone)}" if step.due is not None else ""
        words = "  ".join(filter(None, (f"{step.what} {step.name}".strip(), step.outcome + due, step.words)))
        yield Content.assemble((f"  {instant(step.at, zone)}  ", "$muted"), words)
    if life.next:
        at = f"{instant(life.due, zone)}, " if life.due is not None else ""
        held = f"  {life.held}" if life.held else ""
        yield Content.assemble(("  next  ", "$muted"), f"{at}{life.next}", (held, "$muted"))
