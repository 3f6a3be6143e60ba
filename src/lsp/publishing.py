"""Findings on their way to the editor: a moment after the last change, and only of files whose findings are others."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from lsprotocol import types

from dsl.diagnostics.diagnostic import Diagnostic, Severity
from dsl.source import Source, Span

from .project import Project
from .projects import Projects

if TYPE_CHECKING:
    from .server import SegueServer

PAUSE = 0.05  # seconds without a further change before findings are told
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_UNNECESSARY = ("unused-", "unreachable-")
State = tuple[tuple[Diagnostic, ...], tuple[Source | None, ...], str]  # what was told, and the texts it pointed into


class Publisher:
    """What each file was last told."""

    def __init__(self, server: SegueServer) -> None:
        self._server = server
        self._told: dict[str, State] = {}
        self._waiting: asyncio.TimerHandle | None = None

    def soon(self) -> None:
        """After a change; another one starts the wait anew."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().call_later(PAUSE, self.now)

    def now(self) -> None:
        """Tells what is new."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = None
        try:
            self._publish()
        except Exception:
            self._server.log(traceback.format_exc(), types.MessageType.Error)

    def _publish(self) -> None:
        now = states(self._server.projects)
        for uri in [uri for uri in self._told if uri not in now]:
            del self._told[uri]
            self._send(uri, [])
        for uri, (project, state) in now.items():
            if self._told.get(uri) != state:
                self._told[uri] = state
                self._send(uri, list(self._diagnostics(project, state)))

    def _send(self, uri: str, found: list[types.Diagnostic]) -> None:
        self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found))

    def _diagnostics(self, project: Project, state: State) -> Iterator[types.Diagnostic]:
        found, _, unread = state
        if unread:
            nowhere = types.Range(types.Position(0, 0), types.Position(0, 0))
            yield types.Diagnostic(nowhere, unread, types.DiagnosticSeverity.Error, source="segue")
        for diagnostic in found:
            made = self.diagnostic(project, diagnostic)
            if made is not None:
                yield made

    def diagnostic(self, project: Project, d: Diagnostic) -> types.Diagnostic | None:
        """One finding as the protocol has it; None where its file is gone."""
        source = project.source(d.label.span.file)
        if source is None:
            return None
        return types.Diagnostic(
            self._server.range(source, d.label.span),
            message(d),
            _SEVERITIES[d.severity],
            d.code,
            source="segue",
            tags=[types.DiagnosticTag.Unnecessary] if d.code.startswith(_UNNECESSARY) else None,
            related_information=list(self._related(project, d)) or None,
        )

    def _related(self, project: Project, d: Diagnostic) -> Iterator[types.DiagnosticRelatedInformation]:
        for label in d.others:
            location = self._server.location(project, label.span)
            if location is not None:
                yield types.DiagnosticRelatedInformation(location, label.text or "see here")


def message(d: Diagnostic) -> str:
    """What is wrong, why it matters, what to do."""
    parts = [d.message, f"note: {d.note}" if d.note else "", f"help: {d.help}" if d.help else ""]
    return "\n".join(part for part in parts if part)


def states(projects: Projects) -> Mapping[str, tuple[Project, State]]:
    """What is found in each file of all projects, by the URI of the file."""
    found = ((project, name, state) for project in projects.all() for name, state in by_file(project).items())
    return {projects.uri(project, name): (project, state) for project, name, state in found}


def by_file(project: Project) -> Mapping[str, State]:
    """The findings of each file that has some, with the texts that they point into."""
    found: dict[str, list[Diagnostic]] = {}
    for diagnostic in project.check():
        found.setdefault(diagnostic.label.span.file, []).append(diagnostic)
    states = {name: (tuple(own), _texts(project, own), project.unread.get(name, "")) for name, own in found.items()}
    return states | {name: ((), (), why) for name, why in project.unread.items() if name not in states}


def _texts(project: Project, found: Iterable[Diagnostic]) -> tuple[Source | None, ...]:
    files = dict.fromkeys(span.file for d in found for span in _spans(d))
    return tuple(project.sources.get(file) for file in files)


def _spans(d: Diagnostic) -> Iterator[Span]:
    yield d.label.span
    yield from (label.span for label in d.others)
