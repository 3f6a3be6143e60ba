"""Which arm of a split a record takes, in plain Python (X19): what the SQL of `engine.blocks.splits` must come to."""

from __future__ import annotations

from itertools import accumulate

from dsl.program.blocks import Split
from runtime.store.ids import stable_hash

PRIME = 2**31 - 1


def arm_of(definition: str, split: Split, record: int) -> int:
    """The index of the arm that the record of that id takes."""
    named = "\x1f".join((definition, *(arm.name for arm in split.arms), str(split.number)))
    a = stable_hash(f"split a\x1f{named}") % (PRIME - 1) + 1
    b = stable_hash(f"split b\x1f{named}") % PRIME
    point = (record % PRIME * a + b) % PRIME % 10_000
    return next(i for i, end in enumerate(accumulate(arm.share for arm in split.arms)) if point < end)
