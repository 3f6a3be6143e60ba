"""An editor and the server, from the first message to the last."""

from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import LanguageClient

from .projects import CARE, MAILS, SCHEMA, SEGMENTS, TESTS

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
    """The next errors of a file."""
    while True:
        await client.wait_for_notification(DIAGNOSTICS)
        if uri in client.diagnostics:
            return [d.code for d in client.diagnostics[uri] if d.severity == types.DiagnosticSeverity.Error]


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


def at(line: int, column: int) -> types.Position:
    return types.Position(line, column)


WHOLE = types.Range(at(0, 0), at(999, 0))


async def test_names_over_files(client: LanguageClient, folder: Path) -> None:
    """Definition, references, highlights and renaming; a rename refused says why."""
    care = open_file(client, uri_of(folder, "care.segue"), CARE)
    here = at(1, 20)  # trials
    (found,) = await client.text_document_definition_async(types.DefinitionParams(care, here)) or []
    assert isinstance(found, types.Location) and found.uri.endswith("/segments.segue")
    context = types.ReferenceContext(include_declaration=True)
    named = await client.text_document_references_async(types.ReferenceParams(context, care, here)) or []
    assert [location.uri.rpartition("/")[2] for location in named] == ["care.segue", *["segments.segue"] * 2]
    marks = await client.text_document_document_highlight_async(types.DocumentHighlightParams(care, at(5, 8)))
    assert marks is not None and [mark.range.start.line for mark in marks] == [5]
    ready = await client.text_document_prepare_rename_async(types.PrepareRenameParams(care, here))
    assert isinstance(ready, types.PrepareRenamePlaceholder) and ready.placeholder == "trials"
    edit = await client.text_document_rename_async(types.RenameParams(care, here, "試用中"))
    assert edit is not None and edit.changes is not None
    counts = {uri.rpartition("/")[2]: len(edits) for uri, edits in edit.changes.items()}
    assert counts == {"care.segue": 1, "segments.segue": 2}
    with pytest.raises(JsonRpcException, match="is a word of the language"):
        await client.text_document_rename_async(types.RenameParams(care, here, "within"))
    with pytest.raises(JsonRpcException, match="nothing here that has a name"):
        await client.text_document_prepare_rename_async(types.PrepareRenameParams(care, at(6, 3)))


async def test_completion(client: LanguageClient, folder: Path) -> None:
    text = CARE.replace("  send goodbye\n}", "  send g\n}")
    care = open_file(client, uri_of(folder, "care.segue"), text)
    found = await client.text_document_completion_async(types.CompletionParams(care, at(10, 8)))
    assert isinstance(found, types.CompletionList)
    first = found.items[0]
    assert first.label == "goodbye" and first.detail == "template of contact"
    assert first.text_edit == types.TextEdit(types.Range(at(10, 7), at(10, 8)), "goodbye")


async def test_symbols(client: LanguageClient, folder: Path) -> None:
    schema = open_file(client, uri_of(folder, "schema.yaml"), SCHEMA)
    found = await client.text_document_document_symbol_async(types.DocumentSymbolParams(schema)) or []
    assert [getattr(symbol, "name", "") for symbol in found] == ["contact", "company", "news"]
    everywhere = await client.workspace_symbol_async(types.WorkspaceSymbolParams("休眠")) or []
    assert [symbol.name for symbol in everywhere] == ["休眠顧客"]


async def test_fixes_one_by_one_and_all_at_once(client: LanguageClient, folder: Path) -> None:
    text = SEGMENTS.replace("plan = trial", "plan == trial")
    document = open_file(client, uri_of(folder, "segments.segue"), text)
    there = types.Range(at(0, 45), at(0, 45))
    params = types.CodeActionParams(document, there, types.CodeActionContext([]))
    fix, everything = await client.text_document_code_action_async(params) or []
    assert isinstance(fix, types.CodeAction) and fix.title == "Write `=` for `==`" and fix.is_preferred
    assert fix.edit is not None and fix.diagnostics is not None and fix.diagnostics[0].code == "double-equals"
    assert isinstance(everything, types.CodeAction) and everything.edit is None
    whole = await client.code_action_resolve_async(everything)
    assert whole.edit is not None and whole.edit.changes is not None
    only = types.CodeActionContext([], only=[types.CodeActionKind.Source])
    chosen = await client.text_document_code_action_async(types.CodeActionParams(document, there, only)) or []
    assert [getattr(action, "kind", "") for action in chosen] == [types.CodeActionKind.SourceFixAll]


async def test_a_test_is_run_from_its_lens(client: LanguageClient, folder: Path) -> None:
    document = open_file(client, uri_of(folder, "tests/care.segue"), TESTS)
    (lens,) = await client.text_document_code_lens_async(types.CodeLensParams(document)) or []
    assert lens.command is not None and lens.command.title == "run test"
    run = types.ExecuteCommandParams(lens.command.command, lens.command.arguments)
    result = await client.workspace_execute_command_async(run)
    assert getattr(result, "passed", None) or result["passed"]
    assert client.messages[-1].message == '"a trial is written to" passed'
    change(client, document.uri, TESTS.replace("receives hello", "does not receive hello"))
    await client.workspace_execute_command_async(run)
    assert client.messages[-1].type == types.MessageType.Error and "failed" in client.messages[-1].message


