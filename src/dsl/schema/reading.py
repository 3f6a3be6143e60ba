"""What every part of the reader needs: the document, the problems, the account's currency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..source import Span
from ..values import dataclass
from .names import Named, check_cases, check_name
from .problems import Problems
from .yaml_positions import Document


@dataclass(frozen=True, slots=True)
class Reading:
    document: Document
    problems: Problems
    currency: str = "USD"

    def key(self, *path: str | int) -> Span:
        return self.document.key(path)

    def at(self, *path: str | int) -> Span:
        return self.document.at(path)

    def names(
        self, written: Mapping[str, object], what: Named, *path: str | int, known: Iterable[tuple[str, Span]] = ()
    ) -> list[str]:
        """The keys at `path` that may be names of `what`; the others are told. `known` are there already."""
        good = [k for k in written if check_name(k, what, self.key(*path, k), self.problems)]
        check_cases([*known, *((k, self.key(*path, k)) for k in good)], what, self.problems)
        return good
