"""Which definition starts which: by `enroll in`, and by writing the value another one waits for."""

from __future__ import annotations

from collections.abc import Sequence

from ..program.conditions import Const
from ..program.definitions import OnChange
from .bodies import Written
from .circles import Arrow
from .definitions import Checked


def start_arrows(all_checked: Sequence[Checked]) -> list[Arrow]:
    """One arrow a start that the checker can see."""
    waiting = [(c, c.when.trigger) for c in all_checked if c.when is not None and isinstance(c.when.trigger, OnChange)]
    arrows = []
    for checked in all_checked:
        for kind, name, span in checked.effects.enrolls:
            arrows.append(Arrow(checked.key, f"{kind} {name}", span))
        for written in checked.effects.written:
            for other, change in waiting:
                if other is not checked and _starts(written, change):
                    arrows.append(Arrow(checked.key, other.key, written.span))
    return arrows


def _starts(written: Written, change: OnChange) -> bool:
    field = change.field
    same = (written.object, written.property) == (field.object, field.property)
    return same and isinstance(change.value, Const) and written.value.value == change.value.value
