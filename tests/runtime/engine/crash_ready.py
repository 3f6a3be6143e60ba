"""What a process to be killed begins with, made once: the others are copies of the process that loaded this."""

from __future__ import annotations

from tests.runtime.engine import crash_child
from tests.runtime.engine.harness import compiled

compiled(crash_child.RULES)
crash_child.filled()
