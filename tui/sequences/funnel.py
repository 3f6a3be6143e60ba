"""The steps of one sequence as bars (M16): how many got there, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from runtime.metrics import FunnelStep

from ..tables.cells import fitted
from ..words import NONE, bar, status
from .statuses import ORDER

_TONES = {"active": "$success", "waiting_task": "$warning", "paused": "$warning", "errored": "$error"}
# Cells of a label and of a bar, and whether there is room for why people left: in 100 cells and more, in fewer.
_WIDE, _SMALL = (30, 28, True), (22, 6, False)


class Funnel(Static):
    def show(self, steps: Sequence[FunnelStep], counts: bool, by_status: bool = False) -> None:
        """Bars are shares of the step most people reached; waits are left out but for those who stand there.
        `by_status`: who is at each step, ended or not, by status, in place of what became of those who came."""
        self._label, self._bar, self._why = _WIDE if self.app.size.width >= 100 else _SMALL
        most = max((s.reached for s in steps), default=0)
        shown = [s for s in steps if s.kind not in ("wait", "finish") or s.waiting or s.left]
        if not most:
            self.update(Content.assemble((" Nobody has been enrolled yet.", "$muted")))
            return
        if by_status:
            self.update(Content("\n").join(_standing(shown, self._label, most, counts)))
            return
        reached = f"{'Reached':<{self._bar + 9}}"
        titles = f" {'Step':<{self._label}}  {reached}{'done':>9}{'skipped':>9}{'waiting':>9}{'left':>9}"
        lines = [Content.assemble((titles + ("  why" if self._why else ""), "$muted"))]
        lines += [self._line(step, most, counts) for step in shown]
        self.update(Content("\n").join(lines))

    def _line(self, step: FunnelStep, most: int, counts: bool) -> Content:
        label = _label(step)
        drawn = bar(step.reached / most, self._bar)
        quiet = step.kind in ("wait", "finish")
        share = f"{step.reached:,}" if counts else f"{step.reached / most:.1%}"
        why = ", ".join(
            f"{status(r)} {_number(n, most, counts)}" for r, n in sorted((step.exited or {}).items(), key=_most)
        )
        return Content.assemble(
            (f" {fitted(label, self._label)}  ", "$muted" if quiet else ""),
            (drawn, "$quiet" if quiet else "$primary"),
            (f"{' ' * (self._bar - len(drawn))} {share:>8}", "$muted" if quiet else ""),
            (_column(step.executed if not quiet else 0, most, counts), "$success"),
            (_column(step.skipped, most, counts), "$muted"),
            (_column(step.waiting, most, counts), "$warning"),
            (_column(step.left, most, counts), "$muted" if step.kind == "finish" else "$error"),
            (f"  {why}" if self._why else "", "$muted"),
        )


def _label(step: FunnelStep) -> str:
    return ("↳ " if step.rep_led else "") + step.label + (" (old)" if step.old else "")


def _standing(steps: Sequence[FunnelStep], label: int, most: int, counts: bool) -> list[Content]:
    """A column for each status that anybody has."""
    names = [name for name in ORDER if any(step.standing.get(name) for step in steps)]
    titles = "".join(f"{status(name):>13}" for name in names)
    lines = [Content.assemble((f" {'Step':<{label}}  {titles}", "$muted"))]
    for step in steps:
        cells = ((f"{_of(step.standing.get(name, 0), most, counts):>13}", _TONES.get(name, "$muted")) for name in names)
        lines.append(Content.assemble(f" {fitted(_label(step), label)}  ", *cells))
    return lines


def _of(n: int, most: int, counts: bool) -> str:
    return _number(n, most, counts) if n else NONE


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _number(n: int, most: int, counts: bool) -> str:
    return f"{n:,}" if counts else f"{n / most:.1%}"


def _column(n: int, most: int, counts: bool) -> str:
    return f"{_number(n, most, counts) if n else NONE:>9}"
