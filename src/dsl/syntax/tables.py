"""The parse tables that Lark makes of the grammar, as plain lists and dicts: kept in a file, they load without Lark."""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = 1  # of the file: raise it when `Tables` changes


Parts = tuple[tuple[int, bool] | None, ...]


class Shape(NamedTuple):
    """One way to write a rule. `parts` says what becomes of its symbols: `None` for an option left out, else the index
    of the symbol and whether its own parts take its place."""

    rule: str
    size: int
    parts: Parts


class Tables(NamedTuple):
    """`states`: for each state what to do at each terminal, and where to go with each rule read. A number of 0 or more
    is a state to go to, -1 - n says that shape n is complete. `terminals`: name, `str` or `re`, pattern."""

    states: list[dict[str, int]]
    shapes: list[Shape]
    terminals: list[tuple[str, str, str]]
    start: int
    end: int


def tables(grammar: str, kept: Path | None) -> Tables:
    """The tables of the grammar, from the file `kept` if it holds them, else made and written there."""
    mark = blake2b(f"{FORMAT} {sys.hexversion} {grammar}".encode(), digest_size=16).digest()
    found = _read(kept, mark) if kept is not None else None
    if found is None:
        found = _made(grammar)
        if kept is not None:
            _write(kept, mark, found)
    return found


def _read(path: Path, mark: bytes) -> Tables | None:
    try:
        content = path.read_bytes()
        if content[:16] != mark or blake2b(content[32:], digest_size=16).digest() != content[16:32]:
            return None
        states, shapes, terminals, start, end = marshal.loads(content[32:])
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return Tables(states, [Shape(*shape) for shape in shapes], terminals, start, end)


def _write(path: Path, mark: bytes, made: Tables) -> None:
    """In one step, so that a run at the same time never reads half a file."""
    plain = (made.states, [tuple(shape) for shape in made.shapes], made.terminals, made.start, made.end)
    content = marshal.dumps(plain)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        draft.write_bytes(mark + blake2b(content, digest_size=16).digest() + content)
        draft.replace(path)


def _made(grammar: str) -> Tables:
    from lark import Lark

    lark = Lark(grammar, parser="lalr", lexer="basic", start="file")
    conf: Any = lark.parse_interactive().parser_state.parse_conf
    rules: dict[Any, int] = {}
    numbers = {state: i for i, state in enumerate(conf.states)}
    states: list[dict[str, int]] = []
    for actions in conf.states.values():
        taken = {}
        for name, (action, target) in actions.items():
            if action.name == "Shift":
                taken[sys.intern(str(name))] = numbers[target]
            else:
                taken[sys.intern(str(name))] = -1 - rules.setdefault(target, len(rules))
        states.append(taken)
    terminals = [(str(t.name), str(t.pattern.type), str(t.pattern.value)) for t in lark.terminals]
    start, end = numbers[conf.start_state], numbers[conf.end_state]
    return Tables(states, [_shape(rule) for rule in rules], terminals, start, end)


def _shape(rule: Any) -> Shape:
    """Which options are left out, Lark says by a mark before each symbol and one after the last."""
    parts: list[tuple[int, bool] | None] = []
    symbols = enumerate(rule.expansion)
    for left_out in rule.options.empty_indices or [False] * len(rule.expansion):
        if left_out:
            parts.append(None)
        else:
            index, symbol = next(symbols)
            parts.append((index, not symbol.is_term and symbol.name.startswith("_")))
    return Shape(str(rule.alias or rule.origin.name), len(rule.expansion), tuple(parts))
