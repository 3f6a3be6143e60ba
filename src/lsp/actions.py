"""What an editor offers to do about findings: the fix of each, all safe fixes of a file, a comment that hides one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dsl.diagnostics.diagnostic import Diagnostic, Edit, FixKind, Severity
from dsl.format.formatter import difference
from dsl.lint.fixing import Texts, fix_texts
from dsl.source import Source, Span
from dsl.syntax.machine import machine
from runtime.project.layout import RULES, SCHEMA, SETTINGS
from runtime.project.loading import table_file

from .project import Project

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Action:
    """`preferred`: what most people want; a safe fix."""

    title: str
    finding: Diagnostic
    edits: tuple[Edit, ...]
    preferred: bool = False


def findings_in(project: Project, span: Span) -> list[Diagnostic]:
    """Those that touch a part of a file."""
    own = (d for d in project.check() if d.label.span.file == span.file)
    return [d for d in own if d.label.span.start <= span.end and span.start <= d.label.span.end]


def actions(project: Project, span: Span) -> list[Action]:
    """For each finding that touches `span`: its fix, then the comment that hides it. Nothing hides an error."""
    found = findings_in(project, span)
    fixes = [action for d in found for action in _fix(project, d)]
    return [*fixes, *(action for d in found for action in _hide(project, d))]


def _fix(project: Project, d: Diagnostic) -> Iterator[Action]:
    if d.fix is not None and d.fix.kind is not FixKind.DISPLAY and d.fix.edits:
        unsafe = " (may change what the rule does)" if d.fix.kind is FixKind.UNSAFE else ""
        yield Action(f"{_said(project, d.fix.edits)}{unsafe}", d, d.fix.edits, d.fix.kind is FixKind.SAFE)


def _said(project: Project, edits: tuple[Edit, ...]) -> str:
    first = edits[0]
    source = project.sources.get(first.span.file)
    was = _short(source.text[first.span.start : first.span.end]) if source is not None else ""
    new = _short(first.text)
    more = f" and {len(edits) - 1} more" if len(edits) > 1 else ""
    if was and new:
        return f"Write `{new}` for `{was}`{more}"
    return f"Remove `{was}`{more}" if was else f"Add `{new}`{more}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _hide(project: Project, d: Diagnostic) -> Iterator[Action]:
    source = project.source(d.label.span.file)
    if d.severity is Severity.ERROR or source is None or not source.name.endswith(RULES):
        return
    line = source.position(_outside_texts(source, d.label.span.start))[0]
    start, written = source.offset(line, 1), source.line(line)
    margin = written[: len(written) - len(written.lstrip())]
    newline = "\r\n" if "\r\n" in source.text else "\n"
    comment = f"{margin}# segue: ignore[{d.code}] say why{newline}"
    yield Action(f"Hide `{d.code}` here, by a comment", d, (Edit(Span(source.name, start, start), comment),))


def _outside_texts(source: Source, offset: int) -> int:
    """Where a comment is one: a place within a text over several lines means the beginning of that text."""
    for token in machine(table_file()).lexer.read(source.name, source.text).tokens:
        if token.type == "TEXT" and token.start < offset < token.end:
            return token.start
    return offset


def fix_all(project: Project, name: str) -> list[Edit]:
    """Every safe fix of one file, as `segue check --fix` makes them: again and again until nothing is left to do."""
    texts = dict(project.sources)
    if not any(_is_safe(d) for d in project.check() if d.label.span.file == name):
        return []
    try:
        fixed = fix_texts(
            texts, lambda now: _checked(project, now), (FixKind.SAFE,), lambda d: d.label.span.file == name
        )
    finally:
        _checked(project, texts)
    return [difference(texts[file], source.text) for file, source in fixed.changed.items()]


def _is_safe(d: Diagnostic) -> bool:
    return d.fix is not None and d.fix.kind is FixKind.SAFE


def _checked(project: Project, texts: Texts) -> tuple[Diagnostic, ...]:
    _put(project, texts)
    return project.workspace.check()


def _put(project: Project, texts: Texts) -> None:
    """The workspace as if these were the texts."""
    for name, source in texts.items():
        if name not in (SCHEMA, SETTINGS):
            project.workspace.update(source)
    project.workspace.configure(texts.get(SCHEMA), texts.get(SETTINGS))
