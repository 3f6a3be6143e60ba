"""What a process that is disturbed begins with, done once: all of the worker loaded, and the rules of the short form
compiled. The others are copies of the process that loaded this."""

from __future__ import annotations

from .child import program
from .rules import FEW

program(FEW)
