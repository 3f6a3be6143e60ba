"""Whether a text is an e-mail address. Ordinary ones are told by a pattern, twenty times as fast as the library."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ...times import zones

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ORDINARY = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?=.{{1,190}}\Z)(?:{_LABEL}\.)+[A-Za-z]{{2,63}}")


def checked_address(text: str) -> str:
    """The address as it is written; ValueError says what is wrong with it. Nobody is asked whether it exists."""
    if _ORDINARY.fullmatch(text) and "--" not in text[-64:]:
        return text
    from email_validator import EmailNotValidError, validate_email  # only where the pattern does not know

    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(f"`{text}` is no e-mail address: {str(error).rstrip('.')}") from None
    return text


def ordinary(texts: Sequence[str], empty: Collection[str]) -> bool:
    """Whether all of them, but the empty ones, are addresses that the pattern tells."""
    if "--" in "".join(texts):
        return False
    found = list(map(_ORDINARY.fullmatch, texts))
    return None not in found or all(text in empty for text, match in zip(texts, found, strict=True) if match is None)


def checked_zone(text: str) -> str:
    """The zone as it is written; ValueError where the time zone database does not know it."""
    if not zones.is_zone(text):
        raise ValueError(f"`{text}` is no time zone, such as Europe/Berlin")
    return text
