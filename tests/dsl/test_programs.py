"""The made-up programs are what other tests take them for: right in syntax, and of every form there is."""

from dataclasses import fields, is_dataclass

from dsl.source import Source
from dsl.syntax import nodes, parse

from .programs import made

# `Mixed` and `Bad` stand for mistakes; comments are no part of the tree.
_NEVER = {"Bad", "Mixed", "Comment"}


def test_they_have_no_mistake() -> None:
    for seed in range(200):
        assert parse(Source("made.segue", made(seed))).diagnostics == (), seed


def test_every_kind_of_node_is_made() -> None:
    kinds = {name for name in nodes.__all__ if isinstance(getattr(nodes, name), type)}
    seen: set[str] = set()
    for seed in range(600):
        _note(parse(Source("made.segue", made(seed))).tree, seen)
    assert kinds - seen == _NEVER


def _note(part: object, seen: set[str]) -> None:
    if isinstance(part, tuple):
        for one in part:
            _note(one, seen)
    elif is_dataclass(part):
        seen.add(type(part).__name__)
        for field in fields(part):
            _note(getattr(part, field.name), seen)
