"""Rule tests: `test` declarations run through the real engine, each on an empty store in memory and in virtual time."""

from .outcome import Failure, LogLine, Outcome, PersonLog
from .pool import run_tests
from .run import Runner

__all__ = ["Failure", "LogLine", "Outcome", "PersonLog", "Runner", "run_tests"]
