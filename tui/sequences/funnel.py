"""The steps of one sequence as bars (M16): how many got there, and what became of them. Opened, a step shows who stands
there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runtime.metrics import FunnelStep

from ..tables.cells import Cell, Column, TableRow
from ..tables.whole_table import WholeTable
from ..words import NONE, bar, status
from .statuses import ORDER, TONES

_BARS = ((140, 28), (100, 14), (0, 6))  # cells of a table, and of the bar that it has room for


class Funnel(WholeTable):
    def __init__(self) -> None:
        super().__init__(empty="Nobody has been enrolled yet.", id="funnel")

    def show_steps(self, steps: Sequence[FunnelStep], counts: bool, by_status: bool = False) -> None:
        """Bars are shares of the step most people reached; waits are left out but for those who stand there.
        `by_status`: who is at each step, ended or not, by status, in place of what became of those who came."""
        most = max((s.reached for s in steps), default=0)
        shown = [s for s in steps if most and (s.kind not in ("wait", "finish") or s.waiting or s.left)]
        if by_status:
            self._standing(shown, most, counts)
        else:
            self._became(shown, most, counts)

    def _became(self, steps: Sequence[FunnelStep], most: int, counts: bool) -> None:
        width = next(cells for above, cells in _BARS if self.size.width >= above)
        titles = ("done", "skipped", "waiting", "left")
        self.columns = (
            _STEP,
            Column("", width),
            *(Column(title, share=2, right=True, snug=True) for title in ("Reached", *titles)),
            Column("why", share=3, above=120),
        )
        rows = [TableRow(s.places, (_label(s), *self._cells(s, width, most, counts))) for s in steps]
        self.show_rows(rows, keep=True)

    def _cells(self, step: FunnelStep, width: int, most: int, counts: bool) -> Iterator[Cell]:
        quiet = "dim" if step.kind in ("wait", "finish") else ""
        yield Cell(bar(step.reached / most, width), quiet or "bar")
        yield Cell(_number(step.reached, most, counts), quiet)
        yield Cell(_some(step.executed if not quiet else 0, most, counts), "good")
        yield Cell(_some(step.skipped, most, counts), "dim")
        yield Cell(_some(step.waiting, most, counts), "warn")
        yield Cell(_some(step.left, most, counts), "dim" if step.kind == "finish" else "bad")
        reasons = sorted((step.exited or {}).items(), key=_most)
        yield Cell(", ".join(f"{status(r)} {_number(n, most, counts)}" for r, n in reasons), "dim")

    def _standing(self, steps: Sequence[FunnelStep], most: int, counts: bool) -> None:
        """A column for each status that anybody has."""
        names = [name for name in ORDER if any(step.standing.get(name) for step in steps)]
        self.columns = (_STEP, *(Column(status(name), share=2, right=True, snug=True) for name in names))
        self.show_rows([TableRow(s.places, (_label(s), *_statuses(s, names, most, counts))) for s in steps], keep=True)


_STEP = Column("Step", share=4, snug=True)


def _statuses(step: FunnelStep, names: Sequence[str], most: int, counts: bool) -> Iterator[Cell]:
    for name in names:
        yield Cell(_some(step.standing.get(name, 0), most, counts), TONES.get(name, "dim"))


def _label(step: FunnelStep) -> Cell:
    label = ("↳ " if step.rep_led else "") + step.label + (" (old)" if step.old else "")
    return Cell(label, "dim" if step.kind in ("wait", "finish") else "")


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _number(n: int, most: int, counts: bool) -> str:
    return f"{n:,}" if counts else f"{n / most:.1%}"


def _some(n: int, most: int, counts: bool) -> str:
    return _number(n, most, counts) if n else NONE
