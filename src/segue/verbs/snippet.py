"""`segue snippet`: texts called up by a shortcut."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from ..options import AsUser, Json, ProjectDir, root_of


def list_(*, json: Json = False, project: ProjectDir = None) -> int:
    """List the snippets of the project: shortcut, name, where they are for.

    For instance:
        segue snippet list
    """
    from runtime.project.loading import load
    from runtime.writing.snippets import listed, written

    from ..output import show_json, table

    found = listed(load(root_of(project)))
    if json:
        show_json([{"shortcut": s.shortcut, "label": s.label, "use_in": s.use_in, "text": written(s)} for s in found])
    else:
        table(("shortcut", "name", "for"), [(s.shortcut, s.label, ", ".join(s.use_in)) for s in found])
    return 0


def show(
    shortcut: Annotated[str, Parameter(help='Its shortcut, "#suc"; the shell wants the quotes.')],
    /,
    *,
    for_: Annotated[
        str | None, Parameter(name="--for", help="A contact whose merge fields it takes: id, external id or address.")
    ] = None,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Print a snippet, ready to be edited.

    For instance:
        segue snippet show "#suc" --for ann@example.com
    """
    from runtime.access.roles import actor
    from runtime.operators.arguments import record
    from runtime.project.loading import load, open_store
    from runtime.writing.snippets import filled, found, written

    from ..output import put, show_json

    loaded = load(root_of(project))
    snippet = found(loaded, shortcut)
    if for_ is None:
        words = written(snippet)
    else:
        with open_store(loaded, readonly=True) as store, store.session() as session:
            contact = record(session, loaded.schema, "contact", for_)
            words = filled(session, loaded, snippet, contact, actor(loaded.project, as_user))
    if json:
        show_json({"shortcut": snippet.shortcut, "label": snippet.label, "use_in": snippet.use_in, "text": words})
    else:
        put(words.rstrip("\n"))
    return 0


COMMANDS = {"list": list_, "show": show}
