"""schema.yaml and segue.yaml of a project, read."""

from __future__ import annotations

from collections.abc import Mapping

from .check.project_defaults import default_settings
from .diagnostics.diagnostic import Diagnostic
from .schema.model import Project, Schema
from .source import Source
from .syntax import nodes
from .values import dataclass


@dataclass(frozen=True, slots=True)
class Setup:
    """Both files may be missing: then the standard CRM holds, in UTC and USD. `defaults` are those of segue.yaml."""

    schema: Schema
    project: Project
    defaults: Mapping[str, nodes.Setting]
    found: tuple[Diagnostic, ...]


def read_setup(schema: Source | None, settings: Source | None) -> Setup:
    """Reads them; what is wrong is in `found`."""
    from .schema import read_project, read_schema, standard_schema  # they load pydantic: only where YAML is read

    project, found = read_project(settings) if settings else (Project("project"), ())
    currency = project.account.currency
    model, more = read_schema(schema, currency) if schema else (standard_schema(currency), ())
    defaults, _ = default_settings(project.defaults)
    return Setup(model, project, defaults, (*found, *more))
