"""What the reader of arguments could not read, in our words: what is wrong, and what may stand there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
    ValidationError,
)

from dsl.diagnostics.suggest import closest, did_you_mean

_NUMBERS = {int: "a whole number", float: "a number"}


def misread(error: CycloptsError, arguments: Sequence[str]) -> tuple[str, str]:
    """The message and the hint."""
    typed = " ".join(("segue", arguments[0], *(error.command_chain or ())))
    message, hint = _told(error, typed)
    return message, hint or f"see `{typed} --help`"


def _told(error: CycloptsError, typed: str) -> tuple[str, str]:
    match error:
        case UnknownCommandError():
            commands = [name for name in error.app or () if not name.startswith("-")]
            word = (error.unused_tokens or [""])[0]
            return f"`{typed}` knows no `{word}`", did_you_mean(word, commands)
        case UnusedCliTokensError():
            spare = ", ".join(f"`{word}`" for word in error.unused_tokens or ())
            return f"{spare}: `{typed}` takes no more", ""
        case UnknownOptionError():
            return _unknown(error, typed)
        case MissingArgumentError() if error.argument is not None:
            return _missing(error, error.argument.name)
        case RepeatArgumentError():
            return f"`{error.token.keyword}` is given twice", ""
        case CoercionError() if error.token is not None:
            return _no_value(error, error.token.value, _name(error))
        case ValidationError():
            return f"`{_name(error)}` {error.exception_message}", ""
    return str(error), ""


def _name(error: CycloptsError) -> str:
    """How the option was written (`-k`), else what help calls it."""
    tokens = error.argument.tokens if error.argument is not None else []
    written = next((token.keyword for token in tokens if token.keyword), None)
    return written or (error.argument.name if error.argument is not None else "")


def _unknown(error: UnknownOptionError, typed: str) -> tuple[str, str]:
    word = error.token.keyword or error.token.value
    names = [name for argument in error.argument_collection if argument.parse for name in argument.names]
    if word in names:
        return f"`{word}` stands behind `--`, where no options are read", "write it before the `--`"
    guess = closest(word.lstrip("-"), (name[2:] for name in names if name.startswith("--")))
    return f"`{typed}` has no option `{word}`", f"did you mean `--{guess}`?" if guess else ""


def _missing(error: MissingArgumentError, name: str) -> tuple[str, str]:
    if not name.startswith("-"):
        return f"{name} is missing", ""
    if error.keyword is None:
        return f"`{name}` is missing", ""
    wanted = error.argument.token_count()[0] if error.argument is not None else 1
    return (
        f"`{error.keyword}` takes {'a value' if wanted == 1 else f'{wanted} values'}: too little stands behind it",
        "",
    )


def _no_value(error: CoercionError, value: str, name: str) -> tuple[str, str]:
    if error.target_type is bool:
        return f"`{name}` takes no value, and `{value}` is given", ""
    if choices := [str(choice) for choice in get_args(error.target_type)]:
        return f"`{name}` cannot be `{value}`", did_you_mean(value, choices)
    wanted = _NUMBERS.get(error.target_type) if error.target_type is not None else None
    return f"`{name}` cannot be `{value}`", f"write {wanted}" if wanted else ""
