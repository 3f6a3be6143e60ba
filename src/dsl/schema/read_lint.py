"""What segue.yaml says about the linter. Which rules there are, the linter knows; names keep their places for it."""

from __future__ import annotations

from .model import Lint, LintChoice, RuleName
from .reading import Reading
from .shape_of_project import FolderLintShape, LintShape


def read_lint(shape: LintShape, reading: Reading) -> Lint:
    """The settings of the linter, names unchecked."""
    folders = tuple(
        (pattern, _choice(folder, reading, "lint", "per_folder", pattern))
        for pattern, folder in shape.per_folder.items()
    )
    return Lint(shape.profile, _choice(shape, reading, "lint"), folders)


def _choice(shape: FolderLintShape, reading: Reading, *path: str) -> LintChoice:
    return LintChoice(
        tuple(RuleName(name, reading.at(*path, "select", i)) for i, name in enumerate(shape.select)),
        tuple(RuleName(name, reading.at(*path, "ignore", i)) for i, name in enumerate(shape.ignore)),
        tuple((RuleName(name, reading.key(*path, "levels", name)), level) for name, level in shape.levels.items()),
    )
