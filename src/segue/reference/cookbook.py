"""The cookbook, from the rule library: each declaration with the comment above it and the rule tests of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from dsl.source import Source
from dsl.syntax import nodes
from dsl.syntax.parse import parse
from dsl.values import dataclass
from runtime.project.loading import read_texts

from ..starter.library import PLACES
from .markdown import code, fenced, table
from .markdown import page as joined

_COMMENT = re.compile(r"(?:^[ \t]*#[^\n]*\n)+\Z", re.MULTILINE)
_SOURCES = {
    "sequences": "Sequences of sales",
    "company_manual": "The manual of a company",
    "mail_workflows": "Thirteen mail workflows",
    "segments": "Segments",
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """A declaration as it is written. `comment`: the lines above it, without `#`."""

    kind: str
    name: str
    label: str
    comment: str
    text: str

    @property
    def heading(self) -> str:
        return f"{self.label} ({code(f'{self.kind} {self.name}')})" if self.label else code(f"{self.kind} {self.name}")


@dataclass(frozen=True, slots=True)
class Tested:
    """A rule test and the names it is about."""

    title: str
    text: str
    of: frozenset[str]


def pages() -> dict[str, str]:
    """Path below `docs/` -> Markdown: a page for each rule file of the library, and the list of all."""
    library = next(place for place in PLACES if place.is_dir()) / "library"
    rules = read_texts(library).rules
    tests = [test for rule in rules for test in _tests(rule)]
    files = {name: recipes for rule in rules if (recipes := list(_recipes(rule))) for name in [_place(rule.name)]}
    made = {f"cookbook/{_file(name)}": _page(name, recipes, tests) for name, recipes in files.items()}
    return {"cookbook/README.md": _index(files), **made}


def _place(name: str) -> str:
    """`segments/crm.segue` of where the library lies."""
    return str(PurePosixPath(*PurePosixPath(name).parts[-2:]))


def _file(place: str) -> str:
    return place.removesuffix(".segue").replace("/", "-").replace("_", "-") + ".md"


def _title(place: str) -> str:
    return PurePosixPath(place).stem.replace("_", " ").capitalize()


def _recipes(source: Source) -> Iterator[Recipe]:
    for one in parse(source).tree.declarations:
        if not isinstance(one, nodes.Test | nodes.Bad) and one.name is not None:
            text = source.text[one.span.start : one.span.end]
            comment = _above(source.text[: one.span.start])
            kind = re.match(r"(?:static )?(\w+)", text)
            assert kind is not None
            yield Recipe(kind[1], one.name.text, one.label.value if one.label else "", comment, text)


def _above(text: str) -> str:
    """The lines of comment at its end. `3.` is a number there and begins no list."""
    found = _COMMENT.search(text)
    words = re.sub(r"^[ \t]*#[ \t]?", "", found[0], flags=re.MULTILINE).strip() if found else ""
    return re.sub(r"^(\d+)\.", r"\1\\.", words, flags=re.MULTILINE)


def _tests(source: Source) -> Iterator[Tested]:
    for one in parse(source).tree.declarations:
        if isinstance(one, nodes.Test):
            text = source.text[one.span.start : one.span.end]
            yield Tested(one.title.value, text, frozenset(name.text for name in one.of))


def _page(place: str, recipes: Sequence[Recipe], tests: Sequence[Tested]) -> str:
    """Every recipe of a file, then the tests of those it declares. A test of several stands at the first of them."""
    told: set[str] = set()
    parts = [f"# {_title(place)}", f"From `playbooks/library/{place}`. [All recipes](README.md)."]
    for recipe in recipes:
        parts += [f"## {recipe.heading}", recipe.comment, fenced("segue", recipe.text)]
        own = [test for test in tests if recipe.name in test.of and recipe.kind != "template"]
        for test in own:
            if test.title in told:
                parts += [f"Tested above too, in *{test.title}*."]
            else:
                parts += ["Its test:", fenced("segue", test.text)]
            told.add(test.title)
    return joined(*parts)


def _index(files: dict[str, list[Recipe]]) -> str:
    parts = [
        "# Cookbook",
        "Every recipe of the rule library, as it is written there, with the rule tests that play it. "
        "`segue init shop --from library/segments` copies a part of it as a start; "
        "[what of users' systems it shows](../coverage.md) tells row by row.",
    ]
    for folder, title in _SOURCES.items():
        rows = [
            (f"[{_title(place)}]({_file(place)})", code(recipe.kind), code(recipe.name), recipe.label)
            for place, recipes in files.items()
            for recipe in recipes
            if place.startswith(f"{folder}/")
        ]
        parts += [f"## {title}", table(("file", "kind", "name", "called"), rows)]
    return joined(*parts)
