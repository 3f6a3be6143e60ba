"""`segue lsp`: the language server."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

Stdio = Annotated[bool, Parameter(help="There is no other way; editors say it all the same.", show_default=False)]


def lsp(*, stdio: Stdio = True) -> int:
    """Answer an editor on stdin and stdout, by the Language Server Protocol: it is the editor that starts this.

    For instance:
        segue lsp
    """
    import os
    import sys

    from lsp.server import make_server

    from .. import __version__

    # The editor reads nothing but the protocol there: whatever else is printed goes to stderr.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as to_editor:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        make_server(__version__).start_io(sys.stdin.buffer, to_editor)
    return 0
