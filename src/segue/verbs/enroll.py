"""`segue enroll`: by hand."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from ..options import Json, ProjectDir, root_of, somebody


def enroll(
    contact: Annotated[str, Parameter(help="An id (#123), external id or e-mail address.")],
    definition: Annotated[str, Parameter(help='A sequence or workflow; "workflow x" where both have the name.')],
    /,
    *more: Annotated[str, Parameter(help="Further contacts may stand before the definition.")],
    as_user: Annotated[
        str | None,
        Parameter(
            name="--as",
            help="Who enrolls them and gets the tasks (X21): a user of segue.yaml. Without it: SEGUE_USER, else the"
            " name of the login.",
            validator=somebody,
        ),
    ] = None,
    at: Annotated[
        str | None, Parameter(help='When they begin, "2026-03-02 09:00" or "+2 days"; at once without it (S9).')
    ] = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Put somebody into a sequence or workflow by hand; several contacts may stand before the definition.

    The next tick takes them in, or refuses with a reason that `segue why` tells.

    For instance:
        segue enroll ann@example.com bob@example.com trial_welcome --as mia
        segue enroll ann@example.com trial_welcome --as mia --at "+2 days"
    """
    from runtime.operators.acts import enroll as ask
    from runtime.project.loading import load, open_store
    from runtime.reading.values import instant
    from runtime.store.worker import worker_of

    from ..output import plural, put, remark, show_json

    written = (contact, definition, *more)
    loaded = load(root_of(project))
    with open_store(loaded) as store:
        with store.session() as session:
            asked = ask(session, loaded, written[:-1], written[-1], as_user, at)
        working = worker_of(store)
    if json:
        show_json(asked, loaded.zone)
    else:
        when = f", at {instant(asked.at, loaded.zone)}" if at is not None else ""
        put(f"asked for: {plural(len(asked.records), 'contact')} into {asked.definition}, by {asked.by}{when}")
    if working is None:
        remark("no worker runs now; the next `segue run` takes them in")
    return 0
