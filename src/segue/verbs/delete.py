"""`segue delete`: a record for good."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from ..options import Json, ProjectDir, root_of


def delete(
    object_name: Annotated[str, Parameter(name="OBJECT", help="What it is: contact, company, deal, ..")],
    record: Annotated[str, Parameter(help="An id (#123), external id or e-mail address.")],
    /,
    *more: Annotated[str, Parameter(help="Further records of the same object.")],
    yes: Annotated[bool, Parameter(help="Do it. Without this it only says what would go.")] = False,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Delete a record for good: segue delete contact ann@example.com --yes.

    The next tick ends all its enrollments, sends it nothing more and removes what says who it was. Figures keep what
    happened, under a number alone. It cannot be taken back.
    """
    from runtime.acts import delete as ask
    from runtime.project import load_settings, open_store
    from runtime.worker import worker_of

    from ..output import plural, remark, show_json

    settings = load_settings(root_of(project))
    with open_store(settings) as store:
        with store.session() as session:
            asked = ask(session, settings.schema, object_name, (record, *more), yes)
        working = worker_of(store)
    what = f"{plural(len(asked.records), 'record')} of {asked.object}, {plural(asked.inside, 'enrollment')} to end"
    if json:
        show_json({"asked": yes, "deleted": asked}, settings.zone)
    else:
        print(f"{'asked to delete' if yes else 'would delete'}: {what}")
    if not yes:
        remark("nothing was done: it cannot be taken back, so say `--yes`")
    elif working is None:
        remark("no worker runs now; the next `segue run` does it")
    return 0
