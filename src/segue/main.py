"""The command line's one door: picks the verb, and turns whatever goes wrong into a sentence and an exit code.

0 done, 1 findings, 2 could not be done, 70 a bug of ours, 130 stopped by Ctrl-C, 143 by SIGTERM. stdout is data.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Any

from .verbs import VERBS, overview

OK, FINDINGS, FAILED, BUG, INTERRUPTED, TERMINATED, NO_READER = 0, 1, 2, 70, 130, 143, 141


class Terminated(KeyboardInterrupt):
    """SIGTERM: the same as Ctrl-C, but for the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _prepare_streams()
    before = _catch_sigterm()
    try:
        code = _verb(arguments)
        sys.stdout.flush()
        return code
    except Terminated:
        return _stopped(TERMINATED)
    except KeyboardInterrupt:
        return _stopped(INTERRUPTED)
    except BrokenPipeError:
        return _no_reader()
    except Exception as error:
        return _told(error, arguments)
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _verb(arguments: list[str]) -> int:
    first = arguments[0] if arguments else "--help"
    if first in ("--help", "-h", "help") and len(arguments) <= 1:
        print(overview())
        return OK
    if first == "help" and len(arguments) > 1:
        return _run(arguments[1], ["--help"]) if arguments[1] in VERBS else _unknown(arguments[1])
    if first == "--version":
        from . import __version__

        print(f"segue {__version__}")
        return OK
    if first not in VERBS:
        return _unknown(first)
    if first == "check" and not any(word.startswith("-") for word in arguments):
        from .checking import check_plainly

        return check_plainly(arguments[1:])
    return _run(first, arguments[1:])


def _run(verb: str, arguments: list[str]) -> int:
    gc.disable()  # a tenth of the time of `--help`, and nothing it could free
    app = parser(verb)
    if not {"--help", "-h"} & set(arguments):
        gc.enable()
    code = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    return code if isinstance(code, int) else OK


def parser(verb: str) -> Any:
    """What reads the arguments of a verb, and tells its help: a cyclopts App."""
    from importlib import import_module

    from cyclopts import App, Parameter

    from .help import Help

    module, words = VERBS[verb]
    app = App(
        name=f"segue {verb}",
        help_format="plaintext",
        help_formatter=Help(verb),
        version_flags=(),
        default_parameter=Parameter(negative="", show_default=lambda value: value),
        suppress_keyboard_interrupt=False,
    )
    found = import_module(f".verbs.{module}", __package__)
    if commands := getattr(found, "COMMANDS", None):  # of a verb with several: `segue ticket move`
        app.help = f"{words}."
        for name, command in commands.items():
            app.command(command, name=name)
    else:
        app.default(getattr(found, module))
    return app


def _told(error: Exception, arguments: Sequence[str]) -> int:
    from .failing import told  # only where something failed: it loads the error classes

    try:
        return told(error, arguments)
    except BrokenPipeError:  # `2>&1 | head`
        return _no_reader()


def _unknown(word: str) -> int:
    from dsl.diagnostics.suggest import closest

    guess = closest(word, VERBS)
    hint = f"did you mean `segue {guess}`?" if guess else "`segue --help` lists the verbs"
    from .output import say

    say(f"segue: there is no verb `{word}`\n  {hint}")
    return FAILED


def _stopped(code: int) -> int:
    print("\nsegue: stopped; nothing is lost", file=sys.stderr)
    return code


def _no_reader() -> int:
    """Whoever read our output is gone: what is left must not raise again at exit."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return NO_READER


def _prepare_streams() -> None:
    """A name in Japanese must not end a report on a terminal that cannot show it. A stream that was closed before we
    began goes nowhere; left alone, the first file that we open would get its number, and what is printed."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _catch_sigterm() -> Any:
    """The handler there was; None where signals are not ours (a thread)."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Terminated

    try:
        return signal.signal(signal.SIGTERM, stop)
    except ValueError:
        return None
