"""Two people who ask for something else of the same thing before a tick has taken in either: the second is told."""

from __future__ import annotations

from collections.abc import Mapping

from ..access.roles import Actor
from ..errors import InvalidInput
from ..store.values import Storage


def asked_before(what: str, state: str, who: Actor, first: Mapping[str, Storage] | None) -> bool:
    """Whether they asked for the same before, so that there is nothing to ask for any more; `first` is the payload of
    what was asked for. Raises InvalidInput where that was somebody else, or something else."""
    if first is None:
        return False
    if (first["state"], first.get("by")) == (state, who.name):
        return True
    by = first.get("by") or "somebody"
    raise InvalidInput(f"{by} asked for {what} to be {first['state']} already", "the next tick takes that in")
