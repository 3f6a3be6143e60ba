"""The editor is ready: its folders are read, and it is asked to tell when files change on the disk."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from ..projects import path_of
from ..server import SegueServer, guarded

FEATURE, OPTIONS = types.INITIALIZED, None
_WATCHED = "**/{*.segue,schema.yaml,segue.yaml}"


def answer(server: SegueServer, params: types.InitializedParams) -> None:
    """Reading a large project takes seconds: what was asked meanwhile is answered first."""
    asyncio.get_running_loop().call_soon(guarded(_read_folders), server)
    watched = server.client_capabilities.workspace
    if watched and watched.did_change_watched_files and watched.did_change_watched_files.dynamic_registration:
        server.client_register_capability(types.RegistrationParams([_watching()]))


def _watching() -> types.Registration:
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
    return types.Registration("segue-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)


def _read_folders(server: SegueServer) -> None:
    uris = list(server.workspace.folders) or [server.workspace.root_uri]
    for uri in uris:
        if uri:
            server.projects.open_folder(path_of(uri))
    server.publisher.now()
