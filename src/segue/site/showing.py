"""A built site in a browser of this machine."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from runtime.errors import InvalidInput

from ..output import say


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads who asked for which page."""


def show(folder: Path, port: int) -> None:
    """Serve it on loopback until Ctrl-C. Raises InvalidInput where the port is taken."""
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Quiet, directory=str(folder)))
    except (OSError, OverflowError) as error:
        raise InvalidInput(f"port {port} cannot be used: {error}", "name another one: `--port N`") from error
    with server:
        say(f"http://127.0.0.1:{server.server_port}/ until Ctrl-C")
        server.serve_forever()
