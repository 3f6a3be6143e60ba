"""The keys a map may have (docs/import.md). Meaning is checked in `map.py`, done by `cells.py` and `parts.py`."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from dsl.schema.shape import Entries, Shape

KINDS = ("record", "event", "link", "user", "consent", "segment")


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Words = Annotated[list[str], BeforeValidator(_listed)]
Scalar = object


class ValueShape(Shape):
    """Where a value comes from (one of the first five) and what is done with it."""

    WHAT: ClassVar[str] = "a value"
    SHORT: ClassVar[str | None] = "column"
    column: str | None = None
    template: str | None = None
    constant: Scalar = None
    first_of: list[ValueShape] | None = None
    lookup: str | None = None
    record: str | None = None
    value: ValueShape | None = None
    case: Literal["lower", "upper", "title", "slug"] | None = None
    choices: Entries[Any] = Field(default_factory=dict)
    split: str | None = None
    default: Scalar = None
    true: list[str] | None = None
    false: list[str] | None = None
    format: Words | None = None
    time: str | None = None
    zone: ZoneShape | None = None
    decimal: Literal[",", "."] | None = None
    scale: float | None = None
    rate: float | None = None
    currency: str | None = None
    rates: Entries[float] = Field(default_factory=dict)
    minor: bool = False
    check: Literal["email", "zone", "none"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare_word(cls, value: object) -> object:
        return {"column": value} if isinstance(value, str) else value

    @property
    def sources(self) -> list[str]:
        given = self.model_fields_set
        return [name for name in ("column", "template", "constant", "first_of", "lookup") if name in given]


class ZoneShape(ValueShape):
    """A zone: a bare word is the zone itself."""

    WHAT: ClassVar[str] = "a zone"
    SHORT: ClassVar[str | None] = "constant"

    @model_validator(mode="before")
    @classmethod
    def _bare_word(cls, value: object) -> object:
        return {"constant": value} if isinstance(value, str) else value


class RefShape(Shape):
    """Which record is meant: by its id at a source, or by a look-up."""

    WHAT: ClassVar[str] = "a reference to a record"
    SHORT: ClassVar[str | None] = "id"
    record: str | None = None
    id: ValueShape | None = None
    source: str | None = None
    lookup: str | None = None
    value: ValueShape | None = None
    missing: Literal["reject", "skip"] = "reject"

    @model_validator(mode="before")
    @classmethod
    def _bare_word(cls, value: object) -> object:
        return {"id": value} if isinstance(value, str) else value


class WhenShape(Shape):
    WHAT: ClassVar[str] = "`when`"
    column: str = Field(description="add `column: ..`, what is looked at")
    equals: Scalar = None
    in_: list[Any] | None = Field(default=None, alias="in")
    not_in: list[Any] | None = None
    empty: bool | None = None
    not_empty: bool | None = None


class EntryShape(Shape):
    """One entry of `rows`: exactly one of KINDS, and what belongs to it."""

    WHAT: ClassVar[str] = "an entry of `rows`"
    record: str | None = None
    event: str | None = None
    link: str | None = None
    user: ValueShape | None = None
    consent: str | None = None
    segment: str | None = None
    when: list[WhenShape] = Field(default_factory=list)
    id: ValueShape | None = None
    at: ValueShape | None = None
    set: Entries[ValueShape] = Field(default_factory=dict)
    links: Entries[list[RefShape]] = Field(default_factory=dict)
    of: RefShape | None = None
    to: RefShape | None = None
    unlink: bool = False
    class_: ValueShape | None = Field(default=None, alias="class")
    mail: ValueShape | None = None
    label: ValueShape | None = None
    email: ValueShape | None = None
    time_zone: ValueShape | None = None
    state: ValueShape | None = None
    basis: ValueShape | None = None
    words: ValueShape | None = None
    remove: bool = False

    @property
    def kinds(self) -> list[str]:
        return [name for name in KINDS if name in self.model_fields_set]


class FormatShape(Shape):
    WHAT: ClassVar[str] = "`format`"
    delimiter: str = ","
    columns: list[str] | None = None
    header: bool | None = None
    encoding: str = "utf-8"
    zone: str | None = None
    empty: list[str] = Field(default_factory=lambda: [""])


class MapShape(Shape):
    WHAT: ClassVar[str] = "a map"
    source: str = ""
    format: FormatShape = FormatShape()
    rows: list[EntryShape] = Field(default_factory=list)


def plain_text(value: object) -> str:
    """A constant of the map as a cell would hold it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
