"""The engine's own tables, one set of definitions for SQLite and PostgreSQL.

All names begin with `segue_`; objects of the schema are tables under their own names (`contact`), events are
`event_KIND`, links `link_OWNER_ASSOCIATION` (see `objects.py`). Instants are int64 microseconds since 1970 UTC.
`bucket` is the contact's (or record's) id modulo 256, first in every key and in every join between a contact's tables.
"""

from .audits import audit, repair, reviewed
from .base import metadata
from .catalogues import definition, due, lease, meta, segment, user, version
from .enrollments import ENDED, created, enrollment, notification, refusal, rotation, step, task, tombstone
from .facts import activity, consent, inbox, loaded, membership, property_history, suppression
from .outbox import mailbox_minute, outbox
from .scores import award, fade, fading, local
from .talks import answer, draft, invitation, talk

__all__ = [
    "ENDED",
    "activity",
    "answer",
    "audit",
    "award",
    "consent",
    "created",
    "definition",
    "draft",
    "due",
    "enrollment",
    "fade",
    "fading",
    "inbox",
    "invitation",
    "lease",
    "loaded",
    "local",
    "mailbox_minute",
    "membership",
    "meta",
    "metadata",
    "notification",
    "outbox",
    "property_history",
    "refusal",
    "repair",
    "reviewed",
    "rotation",
    "segment",
    "step",
    "suppression",
    "talk",
    "task",
    "tombstone",
    "user",
    "version",
]
