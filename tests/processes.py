"""The processes that tests kill: copies of one that has loaded and compiled what they begin with. There is a single one
in a run of the tests, started at the first."""

from __future__ import annotations

import multiprocessing

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["pytest", "tests.crash.ready", "tests.runtime.engine.crash_ready"])
