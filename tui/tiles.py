"""The figures of one sequence, a tile each: the rate large, its other half and base below (M19)."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from runtime.metrics import Figure, SequenceMetrics

from .words import figure, other_figure


class Tiles(Horizontal):
    NAMES = ("Enrolled", "Opened", "Clicked", "Replied", "Meetings", "No reply", "Reached")

    def compose(self) -> ComposeResult:
        for name in self.NAMES:
            yield Static(Content.assemble((name, "$muted"), "\n", ("…", "$muted")), classes="tile")

    def show(self, m: SequenceMetrics, counts: bool) -> None:
        """`Reached` is M13; the machine's opens stand in no rate (M22)."""
        shown: tuple[Figure | None, ...] = (
            None, m.opened, m.clicked, m.replied, m.meetings, m.no_reply, m.lead_quality.reached,
        )  # fmt: skip
        for tile, name, of in zip(self.query(".tile").results(Static), self.NAMES, shown, strict=True):
            large = figure(of, counts) if of else f"{m.enrolled:,}"
            small = other_figure(of, counts) if of else "contacts"
            tone = "$success" if name in ("Replied", "Meetings") else "$primary"
            tile.update(Content.assemble((name, "$muted"), "\n", (large, f"bold {tone}"), "\n", (small, "$muted")))


def more_figures(m: SequenceMetrics, counts: bool) -> Iterator[str]:
    """What has no tile: M11 and M12, of a dynamic sequence M14 and M15 with what they leave, the machines' acts."""
    named = [("Bounced", m.lead_quality.bounced), ("Unsubscribed", m.lead_quality.unsubscribed)]
    if m.engagement:
        named += [("Engaged and called on", m.engagement.engaged), ("Engaged only", m.engagement.residue)]
        named += [("No engagement", m.engagement.none)]
    named += [("Opened by machines", m.opened_by_machine), ("Clicked by machines", m.clicked_by_machine)]
    return (f"{name} {figure(of, counts)}" for name, of in named)
