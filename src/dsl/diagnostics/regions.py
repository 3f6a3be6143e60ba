"""Where a problem is, as other programs want it told: a path from the repository's root, and four numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from posixpath import normpath

from ..source import Source, Span
from ..values import dataclass
from .diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class Region:
    """Lines and columns count from 1, in characters; `end_column` is one past the last."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Places:
    """`sources` by the name diagnostics have for them; `prefix`: the project's folder as from the repository's root."""

    sources: Mapping[str, Source]
    prefix: str = ""

    def path(self, file: str) -> str:
        return normpath(f"{self.prefix}/{file}" if self.prefix and not file.startswith("/") else file or ".")

    def region(self, span: Span) -> Region:
        """The first character of the file where it was not read."""
        source = self.sources.get(span.file)
        if source is None:
            return Region(self.path(span.file), 1, 1, 1, 1)
        return Region(self.path(span.file), *source.position(span.start), *source.position(max(span.end, span.start)))


def fingerprints(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> list[str]:
    """One for each, in the same order: 32 hex digits that stay the same when lines move or are indented anew.

    Made of the code, the file, the words of the line, and which one it is among equal ones."""
    seen: dict[tuple[str, str, str], int] = {}
    made = []
    for diagnostic in diagnostics:
        span = diagnostic.label.span
        key = (diagnostic.code, span.file, _line(span, sources))
        seen[key] = seen.get(key, -1) + 1
        made.append(blake2b("\0".join((*key, str(seen[key]))).encode("utf-8", "replace"), digest_size=16).hexdigest())
    return made


def _line(span: Span, sources: Mapping[str, Source]) -> str:
    source = sources.get(span.file)
    return " ".join(source.line(source.position(span.start)[0]).split()) if source else ""
