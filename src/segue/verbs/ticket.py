"""`segue ticket`: tickets in their pipelines."""

from __future__ import annotations

from ..pipelined import PipelinedCommands

COMMANDS = PipelinedCommands("ticket").by_name
