"""The linter over one project: what is found, and what of it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from ..check.findings import Findings
from ..check.scope import Names
from ..diagnostics.diagnostic import Diagnostic
from ..schema.model import Lint
from .chosen import Chosen
from .overview import Facts, Overview
from .project_settings import check_settings
from .run import lint_declaration, lint_project


def lint_sound(findings: Findings, names: Names) -> list[Facts]:
    """The rules over each declaration without an error; what they find goes to the findings."""
    facts = []
    for sound in findings.sound:
        found, known = lint_declaration(sound, names, findings.sources[sound.node.span.file])
        findings.found += found
        facts.append(known)
    return facts


def lint_whole(names: Names, facts: Sequence[Facts], findings: Findings) -> None:
    """The rules over the project; only where there is no error, for a broken rule names nothing any more."""
    if not findings.errors_since(0):
        findings.found += lint_project(Overview(names, facts), Chosen(names.project.lint).rules())


def shown(found: Sequence[Diagnostic], lint: Lint) -> list[Diagnostic]:
    """What is left of all findings after `lint:` of segue.yaml, and what is wrong with that."""
    return [*Chosen(lint).judged(found), *check_settings(lint)]
