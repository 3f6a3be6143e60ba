"""`segue tui`: the terminal app, in a terminal or in a browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ..options import AsUser, ProjectDir, root_of

Serve = Annotated[bool, Parameter(help="Serve the app to a browser instead of opening it here.")]
Host = Annotated[str, Parameter(help="With `--serve`: the address to listen on. Who reaches it acts as you do.")]
Port = Annotated[int, Parameter(help="With `--serve`: the port to listen on.")]


def tui(
    *,
    as_user: AsUser = None,
    serve: Serve = False,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    project: ProjectDir = None,
) -> int:
    """Open the terminal app: what needs someone, sequences with their figures, people, segments; acts by key."""
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
    try:
        AppServer(shlex.join(command), host=host, port=port, title=f"Segue · {settings.project.name}").serve()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(f"nothing can listen on {host}:{port}: {reason}", "`--port` takes another one") from error
    return 0
