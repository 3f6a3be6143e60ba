"""`segue tui`: the terminal app, in a terminal or in a browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ..options import AsUser, ProjectDir, root_of

Serve = Annotated[bool, Parameter(help="Serve the app to a browser instead of opening it here.")]
_PORTS = 65_535


def _some_address(_: object, value: str) -> None:
    if not value.strip():  # to the system that means every address
        raise ValueError("must be an address or a name")


def _some_port(_: object, value: int) -> None:
    if not 0 < value <= _PORTS:
        raise ValueError(f"must be 1 to {_PORTS}")


Host = Annotated[
    str,
    Parameter(help="With `--serve`: the address to listen on. Who reaches it acts as you do.", validator=_some_address),
]
Port = Annotated[int, Parameter(help="With `--serve`: the port to listen on.", validator=_some_port)]


def tui(
    *,
    as_user: AsUser = None,
    serve: Serve = False,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    project: ProjectDir = None,
) -> int:
    """Open the terminal app: what needs someone, sequences with their figures, people, segments; acts by key.

    For instance:
        segue tui --as mia
        segue tui --serve --port 8000
    """
    root = root_of(project)
    return _serve(root, as_user, host, port) if serve else _open(root, as_user)


def _open(root: Path, as_user: str | None) -> int:
    import sys

    from runtime.access.roles import at_the_machine
    from runtime.errors import InvalidInput
    from runtime.project.loading import load_settings, open_store
    from tui.app import run

    settings = load_settings(root)
    in_browser = "TEXTUAL_DRIVER" in os.environ  # set by the server whose child this is
    if not in_browser and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InvalidInput("the terminal app needs a terminal", "`segue report` and `segue enrollments` print the same")
    with open_store(settings) as store:
        run(store, settings.schema, settings.zone, as_user or at_the_machine(), settings.project.name, settings)
    return 0


def _serve(root: Path, as_user: str | None, host: str, port: int) -> int:
    """Each browser that comes gets an app of its own, a process of this program."""
    import shlex
    import sys

    from runtime.errors import InvalidInput
    from runtime.project.loading import load_settings, open_store

    from ..serving import AppServer

    settings = load_settings(root)
    open_store(settings).close()  # what is wrong with it is said here, not in a browser
    command = [sys.executable, "-m", "segue", "tui", "--project", str(root.absolute())]
    command += ["--as", as_user] if as_user else []
    server = AppServer(shlex.join(command), host, port, f"Segue · {settings.project.name}")
    try:
        server.try_to_listen()
        server.serve()
    except (OSError, UnicodeError) as error:  # UnicodeError: of a name that can be none
        reason = getattr(error, "strerror", None) or str(error)
        message = f"nothing can listen on {host}:{port}: {reason}"
        raise InvalidInput(message, "`--host` and `--port` take others") from error
    return 0
