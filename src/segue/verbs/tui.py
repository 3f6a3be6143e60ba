"""`segue tui`: the terminal app."""

from __future__ import annotations

from ..options import AsUser, ProjectDir, operator, root_of


def tui(*, as_user: AsUser = None, project: ProjectDir = None) -> int:
    """Open the terminal app: sequences with their figures, people, segments; pause, resume and unenroll."""
    import sys

    from runtime.errors import InvalidInput
    from runtime.project import load_settings, open_store
    from tui.app import run

    settings = load_settings(root_of(project))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InvalidInput("the terminal app needs a terminal", "`segue report` and `segue enrollments` print the same")
    with open_store(settings) as store:
        run(store, settings.schema, settings.zone, as_user or operator(), settings.project.name)
    return 0
