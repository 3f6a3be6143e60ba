"""A Postfix of its own on loopback, in a folder of its own: it takes every mail into its queue, on disk, and throws it
away. No mail can leave: every transport is `discard`. Needs Postfix installed, and root, as Postfix does."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAMS = Path("/usr/lib/postfix/sbin")
_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/mail.log
maillog_file_prefixes = {folder}
command_directory = /usr/sbin
daemon_directory = {programs}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = sink.example
mydestination =
alias_maps =
default_transport = discard
relay_transport = discard
local_transport = discard
virtual_transport = discard
"""
# name, type, private, unpriv, chroot, wakeup, at most, program
_SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def postfix() -> Iterator[int]:
    """Its port, while it runs."""
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    folder.chmod(0o755)
    try:
        port = _written(folder)
        _told(folder, "start")
        try:
            _wait_for(port)
            yield port
        finally:
            _told(folder, "stop")
    finally:
        shutil.rmtree(folder)


def _written(folder: Path) -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    for name in ("etc", "queue", "data", "log"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    (folder / "etc" / "main.cf").write_text(_MAIN.format(folder=folder, programs=_PROGRAMS))
    (folder / "etc" / "master.cf").write_text(_SERVICES.format(port=port))
    return port


def _told(folder: Path, what: str) -> None:
    done = subprocess.run(["postfix", "-c", str(folder / "etc"), what], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"postfix {what}: {done.stderr}")


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
                client.recv(100)
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
