"""A project in a folder, and a server that an editor has started in it."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, make_test_lsp_client

from lsp.project import Project

from .projects import FILES, opened, written

SERVER = "import sys; from segue.main import main; sys.exit(main(['lsp', '--stdio']))"
SOURCES = Path(__file__).parents[2]


@pytest.fixture
def project() -> Project:
    """The project of the tests without a disk."""
    return opened(FILES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The same on the disk."""
    return written(tmp_path.resolve(), FILES)


def editor() -> LanguageClient:
    """A client that lets the server ask for news of files."""
    made = make_test_lsp_client()

    @made.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        made.registered = params.registrations

    return made


@pytest_lsp.fixture(
    config=ClientServerConfig(
        client_factory=editor,
        server_command=[sys.executable, "-c", SERVER],
        server_env={"PYTHONPATH": f"{SOURCES / 'src'}:{SOURCES}", "PATH": "/usr/bin:/bin"},
    )
)
async def client(lsp_client: LanguageClient, folder: Path) -> AsyncIterator[None]:
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=pytest_lsp.client_capabilities("visual-studio-code"),
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "shop")],
        )
    )
    yield
    await lsp_client.shutdown_session()
