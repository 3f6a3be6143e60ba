"""`a deal`, `an invoice`: names of a schema stand in messages with their article."""

from __future__ import annotations


def article(name: str) -> str:
    """The name with its article before it. By its first letter: nobody declares how a name is spoken."""
    return f"an {name}" if name[:1].casefold() in {"a", "e", "i", "o"} else f"a {name}"
