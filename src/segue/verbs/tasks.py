"""`segue tasks`: what people have to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..options import AsUser, Json, Limit, ProjectDir, root_of

if TYPE_CHECKING:
    from runtime.reading.tasks import Task


def tasks(
    *,
    of: Annotated[str | None, Parameter(help="Only those of one user.")] = None,
    done: Annotated[
        tuple[str, ...], Parameter(help="Mark tasks done, by their ids in the list.", consume_multiple=1)
    ] = (),
    skip: Annotated[tuple[str, ...], Parameter(help="Mark tasks skipped.", consume_multiple=1)] = (),
    assign: Annotated[
        tuple[str, ...], Parameter(help="Give tasks to the colleague of `--to`.", consume_multiple=1)
    ] = (),
    to: Annotated[str | None, Parameter(help="With `--assign`: to whom.")] = None,
    as_user: AsUser = None,
    limit: Limit = 50,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """List open tasks, the most urgent first; or mark some: a sequence that waits for one goes on at the next tick.

    With `--assign` they become a colleague's.

    For instance:
        segue tasks --of mia
        segue tasks --done 121.2.5 --as mia
        segue tasks --assign 121.2.5 --to ben --as mia
    """
    from runtime.access.roles import actor
    from runtime.operators.arguments import user
    from runtime.operators.tasks import assign_tasks, settle_tasks
    from runtime.project.loading import load_settings, open_store
    from runtime.reading import called, open_tasks

    from ..output import show_json

    settings = load_settings(root_of(project))
    marks = [(id_, "done") for id_ in done] + [(id_, "skipped") for id_ in skip]
    _one_act(marks, assign, to)
    with open_store(settings, readonly=not marks and not assign) as store, store.session() as session:
        if assign and to:
            given = assign_tasks(session, settings, assign, to, actor(settings.project, as_user))
            return _told([(id_, f"to {to}") for id_ in assign], given, json)
        if marks:
            return _told(marks, settle_tasks(session, marks, actor(settings.project, as_user)), json)
        assignee = None if of is None else user(session, settings.project.users, of)
        count, found = open_tasks(session, assignee, limit)
        found = called(session, settings.schema, found)
    if json:
        show_json({"count": count, "tasks": found}, settings.zone)
    else:
        _show(count, found, settings.zone)
    return 0


def _one_act(marks: list[tuple[str, str]], assign: tuple[str, ...], to: str | None) -> None:
    from runtime.errors import InvalidInput

    if bool(assign) != bool(to):
        raise InvalidInput("to give tasks to somebody takes both", "`--assign ID .. --to USER`")
    if assign and marks:
        raise InvalidInput("`--assign` goes without `--done` and `--skip`", "one at a time")


def _told(marks: list[tuple[str, str]], titles: list[str], json: bool) -> int:
    from ..output import put, show_json

    told = [{"id": id_, "state": state, "title": title} for (id_, state), title in zip(marks, titles, strict=True)]
    if json:
        show_json(told)
    else:
        for one in told:
            put(f"asked for: {one['state']}: {one['title']}")
    return 0


def _show(count: int, found: list[Task], zone: str) -> None:
    from runtime.reading.values import instant

    from ..output import more_than, table

    columns = ("id", "due", "kind", "title", "for", "priority", "contact", "definition", "note")
    rows = [
        (t.id, instant(t.due_at, zone), t.kind, f"({t.awaits}) {t.title}" if t.awaits else t.title, t.assignee,
         t.priority, t.contact, t.definition, t.note)
        for t in found
    ]  # fmt: skip
    table(columns, rows)
    more_than(len(found), count)
