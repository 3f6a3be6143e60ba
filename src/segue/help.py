"""The look of `segue VERB --help`: names in one column, words in the other. Plain text: drawing frames costs more time
than all the rest of it.

The words are the docstring of the verb. Its paragraph `For instance:` has one command a line; where several verbs share
their words, `{verb}` is the one that is asked."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import Any

_INDENT, _NAMES, _WIDTH = "  ", 26, 88
_EXAMPLES = "For instance:"


class Help:
    """Cyclopts' protocol of a help formatter."""

    def __init__(self, verb: str) -> None:
        self.verb = verb

    def render_usage(self, console: Any, options: Any, usage: Any) -> None:
        print(f"Usage: {str(usage).strip()}\n")

    def render_description(self, console: Any, options: Any, description: Any) -> None:
        paragraphs = _plain(description).replace("{verb}", self.verb).split("\n\n")
        print("\n\n".join(_paragraph(p) for p in paragraphs) + "\n")

    def __call__(self, console: Any, options: Any, panel: Any) -> None:
        entries = [entry for entry in panel.entries if entry.display_labels and _is_shown(panel, entry)]
        if entries:
            print(f"{panel.title}:")
            for entry in entries:
                print(_entry(entry))
            print()


def _width() -> int:
    """No wider than a page of the docs, nor than the terminal."""
    return max(_NAMES * 2, min(_WIDTH, shutil.get_terminal_size().columns)) if sys.stdout.isatty() else _WIDTH


def _is_shown(panel: Any, entry: Any) -> bool:
    """All options; of what a verb can do besides, not that it can tell of itself."""
    return panel.format == "parameter" or not any(name.startswith("-") for name in entry.names)


def _paragraph(words: str) -> str:
    """Its lines as one, but for examples: who copies one wants it whole."""
    if words.startswith(_EXAMPLES):
        return "\n".join((_EXAMPLES, *(_INDENT + line.strip() for line in words.splitlines()[1:])))
    return textwrap.fill(words.replace("\n", " "), _width(), break_on_hyphens=False)


def _entry(entry: Any) -> str:
    name = ", ".join(entry.display_labels_with_metavar)
    words = _plain(entry.description)
    words += f" One of {', '.join(entry.choices)}." if entry.choices else ""
    words += f" Without it: {entry.default}." if entry.default else ""
    words += " Required." if entry.required else ""
    wrapped = textwrap.wrap(words, _width() - _NAMES - 4) or [""]
    first = f"{_INDENT}{name:<{_NAMES}}{wrapped[0]}" if len(name) < _NAMES else f"{_INDENT}{name}\n"
    rest = wrapped[1:] if len(name) < _NAMES else wrapped
    more = "\n".join(_INDENT + " " * _NAMES + line for line in rest)
    return (first.rstrip() + ("\n" + more if more else "")).rstrip()


def _plain(words: Any) -> str:
    """Cyclopts hands out text, or Rich's text within a wrapper of its own."""
    inner = getattr(words, "primary_renderable", words)
    return str(getattr(inner, "plain", inner or "")).strip()
