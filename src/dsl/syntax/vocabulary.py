"""The words that begin declarations, statements and settings."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DECLARATIONS = words("segment static sequence workflow template")
LATER_DECLARATIONS = words("playbook score snippet broadcast form survey hygiene report dashboard test")
STATEMENTS = words("send wait if set task notify enroll unenroll exit automated rep_led")
LATER_STATEMENTS = words(
    "match split repeat create link unlink assign add remove slack webhook clear subscribe unsubscribe log"
)
# Reserved everywhere, though no rule of the grammar has a place for them yet.
LATER_RESERVED = words("business expect given")
# The settings this version knows: only for advice; the checker owns the list of what is allowed where.
SETTINGS = words(
    "when only sender zone calendar window tasks_at remind_at threading stop_on keep_on stop_when stop_company_on "
    "goal suppress exclusive priority again existing grace late_engagement topic subject body"
)
