"""Why somebody was refused, ended, was put off or not mailed, in words (S27, S43, X9, X24, X25).

What is stored is a word that figures count by; `(..)` behind it names another definition (X7) or a rate limit (S18).
"""

from __future__ import annotations

from collections.abc import Mapping

_REFUSED = {
    "already_enrolled": "they are in it already",
    "enrolled_before": "they were in it before, and it takes nobody in again",
    "too_early": "not long enough since they were in it last",
    "only": "its `only` condition does not hold",
    "goal_met": "its `goal` is reached already",
    "suppressed": "its `suppress` condition holds",
    "stop_when": "its `stop_when` condition holds",
    "no_address": "they have no e-mail address",
    "bounced": "mail to their address has bounced",
    "marked_spam": "they marked mail as spam",
    "unsubscribed": "they take no mail at all, or their address is blocked",
    "unsubscribed_topic": "they opted out of a topic that it sends",
    "no_consent": "they never opted in to its topic",
    "no_sender": "its sender is missing, deactivated or has no mailbox, or who enrolled them is deactivated",
    "loop_guard": "they entered too many definitions within the hour (`limits.enrollments_per_record_per_hour`), or"
    " this one again and again at one instant",
}
_ENDED = {
    "no_reply": "all its steps were taken and nobody replied",
    "completed": "all its steps were taken",
    "no_engagement": "nobody opened or clicked the automated mails",
    "exit": "its rule says `exit`",
    "reply": "they replied",
    "meeting": "they booked a meeting",
    "unsubscribed": "they unsubscribed",
    "bounce": "a mail to them bounced",
    "spam": "they marked a mail as spam",
    "company": "somebody at their company did what ends it for all there (`stop_company_on`)",
    "manual": "by hand or by another rule",
    "goal": "its `goal` is reached",
    "suppressed": "its `suppress` condition holds, or their address takes no mail",
    "stop_when": "its `stop_when` condition holds",
    "condition": "its condition held no more when their turn came",
    "exclusive": "they wait until the other sequence they are in is over",
    "user_deactivated": "the user it runs for was deactivated",
    "sequence_removed": "the sequence was stopped or removed",
    "workflow_removed": "the workflow was stopped or removed",
    "never_open": "its window or the quiet hours never let it go on",
    "limit": "a limit holds it",
}
_MAILS = {
    "opted_out": "they opted out of its topic",
    "no_consent": "they never opted in to its topic",
    "no_address": "they have no e-mail address",
    "no_sender": "its sender is missing, deactivated or has no mailbox",
    "suppressed": "their address takes no mail: it bounced, unsubscribed, was blocked or marked mail as spam",
    "cap": "the frequency cap: they had as many mails as one person may get (`limits.frequency_cap`)",
    "limit(account)": "the rate limit of the account: as many mails went as may go at once (`limits: account`)",
    "quiet_hours": "quiet hours of who gets it",
    "window": "outside its window",
    "refused": "the mail server refused it",
    "soft_bounce": "the mail server would not take it for now, for 72 hours or for good",
    "unknown": "nobody knows whether it went out",
    "blank_value": "a value in its subject or address came out empty",
    "bad_address": "an address in it is not one",
    "answered_lately": "they answered its survey a short time ago (`not_again_within`)",
    "ended": "the enrollment ended first",
    "engaged": "they engaged, and the rep goes on",
}


def refused(reason: str) -> str:
    """Why somebody did not enter."""
    word, _, other = reason.partition("(")
    if other:
        return f"they are in {other.removesuffix(')')} already, and may be in only one such sequence"
    return _words(_REFUSED, word)


def ended(reason: str) -> str:
    """Why an enrollment ended, waits or rests. Events that a rule stops on have their own names."""
    if reason.endswith("_deleted"):
        return f"the {reason.removesuffix('_deleted')} was deleted"
    return {**_MAILS, **_ENDED}.get(reason) or held(reason)


def held(reason: str) -> str:
    """Why a mail was refused, skipped or put off. A rate limit is named (S18): `limit(rep@x.example)`."""
    word, _, name = reason.removesuffix(")").partition("(")
    if word != "limit" or reason in _MAILS:
        return _words(_MAILS, reason)
    of, _, domain = name.partition(" ")
    if domain:
        return f"the rate limit of mail to {domain}: as many went there as may go at once (`limits: {of}`)"
    return f"the rate limit of the mailbox {name}: as many mails went as may go at once (`limits: mailbox`)"


def stands(reason: str | None, detail: str | None) -> str:
    """Why an enrollment stands as it does, and what was noted with it; "" where nothing is to be said (S45)."""
    return ": ".join(text for text in (ended(reason) if reason else "", detail) if text)


def step(what: str, outcome: str | None, detail: str | None) -> str:
    """What became of a step: its outcome, of an end the reason, and what the log says behind it."""
    if what == "ended":
        return stands(outcome, detail)
    off = detail and what == "send" and outcome in ("refused", "deferred")
    return ": ".join(text for text in (outcome, held(detail or "") if off else detail) if text)


def _words(known: Mapping[str, str], reason: str) -> str:
    """What nobody gave a name to says itself, in words as far as it goes; a sentence stays as it is."""
    return known.get(reason) or (reason if " " in reason else reason.replace("_", " "))
