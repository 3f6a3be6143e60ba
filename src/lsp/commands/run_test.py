"""`segue.runTest`: the line "run test" above a test was clicked."""

from __future__ import annotations

import asyncio
from typing import Any

from lsprotocol import types

from ..server import SegueServer
from ..trying import play, ready

COMMAND = "segue.runTest"


async def run(ls: SegueServer, uri: str, title: str) -> dict[str, Any]:
    """Says in the editor what came of it, with the log of a failure in the log; what is given back is for programs."""
    found = ls.source(uri)
    given = ready(found[0], found[1].name, title) if found else "this file is not one of Segue's"
    if isinstance(given, str):
        ls.tell(f"not run: {given}", types.MessageType.Warning)
        return {"passed": False, "message": given}
    played = await asyncio.get_running_loop().run_in_executor(None, play, given)
    for line in played.lines:
        ls.log(line)
    ls.tell(played.summary, types.MessageType.Info if played.passed else types.MessageType.Error)
    return {"passed": played.passed, "message": played.summary, "lines": list(played.lines)}
