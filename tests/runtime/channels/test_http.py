"""Webhooks and Slack over HTTP: later, never, or nobody knows (architecture, "The engine" 4)."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from runtime.channels.base import SENT, Message, Result
from runtime.channels.http import HttpChannel, retry_after
from runtime.channels.maildir import MaildirChannel
from runtime.channels.memory import MemoryChannel
from runtime.channels.switchboard import Switchboard

SECOND = 1_000_000


class Server(ThreadingHTTPServer):
    """Answers with `code` and `headers`; `broken`: reads the call and closes the line."""

    code = 200
    headers: dict[str, str] = {}  # noqa: RUF012 - each test sets its own
    broken = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[tuple[str, str, bytes]] = []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((self.path, self.headers["Idempotency-Key"], body))
        if self.server.broken:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(self.server.code)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def channel_to(server: Server, patience: float = 5) -> HttpChannel:
    url = f"http://127.0.0.1:{server.server_address[1]}"
    return HttpChannel(
        {("webhook", "erp"): "ERP", ("slack", "team"): "TEAM", ("slack", "none"): "NONE"},
        {"ERP": f"{url}/erp?token=s3cret", "TEAM": f"{url}/team"},
        patience,
    )


def send(channel: HttpChannel, kind: str = "webhook", name: str = "erp", key: str = "k") -> Result:
    channel.stage([Message(key, b'{"a":1}', kind=kind, name=name)])
    return channel.publish([key])[key]


def test_a_call_carries_its_key(server: Server) -> None:
    channel = channel_to(server)
    assert send(channel, key="s.1.2.3") == SENT
    assert server.calls == [("/erp?token=s3cret", "s.1.2.3", b'{"a":1}')]
    channel.close()


@pytest.mark.parametrize(
    ("code", "state"),
    [(204, "sent"), (301, "refused"), (400, "refused"), (404, "refused"), (410, "refused"), (408, "later"),
     (429, "later"), (500, "later"), (503, "later")],
)  # fmt: skip
def test_what_an_answer_means(server: Server, code: int, state: str) -> None:
    server.code, server.headers = code, {"Retry-After": "120"}
    channel = channel_to(server)
    result = send(channel)
    assert result.state == state
    assert result.after == (120 * SECOND if state == "later" else 0)
    assert "s3cret" not in result.words
    channel.close()


def test_retry_after_as_a_date_and_as_nonsense() -> None:
    assert 50 * SECOND < retry_after(formatdate(time.time() + 60, usegmt=True)) <= 60 * SECOND
    assert [retry_after(text) for text in ("", "soon", "-5", formatdate(0))] == [0, 0, 0, 0]
    assert retry_after("99999999") == retry_after("9" * 5000) == 24 * 3600 * SECOND
    assert [retry_after(text) for text in ("\u00b2", "Wed, 21 Oct 2015 07:28:00 +99999999999999")] == [0, 0]


@pytest.mark.parametrize("kind", ["webhook", "slack"])
def test_an_answer_without_an_end_is_left_when_its_code_is_known(kind: str) -> None:
    """Whatever it says further on, what it says at first is the answer."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        threading.Thread(target=_endless, args=(listener,), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        channel = HttpChannel({(kind, "erp"): "ERP"}, {"ERP": url})
        assert send(channel, kind) == SENT
        channel.close()


def _endless(listener: socket.socket) -> None:
    line, _ = listener.accept()
    with line, contextlib.suppress(OSError):
        line.recv(1 << 16)
        line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(1 << 14):
            line.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")  # a gigabyte in all


