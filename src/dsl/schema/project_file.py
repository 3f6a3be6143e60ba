"""segue.yaml from text to settings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..diagnostics import Diagnostic, closest, did_you_mean
from ..source import Source, Span
from .model import Account, Calendar, Project
from .names import nfc
from .places import check_locale, check_zone
from .problems import Problems, guess
from .read_calendars import read_calendars
from .read_channels import read_channels
from .read_limits import read_limits, read_retention
from .read_lint import read_lint
from .read_people import read_teams, read_users
from .read_types import check_currency
from .reading import Reading
from .shape import read_shape
from .shape_of_project import AccountShape, ProjectShape
from .yaml_positions import read_yaml

# Settings of a definition that may have a default for the whole project; who enters is never one.
DEFAULTS = (
    *("sender", "zone", "calendar", "window", "tasks_at", "remind_at", "threading", "stop_on", "keep_on"),
    *("stop_when", "stop_company_on", "goal", "suppress", "exclusive", "priority", "again", "existing", "grace"),
    "late_engagement",
)
_STORE = re.compile(r"sqlite:///(?!:memory:)[^?]|postgresql(\+psycopg)?://")  # in memory nothing would be kept
_PASSWORD = re.compile(r"://[^/@:]*:(?P<password>[^/@$]+)@")
_PLACEHOLDER = re.compile(r"\$(?!\{[A-Za-z_][A-Za-z0-9_]*\})\{?")


def project_of(source: Source) -> tuple[Project, tuple[Diagnostic, ...]]:
    """See `read_project`."""
    problems = Problems()
    document = read_yaml(source, problems)
    if document is None:
        return Project(""), tuple(problems.found)
    shape = read_shape(ProjectShape, document, problems)
    project = _project(shape, Reading(document, problems))
    return project, tuple(problems.found)


def _project(shape: ProjectShape, reading: Reading) -> Project:
    if "name" not in shape.model_fields_set and ("name",) not in reading.document.keys:
        start = Span(reading.document.source.name, 0, 0)
        reading.problems.error("missing-key", "segue.yaml needs `name`", start, help="add `name: my-project`")
    calendars = read_calendars(shape.calendars, reading)
    users = read_users(shape.users, reading)
    return Project(
        shape.name,
        _account(shape.account, calendars, reading),
        _store(shape.store, reading),
        shape.consent,
        calendars,
        users,
        read_teams(shape.teams, users, reading),
        read_channels(shape.channels, reading),
        read_limits(shape.limits, reading),
        _defaults(shape.defaults, reading),
        read_lint(shape.lint, reading),
        read_retention(shape.retention, reading),
    )


def _account(shape: AccountShape, calendars: Mapping[str, Calendar], reading: Reading) -> Account:
    zone = check_zone(shape.time_zone, ("account", "time_zone"), reading)
    currency = check_currency(shape.currency, ("account", "currency"), reading)
    locale = check_locale(shape.locale, ("account", "locale"), reading)
    calendar = None if shape.calendar is None else nfc(shape.calendar)
    if calendar is not None and calendar not in calendars:
        span = reading.at("account", "calendar")
        help = did_you_mean(calendar, calendars) or "declare it under `calendars:`"
        fix = guess(span, closest(calendar, calendars))
        reading.problems.error("unknown-calendar", f"there is no calendar `{calendar}`", span, help=help, fix=fix)
        calendar = None
    return Account(zone or "UTC", currency or "USD", calendar, locale, shape.postal_address)


def _store(url: str, reading: Reading) -> str:
    """The address of the store as written; `${NAME}` is filled in where the store is opened, not here."""
    span = reading.at("store")
    if not _STORE.match(url):
        help = "write `sqlite:///crm.db` or `postgresql+psycopg://${USER}@host/crm`"
        reading.problems.error("wrong-value", f"`{url}` is no store", span, help=help)
    elif _PLACEHOLDER.search(url):
        message, help = "a placeholder is not complete", "write `${NAME}`, an environment variable"
        reading.problems.error("wrong-value", message, span, help=help)
    elif _PASSWORD.search(url):
        message, help = "a password does not belong into this file", "write `${NAME}`, an environment variable"
        reading.problems.error("secret-in-file", message, span, help=help)
    return url


def _defaults(written: Mapping[str, object], reading: Reading) -> dict[str, object]:
    """Each default as the text that would stand in a definition."""
    result: dict[str, object] = {}
    for name, value in written.items():
        span = reading.key("defaults", name)
        if name not in DEFAULTS:
            help = did_you_mean(name, DEFAULTS)
            reading.problems.error("unknown-key", f"there is no default for `{name}`", span, help=help)
        elif value is None or isinstance(value, dict | list):
            message = f"`{name}` must be written as in a definition, in one line"
            reading.problems.error("wrong-shape", message, reading.at("defaults", name))
        else:
            result[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return result
