"""What the rows of a store wait for. The worker asks it at each tick, and whoever looks on beside it."""

from __future__ import annotations

from ..times.zones import DAY
from .dialect import first_due

PATIENCE = 7 * DAY  # without a bounce, a mail that may have gone is taken to have gone


def first_of_each(dialect: str) -> str:
    """SELECT of instants (µs), at most one row a kind: the first fact of the inbox, the first enrollment that is due,
    the first message put off that is not of a paused one, and when the oldest unknown outcome is settled by time."""
    # The first in the order of an index, not min(): a plan made for an empty table reads all of a full one.
    return (
        "SELECT i.at FROM (SELECT at FROM segue_inbox ORDER BY at LIMIT 1) i"
        f" UNION ALL {first_due(dialect)}"
        " UNION ALL SELECT d.due FROM (SELECT o.due FROM segue_outbox o WHERE o.settled_at IS NULL"
        " AND o.state = 'deferred' AND NOT EXISTS (SELECT 1 FROM segue_enrollment e WHERE e.bucket = o.bucket"
        " AND e.id = o.enrollment_id AND e.status = 'paused') ORDER BY o.due LIMIT 1) d"
        f" UNION ALL SELECT u.settled_at + {PATIENCE} FROM (SELECT settled_at FROM segue_outbox"
        " WHERE state = 'unknown' ORDER BY settled_at LIMIT 1) u"
    )
