"""`segue deal`: deals in their pipelines."""

from __future__ import annotations

from ..pipelined import commands

COMMANDS = commands("deal")
