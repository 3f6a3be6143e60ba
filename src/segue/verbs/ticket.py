"""`segue ticket`: tickets in their pipelines."""

from __future__ import annotations

from ..pipelined import commands

COMMANDS = commands("ticket")