@pytest.mark.parametrize(("kind", "state"), [("webhook", "later"), ("slack", "unknown")])
def test_an_answer_whose_headers_never_end_holds_nobody_up(kind: str, state: str) -> None:
    """Each piece comes in time, and the whole would come at last: a worker has no time for it."""
    hung_up = threading.Event()

    def trickle() -> None:
        caller, _ = listening.accept()
        with caller, contextlib.suppress(OSError):
            caller.sendall(b"HTTP/1.1 200 OK\r\n")
            for _ in range(200):
                caller.sendall(b"X-More: y\r\n")
                if hung_up.wait(0.05):
                    return
            caller.sendall(b"Content-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        talking = threading.Thread(target=trickle)
        talking.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        channel = HttpChannel({(kind, "slow"): "SLOW"}, {"SLOW": url}, patience=0.3)
        result = send(channel, kind, "slow")
        assert (result.state, "gave no answer" in result.words) == (state, True)
        hung_up.set()
        talking.join()
        channel.close()


@pytest.mark.parametrize("url", ["ftp://x.example", "http://x.example:99999/", "http://[::1", "http://x.example:0/"])
def test_an_address_that_is_none_is_named(url: str) -> None:
    channel = HttpChannel({("webhook", "erp"): "ERP"}, {"ERP": url})
    [words] = channel.problems()
    assert "ERP is no http address" in words
    assert send(channel) == Result("later", words)
    channel.close()


def test_a_line_that_breaks_after_the_call(server: Server) -> None:
    """It may have arrived: a webhook knows a second call by its key, Slack does not."""
    server.broken = True
    channel = channel_to(server)
    assert send(channel).state == "later"
    assert send(channel, "slack", "team").state == "unknown"
    channel.close()


def test_a_server_that_is_silent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        channel = HttpChannel({("slack", "team"): "TEAM"}, {"TEAM": url}, patience=0.2)
        assert send(channel, "slack", "team").state == "unknown"
        channel.close()


@pytest.mark.parametrize("kind", ["webhook", "slack"])
def test_an_address_that_does_not_answer_does_not_hold_up_the_others(server: Server, kind: str) -> None:
    """Each call may take as long as we are patient: after three in a row it is left alone. What goes elsewhere goes."""
    server.broken = True
    channel = channel_to(server)
    channel.variables[("webhook", "up")] = "UP"
    up = Server()
    threading.Thread(target=up.serve_forever, daemon=True).start()
    channel._urls[("webhook", "up")] = f"http://127.0.0.1:{up.server_address[1]}"
    name = {"webhook": "erp", "slack": "team"}[kind]
    messages = [Message(f"k{i}", b"{}", kind=kind, name=name) for i in range(40)]
    channel.stage([*messages, Message("up", b"{}", kind="webhook", name="up")])
    results = channel.publish([*(m.key for m in messages), "up"])
    called = len(server.calls)
    assert 3 <= called <= 6, "three, and what was under way beside them"
    lost = [results[key] for _, key, _ in server.calls]
    assert {r.state for r in lost} == {"later" if kind == "webhook" else "unknown"}
    waiting = [r for key, r in results.items() if key not in {key for _, key, _ in server.calls} | {"up"}]
    assert {(r.state, r.words) for r in waiting} <= {("later", r.words) for r in lost}
    assert results["up"] == SENT
    channel.close()
    up.shutdown()
    up.server_close()


def test_a_server_that_is_down(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/s3cret"
    channel = HttpChannel({("slack", "team"): "TEAM"}, {"TEAM": url})
    assert send(channel, "slack", "team") == Result("later", "slack `team` cannot be reached")
    channel.close()


def test_an_address_that_is_not_set_is_named_and_what_goes_there_waits(server: Server) -> None:
    channel = channel_to(server)
    words = "slack `none`: the environment variable NONE is not set; what goes there waits"
    assert channel.problems() == [words]
    assert send(channel, "slack", "none") == Result("later", words)
    assert send(channel, "slack", "gone").state == "later"
    assert server.calls == []
    channel.close()


def test_many_calls_at_once(server: Server) -> None:
    channel = channel_to(server)
    keys = [f"k{i}" for i in range(40)]
    channel.stage([Message(key, b"{}", kind="webhook", name="erp") for key in keys])
    assert channel.publish(keys) == dict.fromkeys(keys, SENT)
    assert sorted(key for _, key, _ in server.calls) == sorted(keys)
    channel.close()


def test_mail_goes_one_way_and_calls_the_other(tmp_path: object) -> None:
    mail, calls = MaildirChannel(str(tmp_path)), MemoryChannel()
    board = Switchboard(mail, calls)
    board.stage([Message("m", b"x"), Message("c", b"{}", kind="webhook", name="erp")])
    assert board.outcomes(["m", "c", "x"]) == {"m": "staged", "c": "staged"}
    assert board.publish(["m", "c"]) == {"m": SENT, "c": SENT}
    assert list(calls.messages) == ["c"]
    assert mail.outcomes(["m", "c"]) == {"m": "sent"}
