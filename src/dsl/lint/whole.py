"""The linter over one project: what is found in it as a whole, and what is shown of all that was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..check.findings import Findings
from ..check.scope import Names
from ..diagnostics.diagnostic import Diagnostic
from ..schema.model import Lint
from ..source import Source
from .chosen import Chosen
from .ignores import Ignores
from .overview import Facts, Overview
from .project_settings import check_settings
from .rules import RULES
from .run import lint_project
from .silenced import silenced


def judges_whole(lint: Lint) -> bool:
    """Whether a rule about whole projects is on."""
    chosen = Chosen(lint).rules()
    return any(rule.whole is not None and rule.name in chosen for rule in RULES)


def lint_whole(names: Names, facts: Sequence[Facts], findings: Findings, settings: Source | None) -> None:
    """The rules over the project, only where it has no error: a broken rule names nothing any more. `settings` is
    segue.yaml."""
    if not findings.errors_since(0):
        findings.found += lint_project(Overview(names, facts, settings), Chosen(names.project.lint).rules())


def shown(
    found: Sequence[Diagnostic], lint: Lint, ignores: Mapping[str, Ignores], sources: Mapping[str, Source]
) -> list[Diagnostic]:
    """What is left of all findings after `lint:` of segue.yaml and the comments of each file (`ignores`), with what is
    wrong with either."""
    chosen = Chosen(lint)
    left = silenced(chosen.judged(found), ignores, chosen, sources)
    return chosen.judged([*left, *check_settings(lint)])
