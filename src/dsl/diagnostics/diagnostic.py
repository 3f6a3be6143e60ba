"""The one diagnostic type. Problems of the author are values, never exceptions."""

from __future__ import annotations

from enum import StrEnum

from ..source import Span
from ..values import dataclass


class Severity(StrEnum):
    ERROR = "error"  # would be wrong at run time
    WARNING = "warning"  # most likely not meant
    INFO = "info"


class FixKind(StrEnum):
    SAFE = "safe"  # applied by --fix
    UNSAFE = "unsafe"  # may change what the program does
    DISPLAY = "display"  # shown, never applied


@dataclass(frozen=True, slots=True)
class Edit:
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    kind: FixKind
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """What is said under the carets of one span."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. `code` is a stable name such as `unknown-property`; `message` says what is wrong,
    `label.text` is said under the carets, `help` alone says what to do, `note` why it matters."""

    code: str
    severity: Severity
    message: str
    label: Label
    others: tuple[Label, ...] = ()
    help: str = ""
    note: str = ""
    fix: Fix | None = None
