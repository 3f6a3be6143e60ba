"""The server: which requests it answers, and what all answers share. A request can fail; the server does not."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import iscoroutinefunction
from types import ModuleType
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from dsl.diagnostics.diagnostic import Edit
from dsl.source import Source, Span

from .places import lines_of
from .project import Project
from .projects import Projects
from .publishing import Publisher


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor is. The project is checked, so that its names are those of the text."""

    project: Project
    source: Source
    offset: int


class SegueServer(LanguageServer):
    """One editor's server. Texts are sent whole with each change: rule files are small, and so no text can differ."""

    def __init__(self, version: str) -> None:
        super().__init__("segue", version, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.projects = Projects()
        self.publisher = Publisher(self)

    def answer_with(self, modules: Iterable[ModuleType]) -> None:
        """Each module has a `FEATURE`, its `OPTIONS`, and `answer(server, params)`."""
        for module in modules:
            self.feature(module.FEATURE, module.OPTIONS)(guarded(module.answer))

    def obey(self, commands: Iterable[ModuleType]) -> None:
        """Each module has a `COMMAND` and `run(server, *arguments)`."""
        for module in commands:
            self.command(module.COMMAND)(guarded(module.run))

    # --- places, as the editor counts ---

    def source(self, uri: str, *, checked: bool = True) -> tuple[Project, Source] | None:
        """The text of a file of ours; None for any other."""
        file = self.projects.file(uri)
        if file is None:
            return None
        if checked:
            file.project.check()
        source = file.project.source(file.name)
        return (file.project, source) if source is not None else None

    def place(self, uri: str, position: types.Position, *, checked: bool = True) -> Place | None:
        found = self.source(uri, checked=checked)
        return Place(*found, self.offset(found[1], position)) if found else None

    def offset(self, source: Source, position: types.Position) -> int:
        return lines_of(source.text).offset(position.line, position.character, self._units)

    def range(self, source: Source, span: Span) -> types.Range:
        return self.range_of(source, span.start, span.end)

    def range_of(self, source: Source, start: int, end: int) -> types.Range:
        lines = lines_of(source.text)
        begin, finish = (types.Position(*lines.position(offset, self._units)) for offset in (start, max(start, end)))
        return types.Range(begin, finish)

    def span(self, source: Source, range_: types.Range) -> Span:
        return Span(source.name, self.offset(source, range_.start), self.offset(source, range_.end))

    def location(self, project: Project, span: Span) -> types.Location | None:
        source = project.source(span.file)
        if source is None:
            return None
        return types.Location(self.projects.uri(project, span.file), self.range(source, span))

    def workspace_edit(self, project: Project, edits: Iterable[Edit]) -> types.WorkspaceEdit:
        """Edits of any of its files, as the editor is to make them."""
        changes: dict[str, list[types.TextEdit]] = {}
        for edit in edits:
            source = project.source(edit.span.file)
            if source is not None:
                made = types.TextEdit(self.range(source, edit.span), edit.text)
                changes.setdefault(self.projects.uri(project, edit.span.file), []).append(made)
        return types.WorkspaceEdit(changes=changes)

    @property
    def _units(self) -> Callable[[str], int]:
        return self.workspace.position_codec.client_num_units

    # --- what is told besides answers ---

    def log(self, message: str, kind: types.MessageType = types.MessageType.Info) -> None:
        self.window_log_message(types.LogMessageParams(kind, message))

    def tell(self, message: str, kind: types.MessageType = types.MessageType.Info) -> None:
        self.window_show_message(types.ShowMessageParams(kind, message))


def guarded(answer: Callable[..., Any]) -> Callable[..., Any]:
    """The same; a fault of ours is logged in the editor; who asked gets no answer, and may ask again."""

    def now(ls: SegueServer, *arguments: Any) -> Any:
        with _logged(ls):
            return answer(ls, *arguments)

    async def later(ls: SegueServer, *arguments: Any) -> Any:
        with _logged(ls):
            return await answer(ls, *arguments)

    return later if iscoroutinefunction(answer) else now


@contextmanager
def _logged(server: SegueServer) -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        raise refusal.as_error() from None
    except Exception:
        server.log(traceback.format_exc(), types.MessageType.Error)


class Refused(Exception):  # noqa: N818 - named for what happened: the person who asked is told why
    """What was asked cannot be done, for a reason that the person in front of the editor should read."""

    def as_error(self) -> Exception:
        from pygls.exceptions import JsonRpcException

        return JsonRpcException(str(self), code=types.LSPErrorCodes.RequestFailed.value)


def make_server(version: str) -> SegueServer:
    """A server that answers everything we know to answer."""
    from .commands import COMMANDS
    from .handlers import HANDLERS

    server = SegueServer(version)
    server.answer_with(HANDLERS)
    server.obey(COMMANDS)
    return server
