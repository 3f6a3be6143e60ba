"""`segue tui --serve`: the app in a browser, on loopback, and for no other site's page."""

from __future__ import annotations

import asyncio
import shlex
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer

from dsl.schema import standard_schema
from runtime.errors import InvalidInput
from runtime.store.store import Store
from segue.serving import AppServer
from segue.verbs.tui import tui

from .conftest import Segue


@asynccontextmanager
async def _served(command: str = "true", host: str = "127.0.0.1") -> AsyncIterator[TestClient]:
    app = await AppServer(command, host, 8000, "Segue · <Shop>")._make_app()
    async with TestClient(TestServer(app)) as client:
        yield client


def test_the_page_asks_nobody_else_for_anything() -> None:
    async def page() -> str:
        async with _served() as client:
            return await (await client.get("/")).text()

    text = asyncio.run(page())
    assert "https://" not in text and "http://" not in text
    assert "Segue · &lt;Shop&gt;" in text and "/ws" in text


@pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Host": "elsewhere.example"}])
def test_another_sites_page_is_refused(headers: dict[str, str]) -> None:
    async def refused() -> None:
        async with _served() as client:
            with pytest.raises(WSServerHandshakeError, match="403"):
                await client.ws_connect("/ws", headers=headers)

    asyncio.run(refused())


@pytest.mark.parametrize(
    ("host", "asked_as", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8000", 200),
        ("127.0.0.1", "LOCALHOST:8000", 200),
        ("::1", "[::1]:8000", 200),
        ("127.0.0.1", "192.0.2.7:8000", 403),
        ("0.0.0.0", "192.0.2.7:8000", 200),
        ("0.0.0.0", "[2001:db8::7]:8000", 200),
        ("crm.office.example", "crm.office.example", 200),
        ("0.0.0.0", "rebound.elsewhere.example:8000", 403),
    ],
)
def test_a_foreign_name_that_leads_here_is_refused(host: str, asked_as: str, status: int) -> None:
    """Its page would come from the same name, so that `Origin` tells nothing."""

    async def asked() -> int:
        async with _served(host=host) as client:
            return (await client.get("/", headers={"Host": asked_as})).status

    assert asyncio.run(asked()) == status


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--port", "65536"), "must be 1 to 65535"),
        (("--port", "0"), "must be 1 to 65535"),
        (("--port=-1",), "must be 1 to 65535"),
        (("--host", ""), "must be an address or a name"),
        (("--host", f"{'x' * 80}.example", "--port", "18831"), "nothing can listen on xxx"),
    ],
)
def test_where_nothing_can_listen_is_told_before_anybody_is_sent_there(
    segue: Segue, arguments: tuple[str, ...], words: str
) -> None:
    segue("init")
    segue("migrate")
    told = segue("tui", "--serve", *arguments)
    assert told.code == 2 and words in told.err and " is on http" not in told.out


def test_a_browser_gets_the_app(tmp_path: Path) -> None:
    (tmp_path / "segue.yaml").write_text("name: Shop\n")
    Store.create(f"sqlite:///{tmp_path / 'crm.db'}", standard_schema()).close()
    command = shlex.join([sys.executable, "-m", "segue", "tui", "--project", str(tmp_path)])

    async def drawn() -> bytes:
        found = b""
        async with _served(command) as client, client.ws_connect("/ws?width=100&height=30") as browser:
            async for message in browser:
                if message.type is WSMsgType.BINARY:
                    found += message.data
                if b"Nothing needs anybody" in found:
                    await browser.send_json(["stdin", "q"])  # the app ends, and with it what the server sends
        return found

    assert b"Home" in asyncio.run(asyncio.wait_for(drawn(), 120))


def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "segue.yaml").write_text("name: Shop\n")
    Store.create(f"sqlite:///{tmp_path / 'crm.db'}", standard_schema()).close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InvalidInput, match=r"nothing can listen on 127\.0\.0\.1"):
            tui(serve=True, port=taken.getsockname()[1], project=tmp_path)
