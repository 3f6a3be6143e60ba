"""What the names of segue.yaml and of comments mean: a rule, an alias, a category, a warning of the checker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from ..diagnostics.catalogue import catalogue
from ..diagnostics.diagnostic import Severity
from .rule import CATEGORIES, Rule
from .rules import RULES


@lru_cache
def rules_by_name() -> Mapping[str, Rule]:
    """Every rule of the linter by its name."""
    return {rule.name: rule for rule in RULES}


@lru_cache
def codes_named(name: str) -> frozenset[str]:
    """The codes meant by a name, an alias or a category, in any case; none for a name that means nothing."""
    plain = name.strip().casefold()
    if plain in CATEGORIES:
        return frozenset(rule.name for rule in RULES if rule.category == plain)
    return frozenset(c.name for c in catalogue().values() if plain in (c.name, c.alias.casefold()))


def is_category(name: str) -> bool:
    return name.strip().casefold() in CATEGORIES


def may_be_ignored(code: str) -> bool:
    """Rules of the linter at any level, and what the checker does not call an error."""
    return code in rules_by_name() or catalogue()[code].severity is not Severity.ERROR


def names_to_suggest() -> Iterator[str]:
    """All names that may be written."""
    yield from CATEGORIES
    yield from (name for name in catalogue() if may_be_ignored(name))
