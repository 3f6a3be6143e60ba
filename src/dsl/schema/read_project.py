"""segue.yaml: text in; the project's settings and diagnostics out."""

from __future__ import annotations

from ..diagnostics import Diagnostic
from ..source import Source
from .model import Project


def read_project(source: Source) -> tuple[Project, tuple[Diagnostic, ...]]:
    """The settings of a project and all that is wrong with its file; what is wrong is at its default."""
    from .project_file import project_of  # late, as in `read_schema`

    return project_of(source)
