"""X23: two definitions that give one property another value at the very same moment; which one stays is an accident.

Only what is sure is told: both start by the same thing, come to the step without a condition and after the same waits,
and no two different `only:` may keep them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from ..diagnostics.diagnostic import Label
from ..program.definitions import Manually, OnEvents
from .bodies import Written
from .definitions import Checked
from .findings import Findings

Writer = tuple[Checked, Written]


def check_writers(all_checked: Sequence[Checked], findings: Findings) -> None:
    """One warning a pair of definitions and property."""
    together: dict[object, list[Writer]] = {}
    for checked in all_checked:
        for start in _starts(checked):
            for written, moment in checked.surely:
                key = (start, moment, written.path, written.object, written.property)
                together.setdefault(key, []).append((checked, written))
    told: set[object] = set()
    for writers in together.values():
        for first, second in combinations(writers, 2):
            names = (first[0].key, second[0].key, first[1].path, first[1].property)
            if names not in told and _clash(first, second):
                told.add(names)
                _tell(first, second, findings)


def _starts(checked: Checked) -> Iterator[object]:
    """What starts the definition, in parts that can be compared."""
    match checked.when.trigger if checked.when is not None else None:
        case None | Manually():
            return
        case OnEvents(events):
            yield from ((checked.object, event) for event in dict.fromkeys(events))
        case trigger:
            yield checked.object, trigger


def _clash(first: Writer, second: Writer) -> bool:
    (one, a), (other, b) = first, second
    if one.key == other.key:
        return False
    apart = one.only is not None and other.only is not None and one.only.condition != other.only.condition
    return not apart and (a.value and a.value.value) != (b.value and b.value.value)


def _tell(first: Writer, second: Writer, findings: Findings) -> None:
    (one, a), (other, b) = first, second
    written = ".".join((*b.path, b.property))
    findings.warning(
        "many-writers",
        b.span,
        f"`{one.name}` and `{other.name}` write `{written}` at the same moment, each another value",
        "which of them stays is not said",
        others=[Label(a.span, "the other one")],
        help="write it in one of the two, or let one `wait` first",
        note="both start by the same thing; of several writers at one moment the last one wins, by accident (X23)",
    )
