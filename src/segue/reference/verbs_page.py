"""Every verb of the command line, as `segue VERB --help` tells it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib import import_module

from .. import verbs
from .markdown import fenced
from .markdown import page as joined


def page() -> str:
    parts = [part for title, group in verbs.GROUPS.items() for part in (f"## {title}", *_group(group))]
    return joined(
        "# The command line",
        "What `segue VERB --help` says. Exit codes: 0 done, 1 findings, 2 could not be done, 70 a fault of Segue, "
        "130 stopped by Ctrl-C, 143 by SIGTERM. Facts go to standard output; progress and problems to standard error. "
        "[The verbs with examples](../cli.md).",
        *parts,
    )


def _group(group: dict[str, tuple[str, str]]) -> Iterator[str]:
    for verb, (module, _) in group.items():
        yield f"### segue {verb}"
        yield fenced("text", helped(verb))
        for command in getattr(import_module(f"{verbs.__name__}.{module}"), "COMMANDS", {}):
            yield f"#### segue {verb} {command}"
            yield fenced("text", helped(verb, command))


def helped(*words: str) -> str:
    """What `segue WORDS --help` prints."""
    from ..main import main

    said = io.StringIO()
    with redirect_stdout(said):
        main([*words, "--help"])
    return said.getvalue()
