"""The figures of one sequence, a tile each: the rate large, its other half and base below (M19)."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Horizontal

from runtime.metrics import DealFigures, Figure, SequenceMetrics
from runtime.reading.values import money

from ..words import figure, other_halves, plural
from .tile import Tile


class Tiles(Horizontal):
    NAMES = ("Enrolled", "Opened", "Clicked", "Replied", "Meetings", "No reply", "Reached")
    filled = False  # with figures

    def compose(self) -> ComposeResult:
        for name in self.NAMES:
            yield Tile(name)

    def show(self, m: SequenceMetrics, counts: bool) -> None:
        """`Reached` is M13; the machine's opens stand in no rate (M22)."""
        self.filled = True
        shown: tuple[Figure | None, ...] = (
            None, m.opened, m.clicked, m.replied, m.meetings, m.no_reply, m.lead_quality.reached,
        )  # fmt: skip
        for tile, name, of in zip(self.query(Tile), self.NAMES, shown, strict=True):
            large, below = (figure(of, counts), other_halves(of, counts)) if of else (f"{m.enrolled:,}", ["contacts"])
            tile.show(large, "$success" if name in ("Replied", "Meetings") else "$primary", below)


def more_figures(m: SequenceMetrics, deals: DealFigures | None, counts: bool) -> Iterator[tuple[str, str]]:
    """What has no tile, by what it tells of: deals and revenue (M7-M10) where there are any, lead quality (M11, M12),
    of a dynamic sequence engagement (M14, M15) with what it leaves, and the acts of machines and of nobody knows
    whom, which are in no rate (M22)."""
    quality, more = m.lead_quality, m.engagement
    if deals and (deals.revenue.deals.base or deals.closed.count):
        base = plural(deals.created.base, "contact")
        parts = [("deal created", deals.created), ("won", deals.won), ("lost", deals.lost)]
        yield "While enrolled", f"{_said(parts, counts)} of {base}"
        amount, of = money(deals.revenue.amount, deals.revenue.currency), deals.revenue.deals
        yield "Revenue", f"{amount} · {of.count:,} of {plural(of.base, 'attributed deal')} won"
    yield "Lead quality", _said([("bounced", quality.bounced), ("unsubscribed", quality.unsubscribed)], counts)
    if more:
        parts = [("engaged and called", more.engaged), ("engaged only", more.residue), ("none", more.none)]
        yield "Engagement", _said(parts, counts)
    machines = [("opened", m.opened_by_machine), ("clicked", m.clicked_by_machine)]
    unknown = [("opened", m.opened_unknown), ("clicked", m.clicked_unknown)]
    yield "By machines", _said(machines, counts)
    yield "By nobody known", _said(unknown, counts)


def _said(figures: list[tuple[str, Figure]], counts: bool) -> str:
    return " · ".join(f"{name} {figure(of, counts)}" for name, of in figures)
