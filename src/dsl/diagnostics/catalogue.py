"""Every code with its meaning, for `segue explain CODE` and SARIF. A room adds its codes in a file of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from .code import Code
from .codes_conditions import CONDITION_CODES
from .codes_declarations import DECLARATION_CODES
from .codes_files import FILE_CODES
from .codes_lint import LINT_CODES
from .codes_rules import RULE_CODES
from .codes_statements import STATEMENT_CODES
from .codes_syntax import SYNTAX_CODES
from .codes_templates import TEMPLATE_CODES
from .codes_tests import TEST_CODES

_JOINED: list[Code] = []


def join(codes: Iterable[Code]) -> None:
    """Adds the codes of a room that stands above this one: `dsl.lint.rules` does so when it is imported."""
    _JOINED.extend(codes)
    catalogue.cache_clear()


@lru_cache
def catalogue() -> Mapping[str, Code]:
    """All codes by name. Names and aliases are unique."""
    every = (
        *FILE_CODES,
        *SYNTAX_CODES,
        *RULE_CODES,
        *CONDITION_CODES,
        *TEMPLATE_CODES,
        *STATEMENT_CODES,
        *DECLARATION_CODES,
        *LINT_CODES,
        *TEST_CODES,
        *_JOINED,
    )
    codes = {code.name: code for code in every}
    if len(codes) != len(every) or len({code.alias for code in every}) != len(every):
        raise ValueError("two diagnostic codes share a name or an alias")
    return codes


def find_code(text: str) -> Code | None:
    """A code by its name or its alias, in any case."""
    wanted = text.casefold()
    return next((c for c in catalogue().values() if wanted in (c.name, c.alias.casefold())), None)
