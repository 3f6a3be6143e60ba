"""Templates and letters for the tests of channels, and how a mail reader sees what was composed."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage

from dsl.program.blocks import Merge, Text
from dsl.program.conditions import Field
from dsl.program.definitions import Template
from dsl.schema.model import Kind, TopicKind, Type
from runtime.channels.mime import Letter, MailSettings, MailTemplate
from runtime.channels.templates import Renderer
from runtime.channels.values import Formats

UNSUBSCRIBE = Merge("{{ links.unsubscribe }}", "links", None, "links.unsubscribe")
LETTER = Letter("e12-3", 1_772_409_600_000_000, "Tanaka Taro", "tanaka@unicorn.example", "Ann", "ann@example.com")


def merge(
    name: str = "x",
    kind: Kind = Kind.TEXT,
    default: str | None = None,
    *filters: tuple[str, tuple[str | int | float, ...]],
    currency: str | None = None,
) -> Merge:
    field = Field((), "contact", name, Type(kind, currency=currency))
    return Merge(f"{{{{ contact.{name} }}}}", "contact", field, default=default, filters=filters)


def text(*parts: str | Merge) -> Text:
    return Text(parts)


def template(body: Text, subject: Text | None = None) -> Template:
    return Template("t", "T", "news", subject or text("Hello"), body)


def mail(
    body: Text,
    subject: Text | None = None,
    settings: MailSettings | None = None,
    kind: TopicKind = TopicKind.ONE_TO_ONE,
    locale: str = "en",
    **options: bool,
) -> MailTemplate:
    renderer = Renderer(Formats(locale, "Asia/Tokyo", "JPY"), strict=True)
    return MailTemplate(template(body, subject), renderer, settings or MailSettings(), kind, **options)


def read(message: bytes) -> EmailMessage:
    return email.message_from_bytes(message, policy=email.policy.default)


def half(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def letter(**changes: object) -> Letter:
    return replace(LETTER, **changes)
