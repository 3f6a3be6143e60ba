"""The fixes of findings, written into the files of a project, or shown as a difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dsl.diagnostics import Diagnostic, FixKind
from dsl.diagnostics.order import fixable
from dsl.lint.fixing import fix_texts
from dsl.source import Source
from dsl.workspace import Workspace

from ..errors import InvalidInput
from ..project.layout import SCHEMA, SETTINGS
from ..project.loading import Texts, table_file
from ..project.text_files import ChangedMeanwhile, difference, encoded, mark_of, replace_file
from .paths import Asked


@dataclass(frozen=True, slots=True)
class Repaired:
    """`asked` holds the texts as they are after the repairs; `before` those that were changed, as they were.
    `more`: how many findings an unsafe fix could repair besides."""

    asked: Asked
    before: tuple[Source, ...]
    applied: int
    more: int

    @property
    def difference(self) -> str:
        """What changes, file by file, as `diff -u` shows it."""
        after = _by_name(self.asked.texts)
        root = self.asked.texts.root
        marks = {s.name: mark_of((root / s.name).read_bytes()) for s in self.before}
        return "".join(difference(s.name, s.text, after[s.name].text, marks[s.name]) for s in self.before)


def repair(asked: Asked, unsafe: bool) -> Repaired:
    """Works out the repairs of the findings in the files meant; writes nothing."""
    texts, workspace = _by_name(asked.texts), Workspace(table_file())

    def check(now: Mapping[str, Source]) -> tuple[Diagnostic, ...]:
        workspace.configure(now.get(SCHEMA), now.get(SETTINGS))
        for source in _rules(now.values()):
            workspace.update(source)
        return workspace.check()

    kinds = {FixKind.SAFE, FixKind.UNSAFE} if unsafe else {FixKind.SAFE}
    done = fix_texts(texts, check, kinds, asked.about)
    before = tuple(source for name, source in texts.items() if name in done.changed)
    more = fixable(filter(asked.about, done.left), FixKind.UNSAFE)
    after = _texts(asked.texts, {**texts, **done.changed})
    return Repaired(replace(asked, texts=after), before, done.applied, more)


def write(repaired: Repaired) -> None:
    """Each file as a whole or not at all; a byte order mark stays. Raises InvalidInput."""
    after = _by_name(repaired.asked.texts)
    for source in repaired.before:
        path = (repaired.asked.texts.root / source.name).resolve()
        try:
            _write(path, source.text, after[source.name].text)
        except ChangedMeanwhile:
            raise InvalidInput(f"{source.name} was changed by somebody else meanwhile", "run again") from None
        except OSError as error:
            raise InvalidInput(f"{source.name} cannot be written: {error.strerror}") from None


def _write(path: Path, before: str, after: str) -> None:
    content = path.read_bytes()
    if content.decode("utf-8-sig", "surrogateescape") != before:
        raise ChangedMeanwhile
    replace_file(path, content, encoded(after, content))


def _by_name(texts: Texts) -> dict[str, Source]:
    every = (*texts.rules, texts.schema, texts.settings)
    return {source.name: source for source in every if source is not None}


def _rules(sources: Iterable[Source]) -> Iterable[Source]:
    return (source for source in sources if source.name not in (SCHEMA, SETTINGS))


def _texts(texts: Texts, now: Mapping[str, Source]) -> Texts:
    rules = tuple(now[source.name] for source in texts.rules)
    return replace(texts, rules=rules, schema=now.get(SCHEMA), settings=now.get(SETTINGS))
