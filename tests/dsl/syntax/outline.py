"""Nodes as short text without spans: what the golden files hold."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from dsl.source import Span
from dsl.syntax import nodes as n


def outline(tree: n.File) -> str:
    return "\n".join(line for d in tree.declarations for line in _lines(d, ""))


def _lines(value: object, indent: str) -> list[str]:
    """One line for what fits on one, else a line for the node and one for each part that is not empty."""
    short = indent + brief(value)
    if len(short) <= 110 or not (is_dataclass(value) or isinstance(value, tuple)):
        return [short]
    if isinstance(value, tuple):
        return [line for part in value for line in _lines(part, indent)]
    found = [indent + type(value).__name__]
    for name, part in _parts(value):
        inner = _lines(part, indent + "    ")
        found += [f"{indent}  {name}: {inner[0].strip()}"] if len(inner) == 1 else [f"{indent}  {name}:", *inner]
    return found


def brief(value: object) -> str:
    match value:
        case n.Name(text=text) | n.Path(text=text):
            return text
        case n.Text():
            return repr(value.value)
        case n.Number(value=v):
            return str(v)
        case n.Boolean(value=v):
            return str(v).lower()
        case n.Duration(n=amount, unit=unit):
            return f"{amount} {unit}"
        case tuple():
            return f"[{', '.join(map(brief, value))}]"
        case _ if is_dataclass(value):
            return f"{type(value).__name__}({', '.join(f'{k}={brief(v)}' for k, v in _parts(value))})"
        case _:
            return str(value)


def _parts(value: object) -> list[tuple[str, object]]:
    """Fields that say something: no spans, nothing absent; a span that tells that a word is there reads `yes`."""
    assert is_dataclass(value)
    named = [(f.name, getattr(value, f.name)) for f in fields(value) if f.name not in _PLACES]
    return [(k, "yes" if isinstance(v, Span) else v) for k, v in named if v not in (None, (), "", False)]


_PLACES = {"span", "op_span", "name_span", "keyword", "operators"}
