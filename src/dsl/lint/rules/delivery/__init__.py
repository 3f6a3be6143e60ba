"""The rules of the category delivery, in the order of their aliases."""

from __future__ import annotations

from . import (
    body_of_pictures,
    frequency_cap_cannot_hold,
    link_shortener,
    link_shows_another_address,
    link_without_tls,
    mails_at_midnight,
    mails_close_together,
    mails_each_time,
    mails_without_wait,
    more_than_ten_automated_mails,
    no_frequency_cap,
    postal_address_missing,
    same_mail_twice,
    soft_bounce_ends,
    subject_pretends_reply,
    subject_shouts,
    subject_too_long,
    survey_without_pause,
    too_many_sequences,
)

RULES = (
    more_than_ten_automated_mails.RULE,
    frequency_cap_cannot_hold.RULE,
    mails_without_wait.RULE,
    mails_close_together.RULE,
    subject_too_long.RULE,
    subject_shouts.RULE,
    subject_pretends_reply.RULE,
    link_shortener.RULE,
    link_without_tls.RULE,
    link_shows_another_address.RULE,
    body_of_pictures.RULE,
    postal_address_missing.RULE,
    soft_bounce_ends.RULE,
    survey_without_pause.RULE,
    mails_at_midnight.RULE,
    mails_each_time.RULE,
    same_mail_twice.RULE,
    no_frequency_cap.RULE,
    too_many_sequences.RULE,
)
