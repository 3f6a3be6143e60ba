"""How often a property is tried, for all tests alike.

The gate takes the same examples each time, so that none turns red by chance. `SEGUE_EXAMPLES=20 ./test tests/lsp` takes
twenty times as many, and new ones. No deadline and no check of speed: a machine may be slow."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

_TIMES = int(os.environ.get("SEGUE_EXAMPLES", 0))
_NOT_ASKED = [
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,  # of all patterns few are ones, of all days few are those of a change
    HealthCheck.function_scoped_fixture,  # those tests make what they need anew for each example
]


def examples(count: int, **others: Any) -> settings:
    """So many of a property that costs more, or less, than most."""
    return settings(max_examples=count * (_TIMES or 1), **others)


settings.register_profile(
    "segue",
    max_examples=100 * (_TIMES or 1),
    derandomize=not _TIMES,
    database=None,
    deadline=None,
    suppress_health_check=_NOT_ASKED,
)
settings.load_profile("segue")
