"""Reports and dashboards of the rules as the command line prints them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from runtime.operators.reporting import Asked
    from runtime.project.loading import Loaded
    from runtime.reports import Result

Companies = Annotated[tuple[str, ...], Parameter(help="Of these companies alone: id, external id or name.")]
Users = Annotated[tuple[str, ...], Parameter(help="Only what these users own or enrolled; `me` is you.")]
Since = Annotated[str | None, Parameter(help="From that day on.")]
Until = Annotated[str | None, Parameter(help="Up to the end of that day.")]
_WIDTH = 100  # columns where there is no terminal to ask


def show_result(result: Result, json: bool, csv: bool) -> None:
    from runtime.reports.wording import as_csv, as_json

    from .output import Told, show_json

    if json:
        show_json(Told(as_json(result)))
    elif csv:
        sys.stdout.write(as_csv(result))
    else:
        show_drawn(result)


def show_drawn(result: Result) -> None:
    """With its title, as it wants to be shown."""
    from runtime.reports.drawing import drawn, text_of

    from .output import title

    title(result.label or result.name)
    for line in drawn(result, shutil.get_terminal_size((_WIDTH, 24)).columns):
        print(text_of(line))


def show_dashboard(label: str, results: Sequence[Result]) -> None:
    from .output import title

    title(label)
    for result in results:
        print()
        show_drawn(result)


def asked(loaded: Loaded, report: str, among: Asked) -> Result:
    """One report of the project's store, of those alone that `among` says. Raises UnknownName, InvalidInput,
    StoreError."""
    from runtime.operators.reporting import filters_of
    from runtime.project.loading import open_store
    from runtime.reports import Reports

    with open_store(loaded, readonly=True) as store, store.session() as session:
        filters = filters_of(session, loaded.project.users, loaded.zone, among)
        return Reports(session, loaded.program).run(report, filters)


def rules_with_reports(root: Path) -> Loaded | None:
    """The project; None where its rules cannot be used as they are: figures of sequences need none."""
    from runtime.project.loading import BrokenRules, load

    try:
        return load(root)
    except BrokenRules:
        return None
