"""The edits of "fix all", once somebody takes it."""

from __future__ import annotations

from lsprotocol import types

from ..actions import fix_all
from ..server import SegueServer

FEATURE, OPTIONS = types.CODE_ACTION_RESOLVE, None


def answer(server: SegueServer, params: types.CodeAction) -> types.CodeAction:
    found = server.source(params.data) if isinstance(params.data, str) else None
    if found is not None:
        project, source = found
        params.edit = server.workspace_edit(project, fix_all(project, source.name))
    return params
