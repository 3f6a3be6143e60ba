"""Everything declared in the open projects whose name fits what is searched for."""

from __future__ import annotations

from lsprotocol import types

from ..outline import matching
from ..server import SegueServer
from .symbol_kinds import kind_of

FEATURE, OPTIONS = types.WORKSPACE_SYMBOL, None


def answer(server: SegueServer, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
    found = []
    for project in server.projects.all():
        project.check()
        for use in matching(project, params.query):
            location = server.location(project, use.span)
            if location is not None:
                kind, name = use.thing.kind, use.thing.name
                found.append(types.WorkspaceSymbol(location, name, kind_of(kind), container_name=kind))
    return found
