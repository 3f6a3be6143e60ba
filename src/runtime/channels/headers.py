"""Header fields of a mail: encoded words, addresses, identifiers, dates (RFC 5322, 2047, 2369).

INVARIANT: nothing here gives back a line break, unless one that folds (followed by a space): no value can add a header.
"""

from __future__ import annotations

import re
from base64 import b64encode
from email.utils import format_datetime
from functools import lru_cache

from ..errors import BadAddress
from ..times.zones import SECOND, to_datetime

_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_WORD, _LABEL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}@[!-;=?-~]{1,250}>")
_WORD_BYTES = 45  # of UTF-8 in one encoded word: 60 letters of base64 and the frame are 72, of 75 allowed
_LINE = 76
_LONGEST_NAME = 200


def one_line(text: str) -> str:
    """The text with each run of white space and control characters made one space."""
    return _SPACES.sub(" ", text).strip() if not text.isalnum() else text


def encode_text(text: str, used: int = 0) -> str:
    """The text of an unstructured field such as Subject, folded; `used` letters stand before it on its first line."""
    line = one_line(text)
    if line.isascii() and "=?" not in line and all(len(word) < 900 for word in line.split(" ")):
        return _fold(line, used) if used + len(line) > _LINE else line
    return "\n ".join(_encoded_words(line, used))


def _fold(line: str, used: int) -> str:
    lines, width = [""], used
    for word in line.split(" "):
        if lines[-1] and width + 1 + len(word) > _LINE:
            lines.append("")
            width = 0
        lines[-1] += f" {word}" if lines[-1] else word
        width += len(word) + 1
    return "\n ".join(lines)


def _encoded_words(text: str, used: int) -> list[str]:
    words, room, piece = [], max(_WORD_BYTES - used * 3 // 4, 3 * 4), b""
    for letter in text:
        more = letter.encode()
        if len(piece) + len(more) > room:
            words.append(piece)
            piece, room = b"", _WORD_BYTES
        piece += more
    return [f"=?utf-8?b?{b64encode(word).decode()}?=" for word in [*words, piece] if word]


@lru_cache(maxsize=4096)
def encode_mailbox(name: str, address: str) -> str:
    """`Tanaka Taro <tanaka@unicorn.example>`, the name quoted or encoded as it needs. Raises BadAddress."""
    checked, line = check_address(address), one_line(name)[:_LONGEST_NAME].strip()
    if not line:
        return checked
    if not line.isascii() or "=?" in line:
        return "\n ".join([*_encoded_words(line, 8), f"<{checked}>"])
    if not _ATOMS.fullmatch(line):
        line = '"' + re.sub(r'(["\\])', r"\\\1", line) + '"'
    return f"{line}\n <{checked}>" if len(line) + len(checked) > _LINE - 8 else f"{line} <{checked}>"


@lru_cache(maxsize=4096)
def check_address(address: str) -> str:
    """The address as it may stand in a header, an international domain in ASCII. Raises BadAddress."""
    local, at, domain = address.strip().rpartition("@")
    if at and not domain.isascii():
        try:
            domain = ascii_domain(domain)
        except UnicodeError:
            raise BadAddress(f"`{one_line(address)[:80]}` is no e-mail address") from None
    whole = f"{local}@{domain}"
    if len(whole) > 254 or not _ADDRESS.fullmatch(whole):
        raise BadAddress(f"`{one_line(address)[:80]}` is no e-mail address")
    return whole


def ascii_domain(domain: str) -> str:
    """As DNS has it. Python's own codec is of 2003: to it straße.de is strasse.de, where somebody else reads the mail.
    Raises UnicodeError."""
    import idna  # its tables take 10 ms, and most domains are ASCII

    return idna.encode(domain, uts46=True).decode()


def domain_of(address: str) -> str:
    return check_address(address).rpartition("@")[2]


def message_id(key: str, domain: str) -> str:
    """`<KEY@DOMAIN>`: what replies, bounces and receipts carry back."""
    return f"<{checked_key(key)}@{domain}>"


def check_message_id(identifier: str) -> str:
    """A Message-ID from outside as it may stand in References. Raises ValueError."""
    if not _MESSAGE_ID.fullmatch(identifier):
        raise ValueError(f"{identifier[:80]!r} is no Message-ID")
    return identifier


def unsubscribe_address(mailbox: str, key: str, own: bool) -> str:
    """`unsubscribe+KEY@..` at a mailbox of its own, else `ann+unsubscribe-KEY@..` at the sender's (L1)."""
    local, _, domain = check_address(mailbox).rpartition("@")
    tag = checked_key(key) if own else f"unsubscribe-{checked_key(key)}"
    return f"{local}+{tag}@{domain}"


def checked_key(key: str) -> str:
    """The key, if it may stand in an address and a Message-ID. Raises ValueError."""
    if not _KEY.fullmatch(key) or ".." in key or key.endswith("."):
        raise ValueError(f"{key[:80]!r} cannot be the key of a mail: letters, digits, `-`, `_` and single `.` only")
    return key


def date_header(t: int, zone: str = "UTC") -> str:
    """The instant as in `Mon, 02 Mar 2026 09:00:00 +0900`."""
    return _date_header(t // SECOND, zone)


@lru_cache(maxsize=1024)
def _date_header(second: int, zone: str) -> str:
    return format_datetime(to_datetime(second * SECOND, zone))
