"""The terminal app in a browser: textual-serve with a page of our own, which asks nobody else for anything, and a door
that no other site's page comes through."""

from __future__ import annotations

import html
import socket
from ipaddress import ip_address
from string import Template
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
# The script looks for `textual-terminal` and puts the class `-first-byte` or `-closed` on the body.
_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>$title</title>
    <link rel="stylesheet" href="/static/css/xterm.css">
    <script src="/static/js/textual.js"></script>
    <style>
      body { background: #16191c; color: #d8d6cf; font-family: monospace; margin: 0; }
      .closed { display: none; padding: 2em; }
      body.-closed .closed { display: block; }
      body.-closed .textual-terminal { display: none; }
    </style>
  </head>
  <body>
    <p class="closed">The app has ended. <a href="/" style="color: inherit">Open it again</a></p>
    <div id="terminal" class="textual-terminal" data-session-websocket-url="ws://$host/ws" data-font-size="16"></div>
  </body>
</html>
""")


class AppServer(Server):
    """`command` is started anew for each browser that comes."""

    def __init__(self, command: str, host: str, port: int, title: str) -> None:
        named = f"[{host}]" if ":" in host else host
        super().__init__(command, host=host, port=port, title=title, public_url=f"http://{named}:{port}")

    def try_to_listen(self) -> None:
        """Raises OSError where nothing can listen there, before anybody is told that something does."""
        for family, kind, _, _, address in socket.getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.socket(family, kind) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)

    async def on_startup(self, app: web.Application) -> None:
        print(f"{self.title} is on {self.public_url}; Ctrl+C ends it", flush=True)

    async def handle_index(self, request: web.Request) -> web.Response:
        page = _PAGE.substitute(title=html.escape(self.title), host=html.escape(self._asked_as(request)))
        return web.Response(text=page, content_type="text/html")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A browser says from which site's page it asks: another site could act in this user's name."""
        asked_as, origin = self._asked_as(request), request.headers.get("Origin", "")
        if origin and urlsplit(origin).netloc != asked_as:
            raise web.HTTPForbidden(text="only the app's own page may open it")
        return await super().handle_websocket(request)

    def _asked_as(self, request: web.Request) -> str:
        """The name it was asked under. A foreign name may be made to lead here: then another site's page could ask in
        its own name. So it is loopback's, an address, the name that it listens on or the machine's own."""
        name = urlsplit(f"//{request.host}").hostname or ""
        others = self.host not in _LOOPBACK and (name in (self.host, socket.gethostname().lower()) or _is_address(name))
        if name not in _LOOPBACK and not others:
            raise web.HTTPForbidden(text=f"this is {self.public_url}")
        return request.host


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
