"""Composing: a claimed row becomes the message that leaves, or the reason why none does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dsl.program.codec import digest
from dsl.schema.model import TopicKind

from ...channels.base import Message
from ...channels.headers import check_address
from ...channels.links import SurveyLinks
from ...channels.mime import Letter, MailSettings, MailTemplate
from ...channels.templates import Renderer
from ...channels.values import Formats
from ...errors import BadAddress, BlankValue
from ...store.invitations import Asked
from ..rules import Rules
from .asking import Asking, Places, places
from .outgoing import Call, Mail

# Message-IDs of an enrollment's earlier mails and the first one's subject (S24, S25).
Thread = tuple[tuple[str, ...], str | None]
_ALONE: Thread = ((), None)
_Ready = tuple[MailTemplate, str, Places, Places]  # with its hash, and the links to surveys in subject and body


@dataclass(frozen=True, slots=True)
class Composed:
    """`refused` is a reason, and then there is no message; `hash` is the template's, or the words of the refusal.
    `asked`: the invitations to surveys that it carries."""

    message: Message | None = None
    subject: str | None = None
    refused: str | None = None
    hash: str | None = None
    asked: tuple[Asked, ...] = ()


class Composing:
    """`store_id` makes keys unique in the world."""

    def __init__(self, rules: Rules, store_id: str) -> None:
        self.rules, self.store_id = rules, store_id[:12]
        self._links = SurveyLinks.of(rules.program.project.channels.get("email", {}))
        self._templates: dict[tuple[str, bool], _Ready] = {}

    def key(self, row: Mail | Call) -> str:
        """(enrollment, ordinal of the step taken), unique in the world by the store's own id."""
        return f"{self.store_id}.{row.bucket}.{row.enrollment}.{row.ordinal}"

    def call(self, row: Call) -> Composed:
        """A webhook or Slack message: its body was made where its step was taken."""
        return Composed(Message(self.key(row), row.payload.encode(), kind=row.kind, name=row.name))

    def mail(self, row: Mail, threads: Mapping[tuple[int, int, int], Thread], now: int) -> Composed:
        """One bad row is set aside, the batch goes on."""
        if not row.address:
            return Composed(refused="no_address")
        if row.sender_address is None:
            return Composed(refused="no_sender")
        template, hash_, in_subject, in_body = self._template(row.template, row.of != "sequence")
        references, first = threads.get((row.bucket, row.enrollment, row.ordinal), _ALONE) if row.threading else _ALONE
        key = self.key(row)
        asking = Asking(self._links, row, key)
        letter = Letter(
            key, now, row.sender_name or "", row.sender_address, row.name, row.address,
            asking.filled(in_subject, row.subject), asking.filled(in_body, row.body), references, first,
        )  # fmt: skip
        try:
            subject = template.subject_of(letter)
            body = template.compose(letter, subject)
            recipient, sender = check_address(row.address), check_address(row.sender_address)
        except (BlankValue, BadAddress) as problem:
            code = "blank_value" if isinstance(problem, BlankValue) else "bad_address"
            return Composed(refused=code, hash=problem.message)
        return Composed(Message(letter.key, body, sender, recipient), subject, hash=hash_, asked=asking.asked)

    def message_id(self, key: str, sender_address: str) -> str:
        domain = self.rules.program.project.channels.get("email", {}).get("domain")
        return f"<{key}@{domain or sender_address.rpartition('@')[2]}>"

    def _template(self, name: str, automatic: bool) -> _Ready:
        """Templates are read live at each use; the log keeps the hash of what was sent (X26)."""
        if (name, automatic) not in self._templates:
            program, template = self.rules.program, self.rules.program.templates[name]
            topic = program.schema.topics[template.topic]
            project = program.project
            settings = MailSettings.of(
                project.channels.get("email", {}), project.account.postal_address, project.account.time_zone
            )
            renderer = Renderer(Formats.of(project), program.schema, strict=True)
            one_to_one = topic.kind is not TopicKind.TRANSACTIONAL
            composed = MailTemplate(template, renderer, settings, topic.kind, automatic, unsubscribe=one_to_one)
            self._templates[(name, automatic)] = (
                composed,
                digest(template),
                places(template.subject),
                places(template.body),
            )
        return self._templates[(name, automatic)]
