"""`segue delete`: a record for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import AsUser, Json, ProjectDir, root_of

if TYPE_CHECKING:
    from runtime.operators.acts import AskedToDelete

_NAMED = 10


def delete(
    object_name: Annotated[str, Parameter(name="OBJECT", help="What it is: contact, company, deal, ..")],
    /,
    *records: Annotated[
        str, Parameter(name="RECORD", help="An id (#123), external id or e-mail address; several, too.")
    ],
    listed: Annotated[
        Path | None,
        Parameter(name="--from", help="A file that names them instead, one a line: a column of a CSV file."),
    ] = None,
    yes: Annotated[bool, Parameter(help="Do it. Without this it only says what would go.")] = False,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Delete records for good.

    Of a file, those that are not there (any more) are named and stop nobody; then the exit code is 1.

    The next tick ends all its enrollments, sends it nothing more and removes what says who it was. Figures keep what
    happened, under a number alone. It cannot be taken back.

    For instance:
        segue delete contact ann@example.com --yes
        segue delete contact --from leavers.txt --yes
    """
    from runtime.access.roles import actor
    from runtime.errors import InvalidInput
    from runtime.operators import acts
    from runtime.project.loading import load_settings, open_store
    from runtime.store.worker import worker_of

    from ..output import show_json

    if bool(records) == (listed is not None):
        raise InvalidInput("say which records to delete, or `--from` a file that names them", "one of the two")
    settings = load_settings(root_of(project))
    who = actor(settings.project, as_user)
    names, ask = (records, acts.delete) if listed is None else (_lines(listed), acts.delete_listed)
    with open_store(settings) as store:
        with store.session() as session:
            asked = ask(session, settings.schema, object_name, names, who, yes)
        working = worker_of(store)
    if json:
        show_json({"asked": yes, "deleted": asked}, settings.zone)
    else:
        _show(asked, yes)
    _remark_on(asked, yes, working is not None)
    return 1 if asked.unknown else 0


def _show(asked: AskedToDelete, yes: bool) -> None:
    from ..output import plural, put

    what = f"{plural(len(asked.records), 'record')} of {asked.object}, {plural(asked.inside, 'enrollment')} to end"
    put(f"{'asked to delete' if yes else 'would delete'}: {what}")


def _remark_on(asked: AskedToDelete, yes: bool, at_work: bool) -> None:
    """Who of a list is not there, and what is still to be done for it."""
    from ..output import remark

    for text in asked.unknown[:_NAMED]:
        remark(f"there is no {asked.object} `{text}`")
    if len(asked.unknown) > _NAMED:
        remark(f"and {len(asked.unknown) - _NAMED:,} more that are not there")
    if not yes:
        remark("nothing was done: it cannot be taken back, so say `--yes`")
    elif not at_work:
        remark("no worker runs now; the next `segue run` does it")


def _lines(path: Path) -> list[str]:
    """Raises InvalidInput."""
    from runtime.errors import InvalidInput

    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as problem:
        raise InvalidInput(f"{path} cannot be read: {problem.strerror}") from None
    except UnicodeError:
        raise InvalidInput(f"{path} is no text in UTF-8", "one record a line") from None
