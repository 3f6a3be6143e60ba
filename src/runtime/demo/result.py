"""What came out of a demo, as figures, and what to type next."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from shlex import quote

from ..metrics import Filters, SequenceMetrics, sequence_metrics
from ..project.loading import Loaded
from ..reading.values import instant
from ..store.session import Session
from ..store.store import Store
from .people import DAY, START

_COUNTS = {
    "contacts": "SELECT count(*) FROM contact",
    "companies": "SELECT count(*) FROM company",
    "enrollments": "SELECT count(*) FROM segue_enrollment",
    "refused": "SELECT count(*) FROM segue_refusal",
    "mails sent": "SELECT count(*) FROM segue_outbox WHERE state = 'sent'",
    "opened": "SELECT count(DISTINCT enrollment_id * 4096 + ordinal) FROM event_opened_email WHERE class = 'human'",
    "clicked": "SELECT count(DISTINCT enrollment_id * 4096 + ordinal) FROM event_clicked_email WHERE class = 'human'",
    "replied": "SELECT count(*) FROM event_replied",
    "bounced": "SELECT count(*) FROM event_bounced",
    "unsubscribed": "SELECT count(*) FROM event_unsubscribed",
    "meetings booked": "SELECT count(*) FROM event_booked_meeting",
    "purchases": "SELECT count(*) FROM event_purchased",
    "deals won": "SELECT count(*) FROM deal WHERE stage = 'won'",
    "tasks done": "SELECT count(*) FROM segue_task WHERE state <> 'open'",
    "tasks open": "SELECT count(*) FROM segue_task WHERE state = 'open'",
}
_SEGMENTS = (
    "SELECT s.name, s.label, count(m.id) FROM segue_segment s LEFT JOIN segue_membership m ON m.segment_id = s.id"
    " AND m.left_at IS NULL WHERE s.kind IN ('segment', 'static') GROUP BY s.name, s.label ORDER BY s.name"
)
_SOMEBODY = (
    "SELECT c.email, d.name FROM segue_enrollment e JOIN segue_definition d ON d.id = e.definition_id JOIN contact c"
    " ON c.bucket = e.bucket AND c.id = e.contact_id WHERE d.kind = 'sequence' AND e.reason = 'meeting'"
    " AND e.engaged_at IS NOT NULL AND c.email IS NOT NULL ORDER BY e.ordinal DESC, e.bucket, e.id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class DemoResult:
    """`counts` by what they count, in an order to print; `segments` and `workflows` are (name, label, how many).
    `next_steps` are (command, what it shows)."""

    folder: Path
    began: str
    ended: str
    days: int
    instants: int
    seconds: float
    counts: dict[str, int]
    sequences: tuple[SequenceMetrics, ...]
    workflows: tuple[tuple[str, str, int], ...]
    segments: tuple[tuple[str, str, int], ...]
    next_steps: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"folder": str(self.folder), "seconds": round(self.seconds, 2)}


def result(store: Store, loaded: Loaded, folder: Path, days: int, instants: int, seconds: float) -> DemoResult:
    """Read the figures from the store."""
    with store.session() as session:
        workflows = sequence_metrics(session, Filters(kind="workflow"))
        return DemoResult(
            folder,
            instant(START, loaded.zone),
            instant(START + days * DAY, loaded.zone),
            days,
            instants,
            seconds,
            {name: int(session.one(sql)) for name, sql in _COUNTS.items()},
            tuple(sequence_metrics(session, Filters())),
            tuple((w.name, w.label, w.enrollments) for w in workflows),
            tuple((name, label, count) for name, label, count in session.run(_SEGMENTS)),
            _next_steps(session, folder),
        )


def _next_steps(session: Session, folder: Path) -> tuple[tuple[str, str], ...]:
    """Verbs with their arguments, and what for."""
    project = f"--project {quote(str(folder))}"
    steps = [
        (f"report {project}", "the figures of its sequences"),
        (f"tui {project}", "the same in a terminal app"),
        (f"segments {project}", "its segments and how many are in each"),
    ]
    for email, name in session.run(_SOMEBODY):
        steps.append((f"why {email} {name} {project}", "all that happened to one person, and why"))
    return (*steps, (f"check {project}", f"the rules themselves are in {folder}/rules"))
