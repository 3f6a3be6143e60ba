"""From texts to a program: the one door of the language for everyone outside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .check.findings import Findings
from .check.project import check_project
from .diagnostics.diagnostic import Diagnostic, Severity
from .diagnostics.order import in_order
from .program.definitions import Program
from .schema import read_project, read_schema, standard_schema
from .schema.model import Project
from .source import Source
from .syntax import parse_all
from .undecoded import not_utf8, readable


@dataclass(frozen=True, slots=True)
class Compiled:
    """`program` is None where there are errors. `sources` are all texts read, by name, for rendering diagnostics."""

    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]


def compile_project(
    sources: Sequence[Source], schema: Source | None, project: Source | None, cache: Path | None = None
) -> Compiled:
    """Checks all rule files of a project at once and compiles them.

    `schema` and `project` are schema.yaml and segue.yaml; without them the standard CRM and an account in UTC and
    USD hold. `cache` is where the parser keeps its table. Every problem of every file is told in one run, in the
    order of files and lines.
    """
    undecoded = [found for source in sources for found in not_utf8(source)]
    sources = [readable(source) for source in sources]
    texts = {source.name: source for source in (*sources, *(s for s in (schema, project) if s is not None))}
    findings = Findings(texts)
    findings.found += undecoded
    settings, found = read_project(project) if project else (Project("project"), ())
    findings.found += found
    currency = settings.account.currency
    model, found = read_schema(schema, currency) if schema else (standard_schema(currency), ())
    findings.found += found
    parsed = parse_all(sources, cache)
    known = {(d.label.span.file, d.label.span.start) for d in undecoded}
    for one in parsed:
        findings.found += (d for d in one.diagnostics if (d.label.span.file, d.label.span.start) not in known)
    program = check_project([one.tree for one in parsed], model, settings, findings, project)
    diagnostics = tuple(in_order(findings.found))
    failed = any(d.severity is Severity.ERROR for d in diagnostics)
    return Compiled(None if failed else program, diagnostics, texts)
