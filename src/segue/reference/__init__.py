"""The pages of `docs/` that are made: the reference, from the grammar, the checker, the schema, the command line and
the app; the cookbook, from the rule library."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import app_keys, cookbook, decisions, files, grammar_page, index, schema_page, settings, verbs_page

# Path below `docs/` -> what makes its text.
MADE: Mapping[str, Callable[[], str]] = {
    "reference/README.md": index.page,
    "reference/grammar.md": grammar_page.page,
    "reference/settings.md": settings.page,
    "reference/schema.md": schema_page.page,
    "reference/files.md": files.page,
    "reference/verbs.md": verbs_page.page,
    "reference/keys.md": app_keys.page,
    "decisions/README.md": decisions.page,
}


def made_pages() -> dict[str, str]:
    """Path below `docs/` -> Markdown, of every page that is made."""
    return {**{path: make() for path, make in MADE.items()}, **cookbook.pages()}
