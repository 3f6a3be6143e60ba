"""`segue docs`: the documentation as a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ..output import remark


def docs(
    *,
    out: Annotated[Path, Parameter(help="The folder the site is written to; an older site there is replaced.")] = Path(
        "site"
    ),
    serve: Annotated[bool, Parameter(help="Show it in a browser, on this machine alone, until Ctrl-C.")] = False,
    port: Annotated[int, Parameter(help="Of `--serve`.")] = 8001,
) -> int:
    """Build the documentation as a static site: `index.html` in its folder opens without a server.

    The reference and the cookbook in it are made anew from the code and the rule library. Needs a clone of Segue: an
    installed package brings no documentation. Nothing is fetched, neither while it is built nor by its pages.

    For instance:
        segue docs --serve
    """
    from ..site import build
    from ..site.showing import show

    pages = build(out)
    remark(f"{pages} pages in {out}")
    if serve:
        show(out, port)
    return 0
