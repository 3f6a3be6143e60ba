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

Answer = Callable[[str], str | None]  # of a recipient: a line, `drop`, or None for the usual one


@dataclass
class Sink:
    """A minimal SMTP server, one thread a connection. `at_rcpt` and `at_text` answer by recipient; `silent` recipients
    get no answer to their text."""

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
                self._served(one)
        except OSError:
            return

    def _hello(self) -> str:
        ways = ["sink"] + ["PIPELINING"] * self.pipelining + ["STARTTLS"] * (self.tls is not None)
        ways += ["AUTH PLAIN"] * (self.login is not None)
        return "\r\n".join(f"250{'-' if i < len(ways) - 1 else ' '}{way}" for i, way in enumerate(ways))

    def _knows(self, rest: str) -> bool:
        _, user, password = base64.b64decode(rest.split()[-1]).decode().split("\0")
        return (user, password) == self.login

    def _served(self, one: socket.socket) -> None:
        one.sendall(b"220 sink\r\n")
        file = one.makefile("rwb")
        sender = recipient = None
        known = self.login is None
        while line := file.readline():
            verb, rest = line[:4].upper(), line[4:].strip().decode()
            said: str | None
            if verb in (b"EHLO", b"HELO"):
                said = self._hello()
            elif verb == b"STAR" and self.tls is not None:
                file.write(b"220 go\r\n")
                file.flush()
                one = self.tls.wrap_socket(one, server_side=True)
                self._sockets.append(one)
                file = one.makefile("rwb")
                continue
            elif verb == b"AUTH":
                known = self._knows(rest)
                said = "235 in" if known else "535 5.7.8 no such user or password"
            elif verb == b"MAIL" and not known:
                said = "530 5.7.0 log in first"
            elif verb == b"MAIL":
                sender = rest[rest.index("<") + 1 : rest.index(">")]
                said = "503 5.5.1 nested MAIL" if recipient else self.at_mail(sender) or "250 sender"
            elif verb == b"RCPT":
                wanted = rest[rest.index("<") + 1 : rest.index(">")]
                said = self.at_rcpt(wanted) or "250 recipient"
                recipient = wanted if said.startswith("250") else None
            elif verb == b"DATA" and recipient is None:
                said = "503 5.5.1 no recipient"
            elif verb == b"DATA":
                file.write(b"354 go\r\n")
                file.flush()
                if (mail := _text(file)) is None:
                    return
                said = self.at_text(recipient) or "250 taken"
                if said.startswith("250") or said == "drop":
                    self.mails.append((sender or "", recipient, mail))
                sender = recipient = None
            elif verb == b"RSET":
                sender = recipient = None
                said = "250 forgotten"
            elif verb == b"QUIT":
                return
            else:
                said = "250 well"
            if said == "drop":
                return
            file.write(f"{said}\r\n".encode())
            file.flush()


def _text(file: BinaryIO) -> bytes | None:
    """What stands behind DATA up to the lone dot; None where the line breaks off."""
    lines = []
    while (part := file.readline()) != b".\r\n":
        if not part:
            return None
        lines.append(part.removeprefix(b".") if part.startswith(b"..") else part)
    return b"".join(lines)
