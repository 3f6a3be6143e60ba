"""A mail server on loopback that takes everything and keeps nothing: as little work a mail as can be.

It answers each command in turn, knows PIPELINING, and gives all answers to what one read brought in one write.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager

_ANSWERS = {b"EHLO": b"250-lean\r\n250 PIPELINING\r\n", b"DATA": b"354 go\r\n", b"QUIT": b"221 bye\r\n"}
_GOOD = b"250 ok\r\n"
_END = b"\r\n.\r\n"


class _Talk(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.rest, self.in_text = transport, b"", False
        transport.write(b"220 lean\r\n")

    def data_received(self, data: bytes) -> None:
        data, answers, at = self.rest + data, [], 0
        while True:
            end = data.find(_END if self.in_text else b"\r\n", at)
            if end < 0:
                break
            if self.in_text:
                self.in_text, at = False, end + len(_END)
                answers.append(_GOOD)
                continue
            verb = data[at : at + 4].upper()
            answers.append(_ANSWERS.get(verb, _GOOD))
            self.in_text, at = verb == b"DATA", end + 2
        self.rest = data[at:]
        self.transport.write(b"".join(answers))


def _serve(listening: socket.socket) -> None:
    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(_Talk, sock=listening)
        await server.serve_forever()

    asyncio.run(forever())


@contextmanager
def lean_sink() -> Iterator[int]:
    """Its port; it runs in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = multiprocessing.get_context("fork").Process(target=_serve, args=(listening,), daemon=True)
        process.start()
        try:
            yield listening.getsockname()[1]
        finally:
            process.terminate()
            process.join()
