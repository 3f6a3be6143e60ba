"""The editor says in which units it counts columns, and the server goes by it."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

from .conftest import SERVER, SOURCES
from .projects import SEGMENTS

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]
CONFIG = ClientServerConfig(
    server_command=[sys.executable, "-c", SERVER],
    server_env={"PYTHONPATH": f"{SOURCES / 'src'}:{SOURCES}", "PATH": "/usr/bin:/bin"},
)

COUNTS = {
    "utf-8": lambda text: len(text.encode("utf-8")),
    "utf-16": lambda text: len(text.encode("utf-16-le")) // 2,
    "utf-32": len,
}


@pytest_lsp.fixture(config=CONFIG, params=["utf-8", "utf-16", "utf-32"])
async def counting(lsp_client: LanguageClient, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[None]:
    kind = types.PositionEncodingKind(request.param)
    general = types.GeneralClientCapabilities(position_encodings=[kind])
    capabilities = types.ClientCapabilities(general=general)
    made = await lsp_client.initialize_session(types.InitializeParams(capabilities, root_uri=folder.as_uri()))
    assert made.capabilities.position_encoding == kind
    lsp_client.counts = COUNTS[request.param]
    yield
    await lsp_client.shutdown_session()


async def test_columns_are_counted_as_was_agreed(counting: LanguageClient, folder: Path) -> None:
    """The emoji before the mistake has four bytes, two units of UTF-16, and is one character."""
    uri = (folder / "segments.segue").as_uri()
    text = SEGMENTS.replace("= trial", "= trail")
    counting.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "segue", 1, text)))
    while uri not in counting.diagnostics:
        await counting.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    before = text[: text.index("trail")]
    start = types.Position(0, counting.counts(before))
    assert counting.diagnostics[uri][0].range.start == start
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(uri), types.Range(start, start), types.CodeActionContext([])
    )
    (fix,) = await counting.text_document_code_action_async(params) or []
    assert isinstance(fix, types.CodeAction) and fix.edit is not None and fix.edit.changes is not None
    assert fix.edit.changes[uri][0].range.start == start
