"""What an editor may ask to be done, one file each: `COMMAND`, and `run(server, *arguments)`."""

from __future__ import annotations

from . import run_test

COMMANDS = (run_test,)
