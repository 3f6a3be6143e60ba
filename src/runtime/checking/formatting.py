"""Rule files on disk in their canonical layout. Each file by itself: no project, schema or store is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dsl.format import Formatted, format_range, format_source
from dsl.source import Source

from ..errors import InvalidInput
from ..project.layout import RULES, find_root, read_whole, rule_files
from ..project.loading import table_file
from ..project.text_files import ChangedMeanwhile, difference, encoded, mark_of, replace_file

Lines = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FormattedFile:
    """One file. `refused` says why it could not be read or written; then there is no `formatted`."""

    name: str
    formatted: Formatted | None
    refused: str = ""
    mark: str = ""  # the byte order mark

    @property
    def failed(self) -> bool:
        return self.formatted is None or bool(self.formatted.problems) or self.misprinted

    @property
    def misprinted(self) -> bool:
        """The new layout would have said something else: a fault of ours."""
        return self.formatted is not None and not self.formatted.safe

    @property
    def changed(self) -> bool:
        """Whether it is, or would be, another text than before."""
        return self.formatted is not None and self.formatted.changed

    @property
    def diff(self) -> str:
        """What changes, as `diff -u` shows it."""
        done = self.formatted
        return difference(self.name, done.source.text, done.text, self.mark) if done else ""


def files_to_format(paths: Sequence[Path], project: Path | None, here: Path) -> list[Path]:
    """The rule files named and those below the folders named; without paths the project's. Raises InvalidInput."""
    found: list[Path] = []
    for path in paths or [find_root(project or here)]:
        if not path.exists():
            raise InvalidInput(f"there is no {path}")
        if not path.is_dir() and path.suffix != RULES:
            raise InvalidInput(f"{path} is no rule file", f"rule files end with `{RULES}`")
        found += rule_files(path) if path.is_dir() else [path]
    if not found:
        raise InvalidInput("there are no rule files there", f"rule files end with `{RULES}`")
    return list(dict.fromkeys(found))


def format_files(paths: Sequence[Path], lines: Lines | None, write: bool, here: Path) -> Iterator[FormattedFile]:
    """Each file in turn, written where `write` says so and it changes. What fails is told and the others go on."""
    for path in paths:
        name = path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()
        try:
            before, _ = read_whole(path, "it")
            done = format_bytes(before, name, lines)
            if write and done.changed and done.formatted is not None:
                replace_file(path.resolve(), before, encoded(done.formatted.text, before))
            yield done
        except InvalidInput as error:
            yield FormattedFile(name, None, str(error))
        except ChangedMeanwhile:
            yield FormattedFile(name, None, "it was changed by somebody else meanwhile; run again")
        except OSError as error:
            yield FormattedFile(name, None, error.strerror or str(error))


def format_bytes(content: bytes, name: str, lines: Lines | None) -> FormattedFile:
    """The content of one file. A byte order mark is no part of the text and stays as it was."""
    try:
        source = Source(name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return FormattedFile(name, None, f"it is not UTF-8: byte {error.start + 1:,} is none of it")
    done = format_range(source, *lines, table_file()) if lines else format_source(source, table_file())
    return FormattedFile(name, done, mark=mark_of(content))
