"""A project on disk: found, read, checked; its store and its channel opened. The one place that knows of folders.

Nothing heavy is imported before a store is opened: `segue check` goes no further than the program.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dsl.compile import Compiled, compile_project
from dsl.diagnostics import Diagnostic, Severity, summary
from dsl.program.definitions import Program
from dsl.schema import read_project, read_schema, standard_schema
from dsl.schema.model import Project, Schema
from dsl.source import Source

from ..errors import InvalidInput, SegueError
from .layout import SCHEMA, SETTINGS, decoded, project_files, read_whole
from .unrun import LeftOut, runnable

if TYPE_CHECKING:
    from ..channels.base import Channel
    from ..channels.switchboard import Switchboard
    from ..store.store import Store

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class BrokenRules(SegueError):  # noqa: N818 - named for what is the matter, as in `errors`
    """The texts have errors; `compiled.diagnostics` tells them all. `what` they are: the project, or a map."""

    def __init__(self, compiled: Compiled, what: str = "the project") -> None:
        said = summary(compiled.diagnostics, len(compiled.sources))
        again = "; `segue check` shows them again" if what == "the project" else ""
        super().__init__(f"{what} cannot be used as it is: {said}", f"put that right{again}")
        self.compiled = compiled


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a project, named as from its root. Without `settings` the standard CRM in UTC and USD holds."""

    root: Path
    rules: tuple[Source, ...]
    schema: Source | None
    settings: Source | None

    @property
    def files(self) -> int:
        return len(self.rules) + (self.schema is not None) + (self.settings is not None)


@dataclass(frozen=True, slots=True)
class Settings:
    """segue.yaml and schema.yaml of a project, without its rules: enough to read a store."""

    root: Path
    project: Project
    schema: Schema

    @property
    def zone(self) -> str:
        return self.project.account.time_zone


@dataclass(frozen=True, slots=True)
class Loaded(Settings):
    """A project whose rules have no error. `program` is the part of them that the engine runs, `left_out` the rest;
    `remarks` are the warnings and hints."""

    program: Program
    left_out: tuple[LeftOut, ...]
    remarks: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]


def read_texts(root: Path) -> Texts:
    """Every rule file below `root`. Raises InvalidInput for a file that cannot be read."""
    files = project_files(root)
    yaml = [read_text(files.pop(name), name) if name in files else None for name in (SCHEMA, SETTINGS)]
    return Texts(root, tuple(read_rules(path, name) for name, path in files.items()), *yaml)


def read_rules(path: Path, name: str) -> Source:
    """One rule file. Bytes that are no UTF-8 stay in it as lone surrogates: the checker tells where they are, and
    goes on with all else. Raises InvalidInput."""
    return read_text(path, name, errors="surrogateescape")


def read_text(path: Path, name: str = "", errors: str = "strict") -> Source:
    """One file as text. Raises InvalidInput."""
    said = name or str(path)
    return Source(said, decoded(read_whole(path, said)[0], said, errors))


def compile_texts(texts: Texts) -> Compiled:
    """Check everything at once; see `dsl.compile`."""
    return compile_project(texts.rules, texts.schema, texts.settings, table_file())


def load(root: Path) -> Loaded:
    """The whole project. Raises BrokenRules, InvalidInput."""
    texts = read_texts(root)
    compiled = compile_texts(texts)
    program = compiled.program
    if program is None:
        raise BrokenRules(compiled)
    runs, left_out = runnable(program)
    return Loaded(root, program.project, program.schema, runs, left_out, compiled.diagnostics, compiled.sources)


def load_settings(root: Path) -> Settings:
    """The project without its rules. Raises BrokenRules, InvalidInput."""
    schema_path = root / SCHEMA
    settings = read_text(root / SETTINGS, SETTINGS)
    project, found = read_project(settings)
    currency = project.account.currency
    sources, problems = {SETTINGS: settings}, list(found)
    schema = standard_schema(currency)
    if schema_path.is_file():
        sources[SCHEMA] = read_text(schema_path, SCHEMA)
        schema, found = read_schema(sources[SCHEMA], currency)
        problems += found
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise BrokenRules(Compiled(None, tuple(problems), sources))
    return Settings(root, project, schema)


def store_address(settings: Settings) -> str:
    """The store's address with `${NAME}` filled in from the environment; a file is meant from the project's folder.
    Raises InvalidInput for a name that is not set."""

    def fill(found: re.Match[str]) -> str:
        value = os.environ.get(found[1])
        if value is None:
            raise InvalidInput(
                f"the store's address reads `{found[0]}`, but {found[1]} is not set", f"set it: `export {found[1]}=..`"
            )
        return value

    address = _PLACEHOLDER.sub(fill, settings.project.store)
    kind, slashes, path = address.partition(":///")
    if kind == "sqlite" and slashes and path and not path.startswith(("/", ":memory:")):
        return f"sqlite:///{settings.root / path}"
    return address


def open_store(settings: Settings, create: bool = False, readonly: bool = False, verify: bool = True) -> Store:
    """The project's store, known to fit its schema. Raises StoreError and its kinds."""
    from ..store import migrate
    from ..store.store import Store

    store = Store.open(store_address(settings), create, readonly)
    try:
        if verify and not create:
            migrate.verify(store, settings.schema)
    except BaseException:
        store.close()
        raise
    return store


def open_channel(settings: Settings, virtual: bool = False) -> Switchboard:
    """Where mail, webhooks and Slack messages go: as segue.yaml says, by default into the Maildir `outbox` in the
    project's folder. On the virtual clock nothing leaves the machine: mail becomes files, calls are only noted.

    Raises ChannelError, InvalidInput."""
    from ..channels.http import HttpChannel
    from ..channels.maildir import MaildirChannel
    from ..channels.memory import MemoryChannel
    from ..channels.smtp import SmtpChannel, SmtpSettings
    from ..channels.switchboard import Switchboard

    channels = settings.project.channels
    email = channels.get("email", {})
    calls: Channel = MemoryChannel() if virtual else HttpChannel.of(channels)
    if email.get("kind") == "smtp" and not virtual:
        return Switchboard(SmtpChannel(SmtpSettings.of(email)), calls)
    return Switchboard(MaildirChannel(settings.root / str(email.get("path", "outbox"))), calls)


def table_file() -> Path | None:
    """Where the parser keeps its table between runs; None where no folder can be had for it."""
    try:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(base) / "segue"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder / "parser.table" if os.access(folder, os.W_OK) else None
