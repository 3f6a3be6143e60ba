"""The files of one project, checked again and again: after a change only what it can have changed is looked at anew.

Pure: texts are handed in, findings come out. The command line fills one and asks once; the language server and
`segue test --watch` keep one and update it as files change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from .check.declarations import by_name
from .check.findings import Findings, Reference
from .check.one_file import FILE, Outcome, Outline, check_rules, check_templates
from .check.project import check_across, check_project_defaults, program_of, senders, sendings
from .check.scope import EVERY, SENDERS, TOPIC, Declared, Key, Names
from .collector import collector_at_rest
from .diagnostics.diagnostic import Diagnostic, Severity
from .diagnostics.order import in_order
from .lint.overview import Facts as Noted
from .lint.run import linter_of
from .lint.whole import judges_whole, lint_whole, shown
from .program.definitions import Program
from .rule_file import RuleFile
from .setup import Setup, read_setup
from .source import Source
from .syntax import Parsed
from .values import dataclass

_K = TypeVar("_K")
Exchange = Callable[[dict[str, Any]], Mapping[str, Any]]
Yaml = tuple[Source | None, Source | None]  # schema.yaml and segue.yaml


@dataclass(frozen=True, slots=True)
class Known:
    """What files know of each other: the answers of `Names`."""

    declared: Mapping[Key, Declared]
    topics: Mapping[str, str]
    senders: Mapping[str, tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class Memory:
    """Of a workspace after a check what another may start from, in another run: see `Workspace.remember`."""

    setup: Setup
    known: Known
    files: Mapping[str, bytes]


class Workspace:
    """`table` is a file in which the parser keeps its table. Not for several threads at once."""

    def __init__(self, table: Path | None = None) -> None:
        self._table = table
        self._files: dict[str, RuleFile] = {}
        self._moved: set[Key] = set()  # (FILE, name) of each text that is not what it was
        self._known = Known({}, {}, {})
        self._yaml: Yaml | None = None
        self._setup: Setup | None = None

    # --- what there is to check ---

    def configure(self, schema: Source | None, settings: Source | None) -> None:
        """schema.yaml and segue.yaml as they are now, None for one that is not there."""
        if self._yaml is not None and _texts(schema, settings) == _texts(*self._yaml):
            return
        before, self._setup = self._setup, read_setup(schema, settings)
        self._yaml = schema, settings
        if before is None or (before.schema, before.project) != (self._setup.schema, self._setup.project):
            for file in self._files.values():
                file.forget()

    def update(self, source: Source) -> None:
        """A rule file as it is now, new or changed."""
        known = self._files.get(source.name)
        if known is None or not known.holds(source.text):
            self._moved.add((FILE, source.name))
            self._files[source.name] = RuleFile(source.name, lambda: source, self._table)

    def remove(self, name: str) -> None:
        """A rule file that is gone."""
        if self._files.pop(name, None) is not None:
            self._moved.add((FILE, name))

    # --- between runs ---

    def memory(self) -> Memory:
        """To be kept after a `check`."""
        assert self._setup is not None
        return Memory(self._setup, self._known, {name: file.kept() for name, file in self._files.items()})

    def remember(self, memory: Memory, read: Callable[[str], Source], yaml: Yaml | None) -> None:
        """Starts from where another run was. Each file is as it was then, and `read` gives its text when it is needed;
        those that changed since are to be updated or removed afterwards. `yaml` are schema.yaml and segue.yaml where
        they are as they were, else they are to be configured. Raises Unreadable."""
        self._setup, self._known, self._yaml = memory.setup, memory.known, yaml
        for name, kept in memory.files.items():
            self._files[name] = RuleFile(name, partial(read, name), self._table, kept)

    # --- on two processors ---

    def judge(self, some: Iterable[str], exchange: Exchange) -> dict[str, bytes]:
        """Both passes over some of the files, while another process goes over the others: what is to be `adopt`ed
        there. `exchange` takes what came out here, by file, and gives what came out of all."""
        self._put_in_order()
        files = [self._files[name] for name in some]
        with collector_at_rest():
            self._pass_over(files, Findings({}), exchange)
            return {file.name: file.kept() for file in files}

    def adopt(self, judged: Mapping[str, bytes]) -> None:
        """Takes over what another process found in these files. Raises Unreadable."""
        for name, kept in judged.items():
            self._files[name] = RuleFile(name, partial(_written, self._files[name]), self._table, kept)

    # --- what is found ---

    @property
    def names(self) -> Names:
        """Everything that has a name, as of the last `check`."""
        setup, known = self._settled, self._known
        return Names(setup.schema, setup.project, known.declared, known.topics, known.senders)

    @property
    def sources(self) -> Mapping[str, Source]:
        """All texts, by name; each is read when it is asked for."""
        return _Sources(self._files, [source for source in self._yaml or () if source is not None])

    def parsed(self, name: str) -> Parsed:
        """The tree of a file. Raises KeyError where there is no such file."""
        return self._files[name].parsed

    def outcomes(self, name: str) -> tuple[Outcome, ...]:
        """What the last `check` found in a file: sound declarations, references, what was compiled."""
        return self._files[name].outcomes

    @property
    def rule_files(self) -> tuple[str, ...]:
        """The names of the rule files there are."""
        return tuple(self._files)

    def declared(self, name: str) -> tuple[Declared, ...]:
        """What a file declares, doubles too. Raises KeyError where there is no such file."""
        return self._files[name].reading.outline.declared

    def references(self, name: str) -> tuple[Reference, ...]:
        """What a file names, as of the last `check`; nothing of a file that was kept from another run."""
        return tuple(one for outcome in self._files[name].outcomes for one in outcome.facts.references)

    def check(self) -> tuple[Diagnostic, ...]:
        """Every problem of every file, in the order of files and lines."""
        with collector_at_rest():
            return tuple(in_order(self._check()))

    def program(self) -> tuple[Program | None, tuple[Diagnostic, ...]]:
        """The program, None where there are errors, and every problem (see `check`)."""
        for file in self._files.values():
            if not file.compiled:
                file.forget()
        found = self.check()
        if any(d.severity is Severity.ERROR for d in found):
            return None, found
        compiled = {key: value for f in self._files.values() for o in f.outcomes for key, value in o.compiled.items()}
        return program_of(compiled, self._settled.schema, self._settled.project), found

    @property
    def _settled(self) -> Setup:
        if self._setup is None:
            self._setup = read_setup(None, None)
        return self._setup

    def _check(self) -> list[Diagnostic]:
        self._put_in_order()
        files, setup = list(self._files.values()), self._settled
        across = Findings(self.sources)
        self._pass_over(files, across, lambda own: own)
        settings = self._yaml[1] if self._yaml else None
        check_project_defaults(self.names, setup.defaults, across, settings)
        facts = [outcome.facts for file in files for outcome in file.outcomes]
        check_across(facts, setup.schema, across)
        across.found += setup.found
        for file in files:
            across.found += file.found()
        if judges_whole(setup.project.lint):
            notes = [note for file in files for note in file.notes() if isinstance(note, Noted)]
            lint_whole(self.names, notes, across, settings)
        ignores = {file.name: file.reading.ignores for file in files}
        return shown(across.found, setup.project.lint, ignores, across.sources)

    def _put_in_order(self) -> None:
        self._files = {name: self._files[name] for name in sorted(self._files, key=lambda name: name.split("/"))}

    def _pass_over(self, files: Sequence[RuleFile], across: Findings, exchange: Exchange) -> None:
        """Both passes over those of the files that need them, with what all files know of each other."""
        outlines = self._in_order(exchange({file.name: file.reading.outline for file in files}))
        known = Known(by_name([one.declared for one in outlines], across), _topics(outlines), self._known.senders)
        changed = self._moved | _changed(self._known, known)
        names = self._with(known)
        for file in files:
            if file.rules is None or not changed.isdisjoint(file.rules.facts.read):
                defaults = self._settled.defaults
                unread = [d.label.span.start for d in file.parsed.diagnostics if d.severity is Severity.ERROR]
                file.rules = check_rules(
                    file.parsed.tree, file.source, names, linter_of(file.parsed.diagnostics), defaults, unread
                )
        sent = self._in_order(exchange({file.name: sendings(file.rules.facts) for file in files if file.rules}))
        last = Known(known.declared, known.topics, senders(sending for one in sent for sending in one))
        changed |= _changed(known, last)
        names = self._with(last)
        for file in files:
            if file.templates is None or not changed.isdisjoint(file.templates.facts.read):
                file.templates = check_templates(
                    file.parsed.tree, file.source, names, linter_of(file.parsed.diagnostics)
                )
        self._moved = set()

    def _in_order(self, found: Mapping[str, Any]) -> list[Any]:
        return [found[name] for name in self._files]

    def _with(self, known: Known) -> Names:
        self._known = known
        return self.names


class _Sources(Mapping[str, Source]):
    """The texts of files without reading those that nobody asks for."""

    def __init__(self, files: Mapping[str, RuleFile], others: Iterable[Source]) -> None:
        self._files, self._others = files, {source.name: source for source in others}

    def __getitem__(self, name: str) -> Source:
        return self._others[name] if name in self._others else self._files[name].source

    def __iter__(self) -> Iterator[str]:
        yield from self._files
        yield from self._others

    def __len__(self) -> int:
        return len(self._files) + len(self._others)


def _written(file: RuleFile) -> Source:
    return file.written


def _texts(*sources: Source | None) -> list[tuple[str, str] | None]:
    return [(source.name, source.text) if source is not None else None for source in sources]


def _topics(outlines: Iterable[Outline]) -> dict[str, str]:
    return {template: topic for one in outlines for template, topic in one.topics.items()}


def _changed(before: Known, now: Known) -> set[Key]:
    """Every question to `Names` that has another answer now."""
    changed = _differing(_with_file(before), _with_file(now))
    if list(before.declared) != list(now.declared):
        kinds = {kind for kind, _ in before.declared} | {kind for kind, _ in now.declared}
        changed |= {(kind, EVERY) for kind in kinds if _of(before, kind) != _of(now, kind)}
    changed |= {(TOPIC, name) for name in _differing(before.topics, now.topics)}
    return changed | {(SENDERS, name) for name in _differing(before.senders, now.senders)}


def _with_file(known: Known) -> dict[Key, tuple[Declared, str]]:
    """Where in its file a declaration stands changes nothing for others, unless they point there: see `FILE`."""
    return {key: (one, one.span.file) for key, one in known.declared.items()}


def _of(known: Known, kind: str) -> list[str]:
    return [name for k, name in known.declared if k == kind]


def _differing(before: Mapping[_K, object], now: Mapping[_K, object]) -> set[_K]:
    nothing = object()
    return {key for key in before.keys() | now.keys() if before.get(key, nothing) != now.get(key, nothing)}
