"""`segue dashboard`: the reports that belong together."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from ..options import Json, ProjectDir, root_of
from ..reported import Companies, Since, Until, Users


def dashboard(
    name: Annotated[str | None, Parameter(help="The dashboard to show; without it all are listed.")] = None,
    /,
    *,
    company: Companies = (),
    by: Users = (),
    since: Since = None,
    until: Until = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Show the reports of a dashboard one after the other, as of the store's clock, or list the dashboards.

    For instance:
        segue dashboard success --since 2026-03-01
    """
    from runtime.operators.reporting import Asked, filters_of
    from runtime.project.loading import load, open_store
    from runtime.reports import Reports
    from runtime.reports.wording import as_json

    from ..output import Told, remark, show_json, table
    from ..reported import show_dashboard

    loaded = load(root_of(project))
    dashboards = loaded.program.dashboards
    if name is None:
        listed = [{"name": d.name, "label": d.label, "reports": d.reports} for d in dashboards.values()]
        if json:
            show_json(listed)
        else:
            rows = [(d.name, d.label, ", ".join(d.reports)) for d in dashboards.values()]
            table(("dashboard", "label", "reports"), rows)
        if not listed and not json:
            remark("the rules have no dashboard", "write `dashboard NAME { reports: .. }`")
        return 0
    with open_store(loaded, readonly=True) as store, store.session() as session:
        filters = filters_of(session, loaded.project.users, loaded.zone, Asked(None, company, by, since, until))
        results = Reports(session, loaded.program).dashboard(name, filters)
    label = dashboards[name].label or name
    if json:
        show_json({"dashboard": name, "label": label, "reports": [Told(as_json(result)) for result in results]})
    else:
        show_dashboard(label, results)
    return 0
