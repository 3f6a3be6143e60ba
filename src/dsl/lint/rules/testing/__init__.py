"""The rules of the category testing, in the order of their aliases."""

from __future__ import annotations

from . import (
    definition_without_test,
    duplicate_row,
    duplicate_test_title,
    expected_twice,
    nothing_expected_after,
    only_absence_tested,
    person_without_part,
)

RULES = (
    definition_without_test.RULE,
    duplicate_test_title.RULE,
    person_without_part.RULE,
    nothing_expected_after.RULE,
    duplicate_row.RULE,
    expected_twice.RULE,
    only_absence_tested.RULE,
)
