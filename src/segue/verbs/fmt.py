"""`segue fmt`: rule files in their one layout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..main import BUG, FAILED, FINDINGS, OK
from ..options import ProjectDir

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runtime.checking.formatting import FormattedFile


def fmt(
    *paths: Annotated[
        Path,
        Parameter(
            help="Files or folders; `-` for standard input. Without them: the project.", allow_leading_hyphen=True
        ),
    ],
    check: Annotated[bool, Parameter(help="Write nothing; exit code 1 if a file would change.")] = False,
    diff: Annotated[bool, Parameter(help="Like `--check`, and show what would change.")] = False,
    range: Annotated[
        str | None, Parameter(help="Lines `A:B` (from 1): only the declarations that touch them. One file at a time.")
    ] = None,
    stdin_filename: Annotated[str, Parameter(help="What `-` is called in messages.")] = "<stdin>",
    project: ProjectDir = None,
) -> int:
    """Write rule files in their one layout. There are no options of style; every comment is kept.

    Exit codes: 0 all files are in their layout now, 1 some would change (`--check`, `--diff`), 2 a file could not be
    formatted and stays as it was.

    For instance:
        segue fmt
        segue fmt --check rules
    """
    from runtime.checking.formatting import files_to_format, format_files
    from runtime.errors import InvalidInput

    lines = _lines(range) if range is not None else None
    here = Path.cwd()
    if unknown := next((path for path in paths if str(path).startswith("--")), None):
        raise InvalidInput(f"there is no option `{unknown}`", "see `segue fmt --help`")  # `-` lets all through to here
    if Path("-") in paths:
        if len(paths) > 1:
            raise InvalidInput("`-` stands alone: standard input and files are not formatted together")
        return _from_stdin(stdin_filename, lines, check, diff)
    files = files_to_format(paths, project, here)
    if lines and len(files) > 1:
        raise InvalidInput("`--range` is for one file, and there are more", "name one file")
    done = list(_told(format_files(files, lines, not (check or diff), here), check, diff))
    _summary(done, check or diff)
    return _exit_code(done, check or diff)


def _lines(text: str) -> tuple[int, int]:
    from runtime.errors import InvalidInput

    first, _, last = text.partition(":")
    if all(part.isascii() and part.isdigit() for part in (first, last)) and 0 < int(first) <= int(last):
        return int(first), int(last)
    raise InvalidInput(f"`{text}` is no range of lines", "write the first and the last line, such as `--range 3:12`")


def _from_stdin(name: str, lines: tuple[int, int] | None, check: bool, diff: bool) -> int:
    import sys

    from runtime.checking.formatting import format_bytes
    from runtime.project.text_files import encoded

    content = sys.stdin.buffer.read()
    done = format_bytes(content, name, lines)
    if done.failed or check or diff:
        return _exit_code(list(_told([done], check, diff)), check or diff)
    if done.formatted is not None:
        sys.stdout.buffer.write(encoded(done.formatted.text, content))
    return OK


def _told(files: Iterable[FormattedFile], check: bool, diff: bool) -> Iterator[FormattedFile]:
    """Each file as it is done, with what there is to say of it."""
    from ..output import say

    for file in files:
        if file.failed:
            _failure(file)
        elif file.changed and diff:
            print(file.diff, end="")
        elif file.changed:
            say(f"would format {file.name}" if check else f"formatted {file.name}")
        yield file


def _failure(file: FormattedFile) -> None:
    import sys

    from dsl.compile import Compiled

    from ..findings import show_findings
    from ..output import plural, remark

    if file.formatted is None:
        remark(f"{file.name} was not formatted: {file.refused}")
    elif file.misprinted:
        fault = "its new layout would have said something else; this is a fault of Segue's"
        remark(f"{file.name} was not formatted: {fault}", "please send us that file")
    else:
        problems = file.formatted.problems
        show_findings(Compiled(None, problems, {file.name: file.formatted.source}), sys.stderr)
        remark(f"{file.name} was not formatted: {plural(len(problems), 'problem')} in it")


def _summary(files: list[FormattedFile], would: bool) -> None:
    from ..output import plural, say

    changed = sum(file.changed and not file.failed for file in files)
    failed = sum(file.failed for file in files)
    words = "would change" if would else "changed"
    said = [f"{changed:,} of {plural(len(files), 'file')} {words}"]
    said += [f"{failed:,} could not be formatted"] if failed else []
    say(", ".join(said))


def _exit_code(files: list[FormattedFile], would: bool) -> int:
    if any(file.misprinted for file in files):
        return BUG
    if any(file.failed for file in files):
        return FAILED
    return FINDINGS if would and any(file.changed for file in files) else OK
