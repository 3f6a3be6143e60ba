"""The keys of segue.yaml."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from .shape import Entries, Shape

TopicKindName = Literal["marketing", "one_to_one", "transactional"]


class AccountShape(Shape):
    WHAT: ClassVar[str] = "the account"
    time_zone: str = "UTC"
    currency: str = "USD"
    calendar: str | None = None
    locale: str = "en"
    postal_address: str | None = None


class CalendarShape(Shape):
    WHAT: ClassVar[str] = "a calendar"
    SHORT: ClassVar[str | None] = "country"
    country: str | None = None
    subdivision: str | None = None
    working_days: Any = "mon-fri"  # `mon-fri` or `[mon, tue]`
    holidays: list[str] = Field(default_factory=list)
    workdays: list[str] = Field(default_factory=list)


class UserShape(Shape):
    WHAT: ClassVar[str] = "a user"
    name: str = ""
    email: str | None = None
    time_zone: str | None = None
    active: bool = True
    role: Literal["viewer", "rep", "operator", "admin"] | None = None


class FrequencyCapShape(Shape):
    WHAT: ClassVar[str] = "the frequency cap"
    at_most: int = Field(ge=1, description="add `at_most: 4`, how many mails a person gets")
    within: str = Field(description="add `within: 7 days`")
    over: Literal["all"] = "all"
    when_reached: Literal["defer", "skip"] = Field(
        description="add `when_reached: defer` (the mail waits) or `when_reached: skip` (it is not sent)"
    )
    except_: list[TopicKindName] = Field(default_factory=list, alias="except")


class LimitsShape(Shape):
    WHAT: ClassVar[str] = "limits"
    enroll_at_once: int = Field(500, ge=1)
    enrollments_per_record_per_hour: int = Field(10, ge=1)
    late: str = "24 hours"
    quiet_hours: str | None = None
    frequency_cap: FrequencyCapShape | None = None
    max_sequences: int | None = Field(None, ge=1)


class RateShape(Shape):
    WHAT: ClassVar[str] = "a limit of mails"
    per_minute: int | None = Field(None, ge=1)
    per_day: int | None = Field(None, ge=1)  # rolling: the last 24 hours (S17)


class RatesShape(Shape):
    WHAT: ClassVar[str] = "the limits of mails"
    mailbox: RateShape | None = None  # of each sender's address
    account: RateShape | None = None  # of all mail together
    provider: Entries[RateShape] = Field(default_factory=dict)  # by the domain of the recipient's address


class RetentionShape(Shape):
    WHAT: ClassVar[str] = "retention"
    events: str | None = None
    outbox: str | None = None


class MailShape(Shape):
    WHAT: ClassVar[str] = "the e-mail channel"
    kind: Literal["maildir", "smtp"] = Field(description="add `kind: maildir` or `kind: smtp`")
    address: str | None = None  # whose mailbox mail without a sender comes from
    domain: str | None = None  # of Message-IDs
    unsubscribe: str | None = None  # mailbox of List-Unsubscribe
    survey_url: str | None = None  # where a survey is answered: holds `{token}`, may hold `{survey}`
    form_url: str | None = None  # where a form is filled in: holds `{form}`
    limits: RatesShape | None = None
    path: str | None = None
    host: str | None = None
    port: int | None = Field(None, ge=1, le=65_535)
    security: Literal["starttls", "tls", "none"] | None = None
    user: str | None = None
    password: Any = None
    senders: int | None = Field(None, ge=1, le=64)  # connections at once


class SecretShape(Shape):
    WHAT: ClassVar[str] = "this address"
    env: str = Field(description="add `env: NAME`, the environment variable that holds the address")


class ChannelsShape(Shape):
    WHAT: ClassVar[str] = "channels"
    email: MailShape | None = None
    slack: Entries[SecretShape] = Field(default_factory=dict)
    webhook: Entries[SecretShape] = Field(default_factory=dict)


LevelName = Literal["info", "warning", "error"]


class FolderLintShape(Shape):
    WHAT: ClassVar[str] = "lint of a folder"
    select: list[str] = Field(default_factory=list)
    ignore: list[str] = Field(default_factory=list)
    levels: Entries[LevelName] = Field(default_factory=dict)


class LintShape(FolderLintShape):
    WHAT: ClassVar[str] = "lint"
    profile: Literal["none", "default", "strict"] = "default"
    per_folder: Entries[FolderLintShape] = Field(default_factory=dict)


class ProjectShape(Shape):
    WHAT: ClassVar[str] = "segue.yaml"
    name: str = ""
    account: AccountShape = AccountShape()
    store: str = "sqlite:///crm.db"
    consent: Literal["strict", "relaxed"] = "strict"
    calendars: Entries[CalendarShape] = Field(default_factory=dict)
    users: Entries[UserShape] = Field(default_factory=dict)
    teams: Entries[list[str]] = Field(default_factory=dict)
    channels: ChannelsShape = ChannelsShape()
    limits: LimitsShape = LimitsShape()
    defaults: Entries[Any] = Field(default_factory=dict)
    lint: LintShape = LintShape()
    retention: RetentionShape = RetentionShape()
