"""Options that several verbs share, so that they are called the same and say the same."""

from __future__ import annotations

import os
import shlex
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from runtime.errors import InvalidInput

from .findings import Format, Level

ProjectDir = Annotated[
    Path | None,
    Parameter(name="--project", help="The project's folder. Without it: this folder, or the nearest above."),
]
FormatOption = Annotated[
    Format | None,
    Parameter(help="Without it: github under GitHub Actions, full on a terminal, else concise. `--json` is its json."),
]
FailLevel = Annotated[Level, Parameter(help="The least severity that makes the exit code 1.")]


_MOST = 1_000_000_000


def at_least(least: int) -> Callable[[object, int | None], None]:
    """A validator: a number below, or one that no database counts to, is refused with a sentence."""

    def check(_: object, value: int | None) -> None:
        if value is not None and value < least:
            raise ValueError(f"must be {least} or more")
        if value is not None and value > _MOST:
            raise ValueError(f"must be {_MOST:,} or less")

    return check


def per_cent(_: object, value: float | None) -> None:
    """A validator of shares."""
    if value is not None and not 0 <= value <= 100:
        raise ValueError("must be from 0 to 100")


def somebody(_: object, value: str | None) -> None:
    """A validator of `--as`: an empty variable of a script must not act in the name of the login."""
    if value is not None and not value.strip():
        raise ValueError("names nobody")


Limit = Annotated[int, Parameter(help="How many to list at most; 0 for all.", validator=at_least(0))]
Record = Annotated[str, Parameter(help="A record: id (#123), external id or e-mail address.")]
Of = Annotated[str, Parameter(help="Its object.")]
Json = Annotated[bool, Parameter(name="--json", help="Print JSON.")]
AsUser = Annotated[
    str | None,
    Parameter(
        name="--as",
        help="Who acts: a user of segue.yaml. Without it: SEGUE_USER, else the name of the login.",
        validator=somebody,
    ),
]


def pairs(written: Iterable[str], hint: str = "write NAME=VALUE") -> list[tuple[str, str]]:
    """What stands behind `--set`, `--link`, `--answer`: names, in NFC as the rules have them, and values, NAME=VALUE
    each. Raises InvalidInput."""
    found = []
    for text in written:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(f"`{text[:60]}` is no pair", hint)
        found.append((unicodedata.normalize("NFC", name.strip()), value.strip()))
    return found


def once(written: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Pairs by name. Raises InvalidInput for a name that is given twice: which of the two counts nobody could tell."""
    found: dict[str, str] = {}
    for name, value in written:
        if name in found:
            raise InvalidInput(
                f"`{name[:60]}` is given twice", "once each; several choices are written with a comma between"
            )
        found[name] = value
    return found


def root_of(project: Path | None) -> Path:
    """The folder of the project meant. Raises InvalidInput where there is none."""
    from runtime.project.layout import SETTINGS, find_root

    if project is not None and not (project / SETTINGS).is_file():
        raise InvalidInput(f"there is no project in {project}: no {SETTINGS}", "run `segue init` there")
    return find_root(project or Path.cwd())


def called(folder: Path | None = None) -> str:
    """What to type to call us again: `./segue` in a clone, else `segue`; from `folder`, if one is to go there first."""
    typed = os.environ.get("SEGUE_CALLED", "segue")
    if folder is not None and "/" in typed and not typed.startswith("/"):
        typed = os.path.relpath(typed, folder)
    return shlex.quote(typed)
