"""Mails: the MIME skeleton of a template compiled once per version, filled per recipient (performance E).

The body is text/plain and text/html of the same Markdown. Lines end in LF, as a Maildir keeps them; a channel that
speaks SMTP writes CRLF. Both parts are quoted-printable, or base64 where most of the text is not ASCII.
"""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape

from dsl.program.blocks import Merge, Text
from dsl.program.definitions import Template
from dsl.schema.model import TopicKind

from ..errors import InvalidInput
from ..store.names import given_name
from . import headers
from .markdown import compile_body
from .templates import Renderer, Row
from .wording import words

_URL = re.compile(r"https://[!#-;=?-~]*\{key\}[!#-;=?-~]*")
_MOSTLY = 0.8  # share of ASCII letters above which quoted-printable is the shorter encoding, and readable


@dataclass(frozen=True, slots=True)
class MailSettings:
    """What the project says about mail. `unsubscribe_mailbox` takes `unsubscribe+KEY`; without one the sender's own
    address does. `unsubscribe_url` holds `{key}` and answers as RFC 8058 asks (L1)."""

    domain: str | None = None  # of Message-IDs; without one the sender's
    postal_address: str | None = None
    unsubscribe_mailbox: str | None = None
    unsubscribe_url: str | None = None
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if self.unsubscribe_url is not None and not _URL.fullmatch(self.unsubscribe_url):
            raise InvalidInput("`unsubscribe_url` must be an https address that holds `{key}`")
        if self.unsubscribe_mailbox is not None:
            headers.check_address(self.unsubscribe_mailbox)
        if self.domain is not None:
            headers.check_address(f"key@{self.domain}")

    @classmethod
    def of(cls, channel: Mapping[str, object], postal_address: str | None, zone: str) -> MailSettings:
        """From `channels.email` of segue.yaml: domain, unsubscribe (an address), unsubscribe_url."""

        def text(name: str) -> str | None:
            value = channel.get(name)
            return str(value) if value else None

        return cls(text("domain"), postal_address, text("unsubscribe"), text("unsubscribe_url"), zone)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person. `subject` and `body` are rows for the template's merge fields; `links.unsubscribe`,
    `sender.name`, `sender.first_name`, `sender.email` and `account.postal_address` are filled in here where they are
    None. `references`: Message-IDs of the thread, the oldest first; `thread_subject`: the subject of its first mail
    (S24, S25)."""

    key: str
    at: int
    sender_name: str
    sender_address: str
    to_name: str
    to_address: str
    subject: Row = ()
    body: Row = ()
    references: tuple[str, ...] = ()
    thread_subject: str | None = None


class MailTemplate:
    """One version of a template, ready to compose. `automatic`: workflow mail says Auto-Submitted. Marketing mail has
    List-Unsubscribe, the postal address and a line to unsubscribe; `unsubscribe` gives other mail the same (L5)."""

    def __init__(
        self,
        template: Template,
        renderer: Renderer,
        settings: MailSettings,
        kind: TopicKind,
        automatic: bool = False,
        unsubscribe: bool | None = None,
    ) -> None:
        self.subject, self.body = template.subject, template.body
        self.renderer, self.settings, self.automatic = renderer, settings, automatic
        self.marketing = kind is TopicKind.MARKETING
        self.unsubscribe = self.marketing if unsubscribe is None else unsubscribe
        self._language = renderer.formats.locale
        self._own_in_subject, self._own_in_body = _built_in(self.subject), _built_in(self.body)
        self._says_how = any(name == "links.unsubscribe" for _, name in self._own_in_body)
        self.html, self.text = compile_body(self.body)
        self._frame = _Frame.of(self)

    def compose(self, letter: Letter, subject: str | None = None) -> bytes:
        """The whole message, under its own subject unless it has been asked for already. Raises BlankValue (if the
        renderer is strict) and BadAddress; then nobody is mailed."""
        link = self._unsubscribe_link(letter)
        values = self.renderer.values(self.body, self._filled(letter.body, self._own_in_body, letter, link))
        text = self.text.fill(values) + self._text_footer(link)
        html = self.html.fill(values) + self._html_footer(link)
        first = self.subject_of(letter) if subject is None else subject
        return self._frame.put(self._headers(letter, link, first), text, html)

    def subject_of(self, letter: Letter) -> str:
        """One line; `Re: ` and the thread's subject inside a thread, never two of them."""
        if letter.thread_subject is not None:
            first = headers.one_line(letter.thread_subject)
            return first if first[:3].casefold() == "re:" else f"Re: {first}"
        row = self._filled(letter.subject, self._own_in_subject, letter, "")
        return self.renderer.line(self.subject, [row])[0]

    def _filled(self, row: Row, own: tuple[tuple[int, str], ...], letter: Letter, link: str) -> Row:
        """The row with what we know ourselves in the places that the caller left None."""
        if not own:
            return row
        known = {
            "links.unsubscribe": link,
            "sender.name": letter.sender_name,
            "sender.first_name": given_name(letter.sender_name),
            "sender.email": letter.sender_address,
            "account.postal_address": self.settings.postal_address,
        }
        filled = list(row)
        for place, name in own:
            filled[place] = known.get(name) if filled[place] is None else filled[place]
        return filled

    def _headers(self, letter: Letter, link: str, subject: str) -> str:
        domain = self.settings.domain or headers.domain_of(letter.sender_address)
        lines = [
            f"From: {headers.encode_mailbox(letter.sender_name, letter.sender_address)}",
            f"To: {headers.encode_mailbox(letter.to_name, letter.to_address)}",
            f"Subject: {headers.encode_text(subject, len('Subject: '))}",
            f"Date: {headers.date_header(letter.at, self.settings.zone)}",
            f"Message-ID: {headers.message_id(letter.key, domain)}",
        ]
        if letter.references:
            known = [headers.check_message_id(r) for r in letter.references]
            lines += [f"In-Reply-To: {known[-1]}", "References: " + "\n ".join(known[:1] + known[1:][-20:])]
        if self.unsubscribe:
            lines += self._list_headers(letter, link)
        if self.automatic:
            lines.append("Auto-Submitted: auto-generated")
        return "\n".join(lines)

    def _list_headers(self, letter: Letter, link: str) -> list[str]:
        mail = f"<mailto:{self._unsubscribe_mailbox(letter)}?subject=unsubscribe>"
        if self.settings.unsubscribe_url:
            return [f"List-Unsubscribe: <{link}>,\n {mail}", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
        return [f"List-Unsubscribe: {mail}"]

    def _unsubscribe_mailbox(self, letter: Letter) -> str:
        own = self.settings.unsubscribe_mailbox
        return headers.unsubscribe_address(own or letter.sender_address, letter.key, own is not None)

    def _unsubscribe_link(self, letter: Letter) -> str:
        if self.settings.unsubscribe_url:
            return self.settings.unsubscribe_url.replace("{key}", headers.checked_key(letter.key))
        return f"mailto:{self._unsubscribe_mailbox(letter)}?subject=unsubscribe"

    def _text_footer(self, link: str) -> str:
        lines = self._address_lines()
        if self.unsubscribe and not self._says_how:
            lines.append(f"{words(self._language).unsubscribe}: {link}")
        return "\n-- \n" + "\n".join(lines) + "\n" if lines else ""

    def _html_footer(self, link: str) -> str:
        lines = [escape(line) for line in self._address_lines()]
        if self.unsubscribe and not self._says_how:
            lines.append(f'<a href="{escape(link)}">{words(self._language).unsubscribe}</a>')
        return '<hr>\n<p style="font-size: small">' + "<br>\n".join(lines) + "</p>\n" if lines else ""

    def _address_lines(self) -> list[str]:
        return (self.settings.postal_address or "").strip().splitlines() if self.marketing else []


@dataclass(frozen=True, slots=True)
class _Frame:
    """All of a message that is the same for everybody."""

    encode: Callable[[bytes], bytes]
    opening: str  # from MIME-Version to the text
    between: bytes
    html_opening: str
    closing: bytes

    @classmethod
    def of(cls, template: MailTemplate) -> _Frame:
        mostly_ascii = min(template.html.ascii_share, template.text.ascii_share) >= _MOSTLY
        name, encode = ("quoted-printable", _quoted_printable) if mostly_ascii else ("base64", _base64)
        mark = sha256("".join(template.html.literals).encode()).hexdigest()[:24]
        boundary = f"=_segue_{mark}"  # `=_` stands in no quoted-printable or base64 text
        part = f"--{boundary}\nContent-Type: text/{{}}; charset=utf-8\nContent-Transfer-Encoding: {name}\n\n"
        opening = f'\nMIME-Version: 1.0\nContent-Type: multipart/alternative;\n boundary="{boundary}"\n\n'
        language = escape(template.renderer.formats.locale.replace("_", "-"))
        html = f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"></head>\n<body>\n'
        between = "\n" + part.format("html")
        return cls(encode, opening + part.format("plain"), between.encode(), html, f"\n--{boundary}--\n".encode())

    def put(self, header: str, text: str, html: str) -> bytes:
        plain = self.encode(text.encode("utf-8", "replace"))
        rich = self.encode(f"{self.html_opening}{html}</body>\n</html>\n".encode("utf-8", "replace"))
        return b"".join(((header + self.opening).encode("ascii"), plain, self.between, rich, self.closing))


def _quoted_printable(body: bytes) -> bytes:
    return b2a_qp(body, istext=True)


def _base64(body: bytes) -> bytes:
    return b"".join(b2a_base64(body[i : i + 57]) for i in range(0, len(body), 57))


def _built_in(text: Text) -> tuple[tuple[int, str], ...]:
    """(place among the merge fields, name) of the built-in ones, such as `links.unsubscribe`."""
    merges = [part for part in text.parts if isinstance(part, Merge)]
    return tuple((i, m.builtin) for i, m in enumerate(merges) if m.value is None)
