"""One SMTP connection: mail after mail, and what the server answers to each (RFC 5321, 2920).

aiosmtplib opens it, with TLS and login; from then on we talk ourselves. Where the server knows PIPELINING, the text
of one mail and the envelope of the next leave together: one round trip a mail.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from .base import SENT, Message, Result
from .bounces import bounce_of, congested

PATIENCE = 60.0  # seconds for an answer
_LOG_IN_FIRST = frozenset(
    (530, 534, 535, 538)
)  # RFC 4954, 3207: it wants a login, or TLS, and says nothing of the mail


@dataclass(frozen=True, slots=True)
class Reply:
    code: int
    words: str

    @property
    def good(self) -> bool:
        return 200 <= self.code < 400

    def __str__(self) -> str:
        return f"{self.code} {self.words}"[:300]


class Lost(Exception):  # noqa: N818 - it says what is the matter
    """The connection is gone, or the server does not answer. `answer`: what it had said of the message before."""

    def __init__(self, words: str, answer: Result | None = None) -> None:
        super().__init__(words)
        self.answer = answer


class Talk:
    def __init__(self, transport: asyncio.Transport, pipelining: bool, patience: float = PATIENCE) -> None:
        loop = asyncio.get_running_loop()
        self._reader = asyncio.StreamReader(limit=1 << 20, loop=loop)
        protocol = asyncio.StreamReaderProtocol(self._reader, loop=loop)
        transport.set_protocol(protocol)
        self._reader.set_transport(transport)
        self.transport, self.pipelining, self.patience = transport, pipelining, patience

    async def alive(self) -> bool:
        """Whether a connection kept open is still one."""
        try:
            self._write(b"NOOP\r\n")
            return (await self._reply()).good
        except Lost:
            return False

    async def deliver(self, queue: deque[Message], results: dict[str, Result]) -> None:
        """Take messages until none are left. Raises Lost once the connection is of no more use; each message taken
        has a result even then."""
        current = self._begun(queue)
        while current is not None:
            try:
                answer = await self._envelope(current)
            except Lost as lost:
                results[current.key] = lost.answer or Result("later", str(lost))
                raise
            if answer is not None:
                results[current.key] = answer
                if answer.state == "later" and answer.words.startswith("421"):
                    raise Lost(answer.words)
                current = self._begun(queue)
                continue
            current = await self._text(current, queue, results)

    async def _text(self, current: Message, queue: deque[Message], results: dict[str, Result]) -> Message | None:
        """Send the text; the message whose envelope has gone after it."""
        following = queue.popleft() if self.pipelining and queue else None
        try:
            self._write(_dotted(current.body) + (_envelope(following) if following is not None else b""))
            results[current.key] = _final(await self._reply())
        except Lost as lost:
            # The server may have it all, and only its answer is lost: nobody knows.
            results[current.key] = Result("unknown", f"{lost} after the text was sent", "no_answer")
            if following is not None:
                results[following.key] = Result("later", str(lost))
            raise
        return following if self.pipelining else self._begun(queue)

    def _begun(self, queue: deque[Message]) -> Message | None:
        """The next message, its envelope on the way."""
        if not queue:
            return None
        message = queue.popleft()
        if self.pipelining and not self.transport.is_closing():  # if it is, reading tells
            self.transport.write(_envelope(message))
        return message

    async def _envelope(self, message: Message) -> Result | None:
        """None where the text may follow, else why it may not: that stands, too, where the server hangs up after it."""
        replies: list[Reply] = []
        try:
            await self._asked(message, replies)
        except Lost as lost:
            answer = _refused(replies)
            raise Lost(answer.words, answer) if answer is not None else lost from lost
        return _refused(replies)

    async def _asked(self, message: Message, replies: list[Reply]) -> None:
        """Have its envelope answered; where it may not go, nothing of it is left behind."""
        for command in _commands(message):
            if not self.pipelining:
                self._write(command)
            replies.append(await self._reply())
            if not self.pipelining and not replies[-1].good:
                break
        if all(reply.good for reply in replies):
            return
        if len(replies) == 3 and replies[2].code == 354:  # it would take a text for nobody: give it none
            self._write(b".\r\n")
            await self._reply()
        self._write(b"RSET\r\n")
        await self._reply()

    async def quit(self) -> None:
        try:
            self._write(b"QUIT\r\n")
        except Lost:
            return
        finally:
            self.transport.close()

    def _write(self, data: bytes) -> None:
        if self.transport.is_closing():
            raise Lost("the mail server closed the connection")
        self.transport.write(data)

    async def _reply(self) -> Reply:
        words: list[str] = []
        try:
            async with asyncio.timeout(self.patience):
                while True:
                    line = await self._reader.readline()
                    if not line.endswith(b"\n") or not line[:3].isdigit():
                        raise Lost("the mail server closed the connection" if not line else "no SMTP was answered")
                    words.append(line[4:].decode("utf-8", "replace").strip())
                    if line[3:4] != b"-":
                        return Reply(int(line[:3]), " ".join(words))
        except TimeoutError:
            raise Lost(f"the mail server did not answer within {self.patience:g} seconds") from None
        except (OSError, ValueError) as problem:
            raise Lost(f"the connection to the mail server broke: {problem}") from problem


def _commands(message: Message) -> tuple[bytes, bytes, bytes]:
    return f"MAIL FROM:<{message.sender}>\r\n".encode(), f"RCPT TO:<{message.recipient}>\r\n".encode(), b"DATA\r\n"


def _envelope(message: Message) -> bytes:
    return f"MAIL FROM:<{message.sender}>\r\nRCPT TO:<{message.recipient}>\r\nDATA\r\n".encode()


def _dotted(body: bytes) -> bytes:
    """As it goes over the wire: lines end in CRLF, a dot that begins one is doubled, and a dot alone ends it all."""
    text = body.replace(b"\r\n", b"\n")
    if b"\n." in text or text.startswith(b"."):
        text = (b"\n" + text).replace(b"\n.", b"\n..")[1:]
    return text.replace(b"\n", b"\r\n") + (b".\r\n" if text.endswith(b"\n") else b"\r\n.\r\n")


def _refused(replies: list[Reply]) -> Result | None:
    """By the answers to MAIL, RCPT and DATA, as many as came."""
    for reply, at in zip(replies, ("MAIL", "RCPT", "DATA"), strict=False):
        if not reply.good:
            return _refusal(reply, at)
    return None


def _final(reply: Reply) -> Result:
    return SENT if 200 <= reply.code < 300 else _refusal(reply, "text")


def _refusal(reply: Reply, at: str) -> Result:
    """4xx: later, as where our settings lack the login, or the day's mails have gone. Other 5xx: never; of the address
    if it was that or the text, not if it was our own sender (L11)."""
    if reply.code < 500 or reply.code in _LOG_IN_FIRST or congested(reply.words):
        return Result("later", str(reply))
    if at == "MAIL":
        return Result("refused", str(reply), "sender_refused")
    kind = bounce_of(reply.code, reply.words, at == "RCPT")
    return Result("refused", str(reply), "bounce" if kind == "hard" else "soft_bounce", kind)
