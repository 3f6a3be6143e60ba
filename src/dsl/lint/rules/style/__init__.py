"""The rules of the category style, in the order of their aliases."""

from __future__ import annotations

from . import (
    compared_with_true,
    digits_without_separators,
    double_negation,
    duplicate_template,
    label_missing,
    label_repeats_name,
    name_not_snake_case,
    nested_ifs,
    ors_of_one_value,
    placeholder_text,
    unused_report,
    unused_score,
    unused_segment,
    unused_template,
    unused_topic,
)

RULES = (
    unused_template.RULE,
    unused_segment.RULE,
    name_not_snake_case.RULE,
    compared_with_true.RULE,
    double_negation.RULE,
    nested_ifs.RULE,
    label_repeats_name.RULE,
    label_missing.RULE,
    digits_without_separators.RULE,
    placeholder_text.RULE,
    duplicate_template.RULE,
    unused_score.RULE,
    unused_report.RULE,
    unused_topic.RULE,
    ors_of_one_value.RULE,
)
