"""Which arm of a split a record takes: the same one for ever, on every store, whoever asks (X19).

A record's id is a hash already. What is still needed is that splits do not depend on each other: each spreads the ids
anew by h = (a * x + b) mod p mod 10,000 with x = id mod p, where a and b follow from the names of the definition and of
the arms and from the number of the split (Carter and Wegman). The products fit into 64 bits.
"""

from __future__ import annotations

from dsl.program.blocks import Split

from ...store.ids import stable_hash

WHOLE = 10_000  # basis points
_PRIME = 2**31 - 1


def arm_sql(definition: str, split: Split, record: str) -> str:
    """The index of the arm that a record takes, as SQL; `record` is the SQL of its id."""
    a, b = _spread(definition, split)
    point = f"((({record} % {_PRIME}) * {a} + {b}) % {_PRIME} % {WHOLE})"
    return "CASE " + " ".join(f"WHEN {point} < {end} THEN '{i}'" for i, end in enumerate(_ends(split))) + " END"


def _spread(definition: str, split: Split) -> tuple[int, int]:
    named = "\x1f".join((definition, *(arm.name for arm in split.arms), str(split.number)))
    return stable_hash(f"split a\x1f{named}") % (_PRIME - 1) + 1, stable_hash(f"split b\x1f{named}") % _PRIME


def _ends(split: Split) -> list[int]:
    """Where the share of each arm ends; the last one at 10,000."""
    ends, total = [], 0
    for arm in split.arms:
        total += arm.share
        ends.append(total)
    return ends
