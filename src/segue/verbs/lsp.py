"""`segue lsp`: the language server."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

Stdio = Annotated[bool, Parameter(help="There is no other way; editors say it all the same.")]


def lsp(*, stdio: Stdio = True) -> int:
    """Answer an editor on stdin and stdout, by the Language Server Protocol: it is the editor that starts this."""
    from lsp.server import make_server

    from .. import __version__

    make_server(__version__).start_io()
    return 0
