"""The keys of schema.yaml."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from .shape import Entries, Shape

_TYPE_HELP = "add `type: text`, or number, money, percent, bool, date, datetime, duration, choice, multi_choice, user"


class PropertyShape(Shape):
    WHAT: ClassVar[str] = "a property"
    SHORT: ClassVar[str | None] = "type"
    type: str = Field(description=_TYPE_HELP)
    label: str = ""
    options: list[str] | None = None
    currency: str | None = None
    to: str | None = None
    default: object = None
    min: float | None = None
    max: float | None = None
    required: bool | None = None
    was: str | None = None


class AssociationShape(Shape):
    WHAT: ClassVar[str] = "an association"
    SHORT: ClassVar[str | None] = "to"
    to: str = Field(description="add `to: company`, the object it leads to")
    many: bool = False
    inverse: str | None = None
    required: Literal["warning", "error"] | None = None


class ObjectShape(Shape):
    WHAT: ClassVar[str] = "an object"
    label: str = ""
    key: str | None = None
    was: str | None = None
    properties: Entries[PropertyShape] = Field(default_factory=dict)
    associations: Entries[AssociationShape] = Field(default_factory=dict)


class FieldShape(Shape):
    WHAT: ClassVar[str] = "a field of an event"
    SHORT: ClassVar[str | None] = "type"
    type: str = Field(description=_TYPE_HELP)
    options: list[str] | None = None
    currency: str | None = None
    to: str | None = None
    required: bool = True


class WebhookShape(Shape):
    WHAT: ClassVar[str] = "a webhook"
    SHORT: ClassVar[str | None] = "key"
    key: str = Field(description="add `key: email`, the property that finds the record")


class EventShape(Shape):
    WHAT: ClassVar[str] = "an event"
    of: str | None = None
    label: str = ""
    act: bool | None = None
    fields_: Entries[FieldShape] = Field(default_factory=dict, alias="fields")
    webhook: WebhookShape | None = None


class StageShape(Shape):
    WHAT: ClassVar[str] = "a stage"
    name: str = Field(description="add `name: ..`")
    label: str = ""
    closed: bool = False
    won: bool = False
    needs: list[str] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _bare_name(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str | int | float) else value


class RulesShape(Shape):
    WHAT: ClassVar[str] = "the rules of a pipeline"
    create_in: list[str] = Field(default_factory=list)
    skip: bool = True
    back: bool = True


class PipelineShape(Shape):
    WHAT: ClassVar[str] = "a pipeline"
    label: str = ""
    stages: list[StageShape] = Field(min_length=1, description="add `stages: [first, second]`")
    rules: RulesShape = RulesShape()


class TopicShape(Shape):
    WHAT: ClassVar[str] = "a topic"
    SHORT: ClassVar[str | None] = "kind"
    kind: Literal["marketing", "one_to_one", "transactional"] = Field(
        description="add `kind: marketing`, or one_to_one or transactional: consent depends on it"
    )
    label: str = ""


class LinkTagShape(Shape):
    WHAT: ClassVar[str] = "a link tag"
    SHORT: ClassVar[str | None] = "type"
    type: str = Field(description=_TYPE_HELP)
    options: list[str] | None = None


class SchemaShape(Shape):
    WHAT: ClassVar[str] = "schema.yaml"
    extends: Literal["standard"] | None = None
    objects: Entries[ObjectShape] = Field(default_factory=dict)
    events: Entries[EventShape] = Field(default_factory=dict)
    pipelines: Entries[Entries[PipelineShape]] = Field(default_factory=dict)
    topics: Entries[TopicShape] = Field(default_factory=dict)
    link_tags: Entries[LinkTagShape] = Field(default_factory=dict)
