"""Mail by SMTP: a few connections kept open, each with its own sender; one result per message."""

from __future__ import annotations

import asyncio
import os
import ssl
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..errors import InvalidInput
from .base import Message, Outcome, Result
from .smtp_talk import PATIENCE, Lost, Talk

Security = Literal["starttls", "tls", "none"]
_PORTS: Mapping[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
_HERE = ("localhost", "127.0.0.1", "::1")
_CONNECTING = 15.0  # seconds
_REST = 30.0  # seconds a server that could not be reached is left alone
_MAILS_EACH = 2  # at least, before another connection is opened: a slice is as small as a slow server makes it
_MOST_LOST = 3  # connections lost one after the other: then a sender gives up


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """`password` is None where its environment variable is not set: `variable` names it."""

    host: str
    port: int = 587
    security: Security = "starttls"
    user: str | None = None
    password: str | None = None
    variable: str | None = None
    senders: int = 4

    @classmethod
    def of(cls, channel: Mapping[str, object], environment: Mapping[str, str] = os.environ) -> SmtpSettings:
        """From `channels.email` of segue.yaml. Raises InvalidInput for a password that would go in the clear."""
        security: Security = channel.get("security") or "starttls"  # type: ignore[assignment]  # the reader knows it
        secret = channel.get("password")
        variable = str(secret["env"]) if isinstance(secret, Mapping) else None
        host, user = str(channel["host"]), channel.get("user")
        if user and security == "none" and host not in _HERE:
            raise InvalidInput(
                f"the password for {host} would go over the net in the clear", "write `security: starttls` or `tls`"
            )
        return cls(
            host, int(str(channel.get("port") or _PORTS[security])), security, str(user) if user else None,
            environment.get(variable) if variable else None, variable, int(str(channel.get("senders") or 4)),
        )  # fmt: skip


class SmtpChannel:
    """What is staged is in memory alone: after a crash nobody knows of what was on the way."""

    def __init__(self, settings: SmtpSettings, tls: ssl.SSLContext | None = None, patience: float = PATIENCE) -> None:
        self.settings, self.tls, self.patience = settings, tls, patience
        self._staged: dict[str, Message] = {}
        self._idle: list[Talk] = []
        self._runner = asyncio.Runner()
        self._rests_until, self._why = 0.0, ""

    def problems(self) -> list[str]:
        """What keeps mail from leaving, in words, as far as it shows without asking the server."""
        s = self.settings
        if s.user and s.variable and not s.password:
            return [f"the password of the mail server {s.host} is not set: mail waits until {s.variable} is"]
        return []

    def stage(self, messages: Sequence[Message]) -> None:
        self._staged.update((message.key, message) for message in messages)

    def publish(self, keys: Sequence[str]) -> Mapping[str, Result]:
        queue = deque(self._staged.pop(key) for key in keys if key in self._staged)
        if missing := self.problems():
            return {message.key: Result("later", missing[0]) for message in queue}
        if time.monotonic() < self._rests_until:
            return {message.key: Result("later", self._why) for message in queue}
        return self._runner.run(self._publish(queue)) if queue else {}

    def outcomes(self, keys: Iterable[str]) -> dict[str, Outcome]:
        """Of what was handed over nothing is known afterwards."""
        return {key: "staged" for key in keys if key in self._staged}

    def close(self) -> None:
        self._runner.run(self._hang_up())
        self._runner.close()

    async def _publish(self, queue: deque[Message]) -> dict[str, Result]:
        results: dict[str, Result] = {}
        senders = min(self.settings.senders, -(-len(queue) // _MAILS_EACH))
        said = await asyncio.gather(*(self._sender(queue, results) for _ in range(senders)))
        if queue:  # every sender has given up
            self._why = next(filter(None, said), "the mail server cannot be reached")
            self._rests_until = time.monotonic() + _REST
            results.update((message.key, Result("later", self._why)) for message in queue)
        return results

    async def _sender(self, queue: deque[Message], results: dict[str, Result]) -> str:
        """One connection at a time until the queue is empty; why it gave up, "" where it did not."""
        lost = 0
        why = ""
        while queue and lost < _MOST_LOST:
            try:
                talk = await self._connected()
            except (Lost, OSError) as problem:
                return str(problem)
            before = len(results)
            try:
                await talk.deliver(queue, results)
                self._idle.append(talk)
            except Lost as problem:
                talk.transport.close()
                why, lost = str(problem), lost + 1 if len(results) - before <= 2 else 1
        return why if queue else ""

    async def _connected(self) -> Talk:
        """One that was kept open, else a new one. Raises Lost in words."""
        while self._idle:
            talk = self._idle.pop()
            if await talk.alive():
                return talk
            talk.transport.close()
        return await self._connect()

    async def _connect(self) -> Talk:
        from aiosmtplib import SMTP
        from aiosmtplib.errors import SMTPAuthenticationError, SMTPException

        s = self.settings
        client = SMTP(
            hostname=s.host, port=s.port, username=s.user, password=s.password, timeout=_CONNECTING,
            use_tls=s.security == "tls", start_tls=s.security == "starttls", tls_context=self.tls,
        )  # fmt: skip
        try:
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except SMTPAuthenticationError as problem:
            words = f"the mail server {s.host} refuses the login of {s.user}: {problem.code} {problem.message}"
            raise Lost(words) from problem
        except (SMTPException, OSError, ssl.SSLError) as problem:
            raise Lost(f"no mail can be handed to {s.host}:{s.port}: {problem}") from problem
        transport = client.transport
        if not isinstance(transport, asyncio.Transport):
            raise Lost(f"the mail server {s.host} closed the connection")
        return Talk(transport, client.supports_extension("pipelining"), self.patience)

    async def _hang_up(self) -> None:
        while self._idle:
            await self._idle.pop().quit()
