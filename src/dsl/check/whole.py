"""The checks that look at a whole condition, once all its parts are sound."""

from __future__ import annotations

from .contradictions import check_contradictions
from .missing import check_missing
from .placed import Placed
from .scope import Scope
from .stage_names import check_stages


def check_whole(scope: Scope, placed: Placed) -> None:
    """Contradictions, missing values (X29) and stage names (X33); keeps the condition for the linter."""
    scope.findings.conditions.append(placed)
    check_contradictions(placed, scope.findings)
    check_missing(placed, scope.findings)
    check_stages(placed, scope.schema, scope.findings)
