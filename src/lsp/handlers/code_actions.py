"""Fixes of findings, all safe fixes of a file, and comments that hide a finding."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from dsl.diagnostics.diagnostic import FixKind
from dsl.source import Source

from ..actions import actions
from ..project import Project
from ..server import SegueServer

FEATURE = types.TEXT_DOCUMENT_CODE_ACTION
KINDS = (types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll)
OPTIONS = types.CodeActionOptions(code_action_kinds=KINDS, resolve_provider=True)


def answer(server: SegueServer, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    found = server.source(params.text_document.uri)
    if found is None:
        return None
    project, source = found
    offered: list[types.CodeAction] = []
    if _wanted(params, types.CodeActionKind.QuickFix):
        offered += _quick_fixes(server, project, source, params.range)
    if _wanted(params, types.CodeActionKind.SourceFixAll):
        offered += _fix_all(project, source, params.text_document.uri)
    return offered


def _wanted(params: types.CodeActionParams, kind: types.CodeActionKind) -> bool:
    """`source` asks for `source.fixAll` too."""
    only = params.context.only
    return only is None or any(kind.value == k or kind.value.startswith(f"{k}.") for k in map(_text, only))


def _text(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _quick_fixes(
    server: SegueServer, project: Project, source: Source, where: types.Range
) -> Iterator[types.CodeAction]:
    for action in actions(project, server.span(source, where)):
        finding = server.publisher.diagnostic(project, action.finding)
        yield types.CodeAction(
            action.title,
            types.CodeActionKind.QuickFix,
            [finding] if finding is not None else None,
            is_preferred=action.preferred or None,
            edit=server.workspace_edit(project, action.edits),
        )


def _fix_all(project: Project, source: Source, uri: str) -> Iterator[types.CodeAction]:
    """Without its edits: these are made only for who takes it."""
    own = (d for d in project.check() if d.label.span.file == source.name)
    count = sum(d.fix is not None and d.fix.kind is FixKind.SAFE for d in own)
    if count:
        title = f"Fix what can be fixed safely in this file ({count})"
        yield types.CodeAction(title, types.CodeActionKind.SourceFixAll, data=uri)
