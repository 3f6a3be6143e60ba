"""What a refusal by the receiving side says of the address: a policy by enhanced status code, as data (L11)."""

from __future__ import annotations

import re

from .base import Bounce

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
# The address is none: never to be mailed again. Everything else (full, blocked, too large, policy) may be alive.
HARD = frozenset(("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"))
_HARD_WITHOUT = frozenset((550, 551, 553, 556))  # of a recipient, by a server that gives no enhanced code (RFC 7504)
_CONGESTED = "5.4.5"  # of use for what passes alone (RFC 3463); Google says so when the day's mails have gone


def bounce_of(code: int, words: str, of_recipient: bool) -> Bounce:
    """Hard or soft. `of_recipient`: the answer was to the address alone, before any text was sent."""
    found = _ENHANCED.search(words)
    if found is not None:
        return "hard" if found[0] in HARD else "soft"
    return "hard" if of_recipient and code in _HARD_WITHOUT else "soft"


def congested(words: str) -> bool:
    """Whether a 5xx answer says that it is too much at present: of the address it says nothing."""
    found = _ENHANCED.search(words)
    return found is not None and found[0] == _CONGESTED
