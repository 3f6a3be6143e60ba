"""Files were made, changed or deleted on the disk, by a checkout for one."""

from __future__ import annotations

from lsprotocol import types

from ..server import SegueServer

FEATURE, OPTIONS = types.WORKSPACE_DID_CHANGE_WATCHED_FILES, None


def answer(server: SegueServer, params: types.DidChangeWatchedFilesParams) -> None:
    for change in params.changes:
        server.projects.touched(change.uri)
    server.publisher.soon()
