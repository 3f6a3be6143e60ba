"""Which ways the enrollments of a test went: read from the step log, for coverage."""

from __future__ import annotations

from .outcome import Seen
from .stage import Stage


def seen(stage: Stage) -> frozenset[Seen]:
    """(kind, name, block, outcome) of every branch and wait; (kind, name, None, ..) `entered`, `switch` and how
    enrollments ended."""
    rows = stage.session.run(
        "SELECT DISTINCT d.kind, d.name, CASE WHEN s.what IN ('branch', 'wait', 'split') THEN s.block END, CASE s.what"
        " WHEN 'ended' THEN 'ended ' || s.outcome WHEN 'entered' THEN 'entered' WHEN 'switch' THEN 'switch'"
        " ELSE s.outcome END FROM segue_step s JOIN segue_enrollment e ON e.bucket = s.bucket AND e.id ="
        " s.enrollment_id JOIN segue_definition d ON d.id = e.definition_id"
        " WHERE s.what IN ('branch', 'wait', 'split', 'switch', 'ended', 'entered')"
    )
    return frozenset((kind, name, block, what) for kind, name, block, what in rows)
