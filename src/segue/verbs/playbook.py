"""`segue playbook`: what to say and ask while talking, saved as one."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from ..answered import Answers, AnswersFile, given
from ..options import AsUser, Json, Limit, Of, ProjectDir, Record, root_of
from ..talking import aside, ask, show_saved

Outcome = Annotated[str | None, Parameter(help="How the talk ended: one of the playbook's outcomes.")]


def list_(*, json: Json = False, project: ProjectDir = None) -> int:
    """List the playbooks of the project.

    For instance:
        segue playbook list
    """
    from runtime.project.loading import load
    from runtime.talks.questions import asks

    from ..output import show_json, table

    loaded = load(root_of(project))
    found = loaded.program.talks("playbook").values()
    rows = [(t.name, t.label or t.name, t.object, len(asks(t)), ", ".join(t.outcomes)) for t in found]
    names = ("name", "label", "for", "questions", "outcomes")
    if json:
        show_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        table(names, rows, ("questions",))
    return 0


def run(
    name: Annotated[str, Parameter(help="A playbook of the project.")],
    record: Annotated[str, Parameter(help="The record it is about: id (#123), external id or e-mail address.")],
    /,
    *,
    contact: Annotated[str | None, Parameter(help="Who is on the line, where there are several (X20).")] = None,
    answer: Answers = (),
    answers: AnswersFile = None,
    outcome: Outcome = None,
    draft: Annotated[bool, Parameter(help="Put the answers aside instead of saving them.")] = False,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Run a playbook about a record. On a terminal it asks; with answers it saves at once; without either it refuses.

    Note, properties and what follows are saved together, or nothing is. Ctrl-D puts an unfinished one aside.

    For instance:
        segue playbook run discovery_call 4711
        segue playbook run discovery_call 4711 --answer budget=1250 --outcome connected --as mia
    """
    from runtime.access.roles import actor
    from runtime.errors import InvalidInput
    from runtime.project.loading import load, open_store
    from runtime.talks.answers import as_typed
    from runtime.talks.opening import named, opened, reader
    from runtime.talks.saved_talks import begin, save

    loaded = load(root_of(project))
    who, raw = actor(loaded.project, as_user), given(answer, answers)
    with open_store(loaded) as store, store.session() as session:
        at = opened(session, loaded, named(loaded, "playbook", name), record, contact)
        if draft:
            begin(at, who)
            return aside(at, as_typed(at, reader(session, loaded), raw, outcome), who, json)
        if raw or outcome is not None or answers is not None:
            return show_saved(loaded, save(loaded, at, raw, outcome, who), json)
        if not sys.stdin.isatty():
            raise InvalidInput(
                "there is no terminal to ask at, and no answer is given",
                "write `--answer NAME=VALUE`; `--answers` with a file of `{}` saves the playbook without any",
            )
        return ask(loaded, at, who, json, None)


