"""Findings for people and for programs: the formats of `segue check`, and which one is meant without a word."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, Protocol

from .output import coloured

if TYPE_CHECKING:
    from dsl.diagnostics import Diagnostic
    from dsl.diagnostics.regions import Places
    from dsl.source import Source

Format = Literal["full", "concise", "json", "github", "gitlab", "sarif", "junit"]
Level = Literal["error", "warning", "info"]


class Told(Protocol):
    """What was found, and the texts it is about, by name."""

    @property
    def diagnostics(self) -> Sequence[Diagnostic]: ...
    @property
    def sources(self) -> Mapping[str, Source]: ...


def show_findings(told: Told, stream: IO[str], format: Format | None = None, root: Path | None = None) -> None:
    """All diagnostics. `root` is the project's folder: people are told paths from where they are, other programs from
    the repository's root."""
    chosen = format or chosen_format(stream)
    if not told.diagnostics and chosen in ("full", "concise", "github"):
        return
    from dsl.diagnostics import in_order
    from dsl.diagnostics.regions import Places

    found: Sequence[Diagnostic] = in_order(told.diagnostics)
    sources = told.sources
    if root is not None and chosen in ("full", "concise"):
        from .from_here import from_here

        found, sources = from_here(found, sources, root)
    _print(found, Places(sources, path_prefix(root) if root else ""), stream, chosen)


def chosen_format(stream: IO[str]) -> Format:
    if os.environ.get("GITHUB_ACTIONS") == "true":
        return "github"
    return "full" if stream.isatty() else "concise"


def at_least(level: Level, found: Sequence[Diagnostic]) -> bool:
    """Whether one of the findings is as severe as `level`, or more."""
    if not found:
        return False
    from dsl.diagnostics import Severity

    ranks = list(Severity)
    return any(ranks.index(d.severity) <= ranks.index(Severity(level)) for d in found)


def _print(found: Sequence[Diagnostic], places: Places, stream: IO[str], format: Format) -> None:
    match format:
        case "full":
            from dsl.diagnostics import render_full

            for one in found:
                print(render_full(one, places.sources, coloured(stream)) + "\n", file=stream)
        case "concise":
            from dsl.diagnostics import render_concise

            for one in found:
                print(render_concise(one, places.sources), file=stream)
        case "github":
            from dsl.diagnostics.render_github import render_github

            for one in found:
                print(render_github(one, places), file=stream)
        case _:
            print(_document(found, places, format), file=stream)


def _document(found: Sequence[Diagnostic], places: Places, format: Format) -> str:
    """The formats that are one text, also where nothing was found."""
    match format:
        case "gitlab":
            from dsl.diagnostics.render_gitlab import render_gitlab

            return render_gitlab(found, places)
        case "sarif":
            from dsl.diagnostics.catalogue import catalogue
            from dsl.diagnostics.render_sarif import render_sarif

            from . import __version__

            return render_sarif(found, places, catalogue(), __version__)
        case "junit":
            from dsl.diagnostics.render_junit import render_junit

            return render_junit(found, places, places.sources)
    from dsl.diagnostics import render_json

    return render_json(found, places.sources)


def path_prefix(root: Path) -> str:
    """The project's folder as from the top of its repository; "" where there is none, or it is the top itself."""
    root = root.resolve()
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    relative = root.relative_to(top).as_posix()
    return "" if relative == "." else relative
