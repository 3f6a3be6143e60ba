"""`segue deal`: deals in their pipelines."""

from __future__ import annotations

from ..pipelined import PipelinedCommands

COMMANDS = PipelinedCommands("deal").by_name
