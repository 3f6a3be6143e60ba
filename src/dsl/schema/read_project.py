"""segue.yaml: text in; the project's settings and diagnostics out."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Label, Severity
from ..source import Source, Span
from .model import Project


def read_project(source: Source) -> tuple[Project, tuple[Diagnostic, ...]]:
    """The settings of a project and all that is wrong with its file; what is wrong is at its default."""
    from .project_file import project_of  # late, as in `read_schema`

    return project_of(source)


def missing_file(name: str) -> Diagnostic:
    """What to say where `segue.yaml` or `schema.yaml` is not there at all."""
    what = {"segue.yaml": "a project", "schema.yaml": "the schema of a project"}.get(name, "this part of the project")
    message = f"there is no `{name}` here, the file of {what}"
    help = "go to the folder of the project, or make one with `segue init`"
    return Diagnostic("missing-file", Severity.ERROR, message, Label(Span(name, 0, 0)), help=help)
