"""The rules of the category privacy, in the order of their aliases."""

from __future__ import annotations

from . import (
    bulk_mail_without_consent,
    consent_from_an_open,
    consent_without_basis,
    machines_act_for_people,
    personal_value_in_link,
    personal_value_leaves,
    relaxed_consent,
    sensitive_value_in_subject,
    subscribed_in_passing,
    topic_without_unsubscribe,
    unsubscribe_link_without_effect,
)

RULES = (
    topic_without_unsubscribe.RULE,
    unsubscribe_link_without_effect.RULE,
    bulk_mail_without_consent.RULE,
    relaxed_consent.RULE,
    personal_value_in_link.RULE,
    sensitive_value_in_subject.RULE,
    subscribed_in_passing.RULE,
    machines_act_for_people.RULE,
    consent_from_an_open.RULE,
    consent_without_basis.RULE,
    personal_value_leaves.RULE,
)
