"""What the command line and the terminal app show: read-only questions to the store, each a page at a time.

Instants are µs; `values` turns stored values into words. Nothing here writes: operators' acts are in
`runtime.operators.commands`.
"""

from .awaited import EnrollmentKey, awaiting
from .called import called
from .contacts import Contact, Enrolled, Found, contact, enrollments_of, search
from .definitions import DefinitionLine, SegmentLine, definitions, segments
from .enrollments import ORDERS, Choice, EnrollmentLine, by_status, count, page, place
from .paging import Pages
from .tasks import Task, open_tasks
from .timeline import Moment, timeline, timeline_length
from .values import day, instant, shown

__all__ = [
    "ORDERS",
    "Choice",
    "Contact",
    "DefinitionLine",
    "Enrolled",
    "EnrollmentKey",
    "EnrollmentLine",
    "Found",
    "Moment",
    "Pages",
    "SegmentLine",
    "Task",
    "awaiting",
    "by_status",
    "called",
    "contact",
    "count",
    "day",
    "definitions",
    "enrollments_of",
    "instant",
    "open_tasks",
    "page",
    "place",
    "search",
    "segments",
    "shown",
    "timeline",
    "timeline_length",
]