def drafts(
    *,
    by: Annotated[str | None, Parameter(help="Only those of one user.")] = None,
    drop: Annotated[str | None, Parameter(help="Let one go, by its id.")] = None,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """List the playbooks that were put aside, the newest first.

    For instance:
        segue playbook drafts --by mia
    """
    from runtime.access.roles import actor
    from runtime.project.loading import load_settings, open_store
    from runtime.reading.values import instant
    from runtime.talks import drafts as kept

    from ..output import put, show_json, table

    settings = load_settings(root_of(project))
    with open_store(settings, readonly=drop is None) as store, store.session() as session:
        if drop is not None:
            kept.let_go(session, drop, actor(settings.project, as_user))
            show_json({"draft_id": drop, "let_go": True}) if json else put(f"let go: {drop}")
            return 0
        found = kept.drafts(session, by)
    if json:
        show_json(found, settings.zone)
    else:
        rows = [
            (str(d.id), d.name, f"{d.object} #{d.record_id}", d.by_user, instant(d.at, settings.zone), len(d.answers))
            for d in found
        ]
        table(("id", "playbook", "record", "by", "at", "answers"), rows, ("answers",))
    return 0


def resume(
    draft: Annotated[str, Parameter(help="Its id: `segue playbook drafts` shows it.")],
    /,
    *,
    answer: Answers = (),
    answers: AnswersFile = None,
    outcome: Outcome = None,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Take up a playbook that was put aside. On a terminal it asks again, with what was answered offered.

    For instance:
        segue playbook resume 6760428198268418619 --outcome connected
    """
    from runtime.access.roles import actor
    from runtime.project.loading import load, open_store
    from runtime.talks import drafts as kept
    from runtime.talks.answers import put_aside_before
    from runtime.talks.opening import named, reader, sitting
    from runtime.talks.saved_talks import save

    loaded = load(root_of(project))
    who, raw = actor(loaded.project, as_user), given(answer, answers)
    with open_store(loaded) as store, store.session() as session:
        found = kept.draft(session, draft, who)
        at = sitting(session, loaded, named(loaded, "playbook", found.name), found.record_id, found.contact_id)
        if not raw and outcome is None and sys.stdin.isatty():
            return ask(loaded, at, who, json, found)
        before, ended = kept.outcome_in(found.answers) if at.talk.outcomes else (dict(found.answers), None)
        stay = put_aside_before(
            at, reader(session, loaded), {name: text for name, text in before.items() if name not in raw}
        )
        return show_saved(loaded, save(loaded, at, raw, outcome or ended, who, found.id, stay), json)


def talks(
    record: Record,
    /,
    *,
    of: Of = "contact",
    limit: Limit = 50,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """List what playbooks saved about a record, or with a contact on the line: the last revision of each.

    For instance:
        segue playbook talks 4711 --of deal
    """
    from runtime.operators.arguments import record as record_of
    from runtime.project.loading import load_settings, open_store
    from runtime.reading.values import instant
    from runtime.talks.saved_talks import of_record

    from ..output import show_json, table

    settings = load_settings(root_of(project))
    with open_store(settings, readonly=True) as store, store.session() as session:
        found = of_record(session, of, record_of(session, settings.schema, of, record), limit)
    if json:
        show_json(found, settings.zone)
    else:
        zone = settings.zone
        rows = [(t.called, t.name, instant(t.at, zone), t.by_user, t.outcome, t.revision) for t in found]
        table(("talk", "playbook", "at", "by", "outcome", "revision"), rows, ("revision",))
    return 0


def show(
    talk: Annotated[str, Parameter(help="A saved talk, such as 121.4611686018427387: `segue playbook talks`.")],
    /,
    *,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Show what was answered in a saved talk.

    For instance:
        segue playbook show 92.6791512736063810151
    """
    from runtime.project.loading import load, open_store
    from runtime.reading.values import instant
    from runtime.talks.notes import body
    from runtime.talks.saved_talks import answers_of, found, sitting_of

    from ..answered_json import plain_answers
    from ..output import put, show_json

    loaded = load(root_of(project))
    with open_store(loaded, readonly=True) as store, store.session() as session:
        kept = found(session, talk)
        at = sitting_of(session, loaded, kept)
        answers = answers_of(session, kept, at.talk)
        words = body(at, answers)
    if json:
        plain = plain_answers(loaded, kept.kind, kept.name, answers)
        show_json({"talk": kept, "answers": plain}, loaded.zone)
    else:
        edited = f", revision {kept.revision}" if kept.revision > 1 else ""
        put(f"{kept.called}: {instant(kept.at, loaded.zone)}, by {kept.by_user}{edited}\n{words}")
    return 0


def edit(
    talk: Annotated[str, Parameter(help="A saved talk, such as 121.4611686018427387.")],
    /,
    *,
    answer: Answers = (),
    answers: AnswersFile = None,
    outcome: Outcome = None,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Say something else instead; `--answer budget=` takes an answer away.

    It makes a revision: the note says it, changed answers go to their properties, and what follows a save does not run
    again.

    For instance:
        segue playbook edit 92.6791512736063810151 --answer budget=1500
    """
    from runtime.access.roles import actor
    from runtime.errors import InvalidInput
    from runtime.project.loading import load, open_store
    from runtime.talks.saved_talks import edit as revise
    from runtime.talks.saved_talks import found, sitting_of

    raw = given(answer, answers)
    if not raw and outcome is None:
        raise InvalidInput("nothing is to be changed", "say it with `--answer NAME=VALUE` or `--outcome`")
    loaded = load(root_of(project))
    with open_store(loaded) as store, store.session() as session:
        kept = found(session, talk)
        at = sitting_of(session, loaded, kept)
        return show_saved(loaded, revise(loaded, at, kept, raw, outcome, actor(loaded.project, as_user)), json)


COMMANDS = {
    "list": list_,
    "run": run,
    "drafts": drafts,
    "resume": resume,
    "talks": talks,
    "show": show,
    "edit": edit,
}
