"""The words that begin declarations, statements and settings, and a few that the parser must tell apart."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DECLARATIONS = words(
    "segment static sequence workflow template snippet score broadcast report dashboard hygiene playbook form survey "
    "test"
)
STATEMENTS = words(
    "send wait if match split repeat set clear add remove create link unlink assign subscribe unsubscribe log slack "
    "webhook task notify enroll unenroll exit automated rep_led"
)
RULES = words("give take fix review ask say")  # what scores, hygiene and conversations are made of
TEST_WORDS = words("clock given expect after")  # what begins most lines of a test, but for a name
# Reserved everywhere, though no rule of the grammar has a place for it alone.
RESERVED_ALONE = words("business")
# The settings this version knows: only for advice; the checker owns the list of what is allowed where.
SETTINGS = words(
    "when only sender zone calendar window tasks_at remind_at threading stop_on keep_on stop_when stop_company_on "
    "goal suppress exclusive priority again existing grace late_engagement topic subject body "
    "decay expire cap use_in text to send at where measure by show target sort top reports outcome scale polarity "
    "not_again_within"
)
# A call of one of these is a function wherever it stands; any other that stands alone is an event with its filter.
FUNCTIONS = words("day week month quarter year replace without_suffix without_prefix trim lower upper")
WEEKDAYS = words("monday tuesday wednesday thursday friday saturday sunday")
