"""`segue form`: what somebody filled in, taken in as a whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..answered import Answers, AnswersFile, given
from ..options import AsUser, Json, ProjectDir, root_of

if TYPE_CHECKING:
    from runtime.forms.submitting import Submitted
    from runtime.project.loading import Loaded

Name = Annotated[str, Parameter(help="A form of the project.")]


def list_(*, json: Json = False, project: ProjectDir = None) -> int:
    """List the forms of the project.

    For instance:
        segue form list
    """
    from runtime.project.loading import load
    from runtime.talks.questions import asks

    from ..output import show_json, table

    loaded = load(root_of(project))
    found = loaded.program.talks("form").values()
    rows = [(t.name, t.label or t.name, len(asks(t)), t.on_save is not None) for t in found]
    names = ("name", "label", "questions", "follows")
    if json:
        show_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        table(names, rows, ("questions",))
    return 0


def show(name: Name, /, *, json: Json = False, project: ProjectDir = None) -> int:
    """Show what a form asks for, and where the answers go.

    For instance:
        segue form show demo
    """
    from runtime.project.loading import load
    from runtime.talks.opening import named
    from runtime.talks.questions import asks

    from ..output import show_json, table, title

    loaded = load(root_of(project))
    talk = named(loaded, "form", name)
    rows = [
        {
            "name": ask.name,
            "question": "".join(part if isinstance(part, str) else part.source for part in ask.question.parts),
            "type": str(ask.type.kind.value),
            "options": ask.type.options,
            "required": ask.required,
            "goes_to": ".".join((talk.object, *ask.target.path, ask.target.property)) if ask.target else None,
        }
        for ask in asks(talk).values()
    ]
    if json:
        show_json({"name": talk.name, "label": talk.label or talk.name, "questions": rows})
        return 0
    title(talk.label or talk.name)
    columns = ("name", "question", "type", "required", "goes_to")
    table((*columns[:4], "goes to"), [[row[column] for column in columns] for row in rows])
    return 0


def submit(
    name: Name,
    /,
    *,
    answer: Answers = (),
    answers: AnswersFile = None,
    key: Annotated[str | None, Parameter(help="Your own name of this submission: the same one again is none.")] = None,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Take in what somebody filled in.

    The contact is found by the address, or made. Nothing is written unless every answer is right.

    For instance:
        segue form submit demo --answer email=ann@example.com --answer "company=Acme"
        segue form submit demo --answers - --key 7f3a-2291
    """
    from runtime.access.roles import actor
    from runtime.forms.submitting import submit as core
    from runtime.project.loading import load, open_store

    loaded = load(root_of(project))
    raw = given(answer, answers)
    with open_store(loaded) as store, store.session() as session:
        return _told(loaded, core(session, loaded, name, raw, actor(loaded.project, as_user), key), json)


COMMANDS = {"list": list_, "show": show, "submit": submit}


def _told(loaded: Loaded, done: Submitted, json: bool) -> int:
    from ..answered_json import told
    from ..output import plural, put, remark, show_json

    if json:
        show_json(told(loaded, "form", done.form, done), loaded.zone)
        return 0
    who = f"contact #{done.contact_id}"
    if done.again:
        put(f"{done.form}: was taken in before, for {who}; nothing is written again")
        return 0
    put(f"{done.form}: {plural(len(done.answers), 'answer')} of {'a new ' if done.new_contact else ''}{who}")
    for one in done.linked:
        put(f"  tied to {'the new ' if one.new else 'the '}{one.object} `{one.name}`")
    if done.kept:
        kept = ", ".join(f"`{name}`" for name in done.kept)
        remark(f"only the talk keeps {kept}", "what they are tied to has a value there already, or is not there (X27)")
    if done.follows:
        put("  what follows begins with the next tick")
    return 0