async def test_colours_folds_and_hints(client: LanguageClient, folder: Path) -> None:
    mails = open_file(client, uri_of(folder, "mails.segue"), MAILS)
    tokens = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(mails))
    assert tokens is not None and len(tokens.data) % 5 == 0 and list(tokens.data[:5]) == [0, 0, 8, 0, 0]
    part = types.SemanticTokensRangeParams(mails, types.Range(at(1, 0), at(1, 9)))
    ranged = await client.text_document_semantic_tokens_range_async(part)
    assert ranged is not None and 0 < len(ranged.data) < len(tokens.data)
    folds = await client.text_document_folding_range_async(types.FoldingRangeParams(mails)) or []
    assert (folds[0].start_line, folds[0].end_line) == (0, 3)
    (grown,) = await client.text_document_selection_range_async(types.SelectionRangeParams(mails, [at(0, 10)])) or []
    assert grown.range == types.Range(at(0, 9), at(0, 14)) and grown.parent is not None
    test = open_file(client, uri_of(folder, "tests/care.segue"), TESTS)
    hints = await client.text_document_inlay_hint_async(types.InlayHintParams(test, WHOLE)) or []
    assert [hint.label for hint in hints] == ["Mon", "Sun"]


async def test_what_changes_on_the_disk_is_noticed(client: LanguageClient, folder: Path) -> None:
    """Open files keep what their editor shows; a file that is gone has no findings."""
    care, other = uri_of(folder, "care.segue"), folder / "other.segue"
    open_file(client, care, CARE)
    (folder / "segments.segue").unlink()
    watched = types.FileEvent(uri_of(folder, "segments.segue"), types.FileChangeType.Deleted)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([watched]))
    assert await codes_of(client, care) == ["unknown-segment"]
    other.write_bytes(b"segment \xff of contact {}")
    made = types.FileEvent(other.as_uri(), types.FileChangeType.Created)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([made]))
    assert "not-utf8" in await codes_of(client, other.as_uri())
    other.unlink()
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([made]))
    await client.wait_for_notification(DIAGNOSTICS)
    assert list(client.diagnostics[other.as_uri()]) == []


async def test_a_file_of_no_project_is_held_against_the_standard_crm(
    client: LanguageClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    alone = (tmp_path_factory.mktemp("alone") / "x.segue").as_uri()
    open_file(client, alone, "segment x of contact { lifecycle_stage = lead and plan = trial }")
    assert await codes_of(client, alone) == ["unknown-property"]
    never_saved = "untitled:Untitled-1.segue"
    open_file(client, never_saved, "segment x of contact { plan = trial }")
    assert await codes_of(client, never_saved) == ["unknown-property"]


async def test_a_project_that_comes_and_goes(client: LanguageClient, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("later")
    file, settings = (root / "x.segue").as_uri(), root / "segue.yaml"
    (root / "schema.yaml").write_text(SCHEMA, "utf-8")
    open_file(client, file, "segment x of contact { plan = trial }")
    assert await codes_of(client, file) == ["unknown-property"]
    settings.write_text("name: later\n")
    news = types.DidChangeWatchedFilesParams([types.FileEvent(settings.as_uri(), types.FileChangeType.Created)])
    client.workspace_did_change_watched_files(news)
    assert await codes_of(client, file) == []
    settings.unlink()
    client.workspace_did_change_watched_files(news)
    assert await codes_of(client, file) == ["unknown-property"]


async def test_no_request_is_too_strange(client: LanguageClient, folder: Path) -> None:
    """Places outside, files that are none, folders, half an emoji: answers or none, and the server goes on."""
    names = ("", "x.txt", "gone.segue", "a\0b.segue")
    strange = [*((folder.as_uri() + "/" + name) for name in names), "untitled:x", "file:///", "", "http://x/y.segue"]
    for uri in [*strange, open_file(client, uri_of(folder, "segments.segue"), SEGMENTS).uri]:
        document = types.TextDocumentIdentifier(uri)
        for position in (at(0, 17), at(0, 10_000), at(10_000, 0)):
            await client.text_document_hover_async(types.HoverParams(document, position))
            await client.text_document_completion_async(types.CompletionParams(document, position))
            await client.text_document_definition_async(types.DefinitionParams(document, position))
        await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
        await client.text_document_code_lens_async(types.CodeLensParams(document))
        await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    assert [m.message for m in client.log_messages if m.type == types.MessageType.Error] == []


async def test_news_of_files_is_asked_for(client: LanguageClient, folder: Path) -> None:
    await client.workspace_symbol_async(types.WorkspaceSymbolParams(""))
    assert [r.method for r in client.registered] == ["workspace/didChangeWatchedFiles"]
