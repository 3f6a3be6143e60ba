"""Where the checker writes down what it finds, and how it quotes what the author wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from ..diagnostics.diagnostic import Diagnostic, Edit, Fix, FixKind, Label, Severity
from ..source import Source, Span
from ..values import dataclass

if TYPE_CHECKING:
    from .placed import Placed
    from .sound import Sound


@dataclass(frozen=True, slots=True)
class Reference:
    """A place where something is named: the raw material of "unused", of "go to definition" and of renaming.

    `kind` and `name`: a declaration (`segment`, `leads`), or `object` contact, `property` contact.plan, `option`
    contact.plan=trial, `association` contact.company, `event` purchased, `field` purchased.amount, `topic`, `calendar`,
    `user`, `team`, `channel`, `pipeline` ticket.inquiries, `stage` ticket.inquiries.new."""

    kind: str
    name: str
    span: Span


@dataclass(slots=True)
class Findings:
    """Collects the problems of one run over all files, and what names what. Only grows."""

    sources: Mapping[str, Source]
    found: list[Diagnostic] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    conditions: list[Placed] = field(default_factory=list)  # every whole condition that is sound
    sound: list[Sound] = field(default_factory=list)  # the declarations without an error, for the linter

    def refer(self, kind: str, name: str, span: Span) -> None:
        """Notes that what stands at `span` was resolved to that name."""
        self.references.append(Reference(kind, name, span))

    def error(
        self,
        code: str,
        span: Span,
        message: str,
        under: str = "",
        *,
        help: str = "",
        note: str = "",
        others: Sequence[Label] = (),
        fix: Fix | None = None,
    ) -> None:
        """Something that would be wrong at run time; `under` is said below the carets."""
        label = Label(span, under)
        self.found.append(Diagnostic(code, Severity.ERROR, message, label, tuple(others), help, note, fix))

    def warning(
        self,
        code: str,
        span: Span,
        message: str,
        under: str = "",
        *,
        help: str = "",
        note: str = "",
        others: Sequence[Label] = (),
        fix: Fix | None = None,
    ) -> None:
        """Something most likely not meant."""
        label = Label(span, under)
        self.found.append(Diagnostic(code, Severity.WARNING, message, label, tuple(others), help, note, fix))

    def info(self, code: str, span: Span, message: str, under: str = "", *, help: str = "") -> None:
        """Something worth knowing that stops nothing."""
        self.found.append(Diagnostic(code, Severity.INFO, message, Label(span, under), (), help))

    def mark(self) -> int:
        """How many problems there are now, to compare with later."""
        return len(self.found)

    def take_back(self, code: str, mark: int) -> None:
        """Nothing was said with this code after `mark`."""
        self.found[mark:] = [d for d in self.found[mark:] if d.code != code]

    def errors_since(self, mark: int) -> bool:
        """Whether an error was found after `mark`."""
        return any(d.severity is Severity.ERROR for d in self.found[mark:])

    def text(self, span: Span) -> str:
        """What the author wrote there, on one line, quoted in backticks."""
        return f"`{self.raw(span)}`"

    def raw(self, span: Span) -> str:
        """What the author wrote there, white space collapsed."""
        source = self.sources.get(span.file)
        return " ".join(source.text[span.start : span.end].split()) if source else ""


def replace(span: Span, text: str, kind: FixKind = FixKind.SAFE) -> Fix:
    """The fix that writes `text` over `span`."""
    return Fix(kind, (Edit(span, text),))


def insert_after(span: Span, text: str, kind: FixKind = FixKind.UNSAFE) -> Fix:
    """The fix that writes `text` behind `span`."""
    return Fix(kind, (Edit(Span(span.file, span.end, span.end), text),))


def listing(names: Iterable[str], limit: int = 12, last: str = "and") -> str:
    """`a`, `b` and `c`, in the order given; long lists end in a count."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) > limit:
        return f"{', '.join(quoted[:limit])} and {len(quoted) - limit} more"
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def choices(names: Iterable[str], limit: int = 12) -> str:
    """`a`, `b` or `c`."""
    return listing(names, limit, "or")
