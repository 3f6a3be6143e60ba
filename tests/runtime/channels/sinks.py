"""Mail servers on loopback that take mail, or misbehave as told."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

# Of an address: a line, `drop` to hang up, `LINE|drop` to hang up behind a line, or None for the usual line.
Answer = Callable[[str], str | None]


@dataclass
class Sink:
    """A minimal SMTP server, one thread a connection. `at_mail` answers by sender, `at_rcpt` and `at_text` by
    recipient."""

    pipelining: bool = True
    at_mail: Answer = lambda sender: None
    at_rcpt: Answer = lambda recipient: None
    at_text: Answer = lambda recipient: None
    tls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    mails: list[tuple[str, str, bytes]] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _sockets: list[socket.socket] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[Sink]:
        server = socket.create_server(("127.0.0.1", self.port))
        self.port = server.getsockname()[1]
        threading.Thread(target=self._accept, args=(server,), daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown(socket.SHUT_RDWR)
            server.close()
            self.hang_up()

    def hang_up(self) -> None:
        for one in self._sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self._sockets.clear()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                one, _ = server.accept()
            except OSError:
                return
            self.connections += 1
            self._sockets.append(one)
            threading.Thread(target=self._talk, args=(one,), daemon=True).start()

    def _talk(self, one: socket.socket) -> None:
        try:
            with one:
                _Talk(self, one).go_on()
        except OSError:
            return

    def hello(self) -> str:
        ways = ["sink"] + ["PIPELINING"] * self.pipelining + ["STARTTLS"] * (self.tls is not None)
        ways += ["AUTH PLAIN"] * (self.login is not None)
        return "\r\n".join(f"250{'-' if i < len(ways) - 1 else ' '}{way}" for i, way in enumerate(ways))

    def knows(self, rest: str) -> bool:
        _, user, password = base64.b64decode(rest.split()[-1]).decode().split("\0")
        return (user, password) == self.login

    def encrypted(self, one: socket.socket) -> socket.socket:
        assert self.tls is not None
        self._sockets.append(self.tls.wrap_socket(one, server_side=True))
        return self._sockets[-1]


class _Talk:
    """One connection: whether it may send, and from whom and for whom its next mail is."""

    def __init__(self, sink: Sink, one: socket.socket) -> None:
        self.sink, self.one, self.file = sink, one, one.makefile("rwb")
        self.known = sink.login is None
        self.sender = self.recipient = ""

    def go_on(self) -> None:
        self._say("220 sink")
        while line := self.file.readline():
            said, hangs_up, _ = self._answer(line[:4].upper(), line[4:].strip().decode()).partition("|drop")
            if said == "drop":
                return
            if said:
                self._say(said)
            if hangs_up:
                return

    def _say(self, line: str) -> None:
        self.file.write(f"{line}\r\n".encode())
        self.file.flush()

    def _answer(self, verb: bytes, rest: str) -> str:
        match verb:
            case b"EHLO" | b"HELO":
                return self.sink.hello()
            case b"STAR" if self.sink.tls is not None:
                self._say("220 go")
                self.one = self.sink.encrypted(self.one)
                self.file = self.one.makefile("rwb")
                return ""
            case b"AUTH":
                self.known = self.sink.knows(rest)
                return "235 in" if self.known else "535 5.7.8 no such user or password"
            case b"MAIL":
                return self._from(_address(rest))
            case b"RCPT":
                return self._to(_address(rest))
            case b"DATA":
                return self._taken()
            case b"RSET":
                self.sender = self.recipient = ""
                return "250 forgotten"
            case b"QUIT":
                return "drop"
        return "250 well"

    def _from(self, sender: str) -> str:
        if not self.known:
            return "530 5.7.0 log in first"
        self.sender = sender
        return "503 5.5.1 nested MAIL" if self.recipient else self.sink.at_mail(sender) or "250 sender"

    def _to(self, recipient: str) -> str:
        said = self.sink.at_rcpt(recipient) or "250 recipient"
        self.recipient = recipient if said.startswith("250") else ""
        return said

    def _taken(self) -> str:
        if not self.recipient:
            return "503 5.5.1 no recipient"
        self._say("354 go")
        mail = _text(self.file)
        if mail is None:
            return "drop"
        said = self.sink.at_text(self.recipient) or "250 taken"
        if said.startswith("250") or said == "drop":
            self.sink.mails.append((self.sender, self.recipient, mail))
        self.sender = self.recipient = ""
        return said


def _address(rest: str) -> str:
    return rest[rest.index("<") + 1 : rest.index(">")]


def _text(file: BinaryIO) -> bytes | None:
    """What stands behind DATA up to the lone dot; None where the line breaks off."""
    lines = []
    while (part := file.readline()) != b".\r\n":
        if not part:
            return None
        lines.append(part.removeprefix(b".") if part.startswith(b"..") else part)
    return b"".join(lines)
