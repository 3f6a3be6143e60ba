"""The mail of ours that an event belongs to, by the Message-ID that came back with it (L13).

Without it an open, a click or a reply counts for the person, but for no enrollment: it switches no dynamic sequence
(X11) and is in no rate (M2-M4)."""

from __future__ import annotations

import re
from typing import NamedTuple

# What the engine gives each mail: STORE.BUCKET.ENROLLMENT.ORDINAL, in a Message-ID `<KEY@DOMAIN>`.
_KEY = re.compile(r"<?([0-9a-f]{1,32})\.(\d{1,5})\.(\d{1,18})\.(\d{1,9})(?:@[^\s<>]+)?>?", re.ASCII)
STORE_LETTERS = 12  # of the store's id in a key


class Mail(NamedTuple):
    bucket: int
    enrollment: int
    ordinal: int


def mail_of(text: str, store_id: str) -> Mail:
    """The mail named by a Message-ID or a key. Raises ValueError with words for the author of the file."""
    found = _KEY.fullmatch(text.strip())
    if found is None or found[1] != store_id[:STORE_LETTERS]:
        raise ValueError(f"`{text[:80]}` is no Message-ID of a mail of this store")
    return Mail(int(found[2]), int(found[3]), int(found[4]))
