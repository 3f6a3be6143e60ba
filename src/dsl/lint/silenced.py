"""Findings less those that comments hide, and what is to be said about these comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..diagnostics.diagnostic import Diagnostic, Edit, Fix, FixKind, Label, Severity
from ..schema.model import RuleName
from ..source import Source, Span
from .chosen import Chosen
from .ignores import Ignore, Ignores, ignored_by
from .names import codes_named, may_be_ignored, rules_by_name
from .project_settings import errors_stay, unknown_rule


@dataclass(slots=True)
class _Use:
    """By place of the name: which names hid something, and which met an error."""

    hiding: set[Span] = field(default_factory=set)
    errors: set[Span] = field(default_factory=set)


def silenced(
    found: Iterable[Diagnostic], ignores: Mapping[str, Ignores], chosen: Chosen, sources: Mapping[str, Source]
) -> list[Diagnostic]:
    """`found` as it is to be shown before `chosen` has its say on what is added here. `ignores` are by file.

    Errors of the checker stay, and that is told. A comment is called unused only where nothing is wrong at all, and
    of rules that are on: only then is it known that there is nothing to hide."""
    use, whole, kept = _Use(), True, []
    for diagnostic in found:
        of_file = ignores.get(diagnostic.label.span.file)
        if not (of_file and _hidden(diagnostic, of_file, use)):
            kept.append(diagnostic)
            whole = whole and not _is_fixed(diagnostic)
    for file, read in ignores.items():
        kept += read.found
        for ignore in read.ignores:
            kept += _remarks(ignore, use, chosen, whole, sources[file])
    return kept


def _hidden(diagnostic: Diagnostic, ignores: Ignores, use: _Use) -> bool:
    hidden = False
    for ignore in ignored_by(diagnostic, ignores.ignores):
        for name in ignore.names:
            if diagnostic.code in codes_named(name.text):
                hidden = hidden or not _is_fixed(diagnostic)
                (use.errors if _is_fixed(diagnostic) else use.hiding).add(name.span)
    return hidden


def _is_fixed(diagnostic: Diagnostic) -> bool:
    """An error of the checker: nothing hides it."""
    return diagnostic.severity is Severity.ERROR and diagnostic.code not in rules_by_name()


def _remarks(ignore: Ignore, use: _Use, chosen: Chosen, whole: bool, source: Source) -> Iterator[Diagnostic]:
    if not ignore.reason:
        yield _without_reason(ignore)
    unused = []
    for name in ignore.names:
        codes = codes_named(name.text)
        if not codes:
            yield unknown_rule(name)
        elif name.span in use.errors or (name.span not in use.hiding and not any(map(may_be_ignored, codes))):
            yield errors_stay(name)
        elif whole and name.span not in use.hiding and any(chosen.shows(code, source.name) for code in codes):
            unused.append(name)
    if unused:
        yield _unused(ignore, unused, source)


def _without_reason(ignore: Ignore) -> Diagnostic:
    names = ", ".join(name.text for name in ignore.names)
    return Diagnostic(
        "ignore-without-reason",
        Severity.WARNING,
        f"nobody is told why `{names}` is ignored here",
        Label(ignore.comment, "no reason"),
        help="write the reason behind the bracket",
    )


def _unused(ignore: Ignore, unused: list[RuleName], source: Source) -> Diagnostic:
    said = " and ".join(f"`{name.text}`" for name in unused)
    every = len(unused) == len(ignore.names)
    span = ignore.comment if every else unused[0].span
    message = f"there is no finding of {said} here to ignore"
    fix = Fix(FixKind.SAFE, (_without_comment(ignore, source) if every else _without_names(ignore, unused, source),))
    label = Label(span, "not needed")
    return Diagnostic("unused-ignore", Severity.WARNING, message, label, help="take it out", fix=fix)


def _without_comment(ignore: Ignore, source: Source) -> Edit:
    """Takes out the whole line, or the comment with the blanks before it."""
    text, start, end = source.text, ignore.comment.start, ignore.comment.end
    while start and text[start - 1] in " \t":
        start -= 1
    if ignore.own_line:
        end = text.find("\n", end) + 1 or len(text)
    return Edit(Span(source.name, start, end), "")


def _without_names(ignore: Ignore, unused: list[RuleName], source: Source) -> Edit:
    kept = ", ".join(name.text for name in ignore.names if name not in unused)
    return Edit(Span(source.name, ignore.names[0].span.start, ignore.names[-1].span.end), kept)
