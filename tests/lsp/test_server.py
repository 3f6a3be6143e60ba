"""An editor and the server, from the first message to the last."""

from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient

from .projects import CARE, SEGMENTS

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]
DIAGNOSTICS = types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS


def uri_of(folder: Path, name: str) -> str:
    return (folder / name).as_uri()


def open_file(client: LanguageClient, uri: str, text: str) -> types.TextDocumentIdentifier:
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "segue", 1, text)))
    return types.TextDocumentIdentifier(uri)


def change(client: LanguageClient, uri: str, text: str) -> None:
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(2, uri), [types.TextDocumentContentChangeWholeDocument(text)]
        )
    )


async def codes_of(client: LanguageClient, uri: str) -> list[object]:
    """What the next findings of a file say."""
    while True:
        await client.wait_for_notification(DIAGNOSTICS)
        if uri in client.diagnostics:
            return [d.code for d in client.diagnostics[uri]]


async def test_findings_come_while_one_types_and_go_again(client: LanguageClient, folder: Path) -> None:
    uri = uri_of(folder, "segments.segue")
    open_file(client, uri, SEGMENTS)
    change(client, uri, SEGMENTS.replace("= trial", "= trail"))
    assert await codes_of(client, uri) == ["unknown-option"]
    (found,) = client.diagnostics[uri]
    assert found.range == types.Range(types.Position(0, 47), types.Position(0, 52))  # the emoji counts twice
    assert "did you mean `trial`?" in found.message and found.source == "segue"
    change(client, uri, SEGMENTS)
    assert await codes_of(client, uri) == []


async def test_a_change_in_one_file_is_told_in_another(client: LanguageClient, folder: Path) -> None:
    uri, other = uri_of(folder, "segments.segue"), uri_of(folder, "care.segue")
    open_file(client, uri, SEGMENTS)
    change(client, uri, SEGMENTS.replace("segment trials", "segment triers"))
    assert await codes_of(client, other) == ["unknown-segment"]


async def test_hover_and_formatting(client: LanguageClient, folder: Path) -> None:
    uri = uri_of(folder, "care.segue")
    document = open_file(client, uri, CARE.replace("  send hello\n  wait", "      send   hello\n  wait"))
    said = await client.text_document_hover_async(types.HoverParams(document, types.Position(1, 20)))
    assert said is not None and isinstance(said.contents, types.MarkupContent)
    assert "segment trials of contact" in said.contents.value
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    edits = await client.text_document_formatting_async(types.DocumentFormattingParams(document, options))
    assert edits is not None and [edit.new_text for edit in edits] == ["  send hello\n"]
    whole = types.Range(types.Position(5, 0), types.Position(5, 3))
    params = types.DocumentRangeFormattingParams(document, whole, options)
    assert await client.text_document_range_formatting_async(params) == edits
