"""`segue survey`: who is asked, what they answer, what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ..answered import Answers, AnswersFile, given
from ..options import AsUser, Json, ProjectDir, root_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsl.schema.model import Schema
    from runtime.store.session import Session
    from runtime.surveys.results import Result

Name = Annotated[str, Parameter(help="A survey of the project.")]

_PAGE = 200  # names looked up in one statement


def list_(*, json: Json = False, project: ProjectDir = None) -> int:
    """List the surveys of the project.

    For instance:
        segue survey list
    """
    from runtime.project.loading import load
    from runtime.talks.questions import asks

    from ..output import show_json, table

    loaded = load(root_of(project))
    found = loaded.program.talks("survey").values()
    rows = []
    for talk in found:
        assert talk.scale is not None
        scale, pause = talk.scale, talk.not_again_within
        again = f"{pause.n} {pause.unit.value}" if pause else None
        span = f"{scale.low}..{scale.high}"
        rows.append((talk.name, talk.label or talk.name, scale.kind, span, scale.polarity, len(asks(talk)), again))
    names = ("name", "label", "kind", "scale", "polarity", "questions", "not_again_within")
    if json:
        show_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        table((*names[:-1], "not again within"), rows, ("questions",))
    return 0


def invite(
    name: Name,
    /,
    *contacts: Annotated[str, Parameter(help="Who: id (#123), external id or e-mail address.")],
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Invite contacts. Tokens are told once; the store keeps their hash.

    Whoever answered within the survey's `not_again_within` is left out, and named.

    For instance:
        segue survey invite nps ann@example.com bob@example.com
    """
    from runtime.access.roles import actor
    from runtime.errors import InvalidInput
    from runtime.operators.arguments import record
    from runtime.project.loading import load, open_store
    from runtime.surveys.inviting import invite as core

    from ..output import plural, remark, show_json, table

    if not contacts:
        raise InvalidInput("nobody is named", "write `segue survey invite NAME CONTACT`")
    loaded = load(root_of(project))
    with open_store(loaded) as store, store.session() as session:
        ids = [record(session, loaded.schema, "contact", text) for text in contacts]
        done = core(session, loaded, name, ids, actor(loaded.project, as_user))
        people = {} if json else _names(session, loaded.schema, ids)
    if json:
        show_json({"survey": done.survey, "invited": done.invited, "lately": [str(id_) for id_ in done.lately]})
        return 0
    rows = [(people[one.contact_id], one.token, one.link or "") for one in done.invited]
    table(("contact", "token", "link"), rows)
    if done.lately:
        who = ", ".join(people[id_] for id_ in done.lately[:8]) + (", .." if len(done.lately) > 8 else "")
        remark(f"{plural(len(done.lately), 'contact')} answered lately and not asked again: {who}")
    return 0


def _names(session: Session, schema: Schema, ids: Sequence[int]) -> dict[int, str]:
    """What these contacts are called, who may be very many."""
    from runtime.reading.records import names_of

    pages = (names_of(session, schema, "contact", ids[at : at + _PAGE]) for at in range(0, len(ids), _PAGE))
    return {id_: name for page in pages for id_, name in page.items()}


def answer(
    token: Annotated[str, Parameter(help="Of an invitation: it stands in the mail's link.")],
    /,
    *,
    answer: Answers = (),
    answers: AnswersFile = None,
    as_user: AsUser = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Take in an answer. One belongs to each invitation.

    For instance:
        segue survey answer 3e4176fd696b7bfef56a637c9f81b2f081 --answer score=9
    """
    from runtime.access.roles import actor
    from runtime.project.loading import load, open_store
    from runtime.surveys.answering import answer as core

    from ..answered_json import told
    from ..output import plural, put, remark, show_json

    loaded = load(root_of(project))
    raw = given(answer, answers)
    with open_store(loaded) as store, store.session() as session:
        done = core(session, loaded, token, raw, actor(loaded.project, as_user))
    if json:
        show_json(told(loaded, "survey", done.survey, done), loaded.zone)
        return 0
    put(f"{done.survey}: {plural(len(done.answers), 'answer')} of contact #{done.contact_id}")
    if done.kept:
        remark(f"only the talk keeps {', '.join(f'`{name}`' for name in done.kept)}")
    return 0


def results(
    name: Name,
    /,
    *,
    by: Annotated[str | None, Parameter(help="month or segment (its members today); without it all together.")] = None,
    json: Json = False,
    project: ProjectDir = None,
) -> int:
    """Tell the figures: NPS, share of the satisfied, or the mean effort; how many of those asked answered.

    Who did not answer is in no figure but the response rate.

    For instance:
        segue survey results nps --by month
    """
    from runtime.project.loading import load, open_store
    from runtime.surveys.results import results as core

    from ..output import show_json

    loaded = load(root_of(project))
    with open_store(loaded, readonly=True) as store, store.session() as session:
        found = core(session, loaded, name, by)
    if json:
        show_json(found)
    else:
        _table(found, by)
    return 0


COMMANDS = {"list": list_, "invite": invite, "answer": answer, "results": results}


def _table(found: Sequence[Result], by: str | None) -> None:
    from ..output import percent, put, remark, table

    if not found:
        put("no answers yet")
        return
    parts = list(found[0].figures.parts)
    figure = found[0].figures.figure
    names = [*([by] if by else []), "invited", "responded", "rate", "answers", *parts, figure]
    rows = []
    for one in found:
        of = one.figures
        value = "–" if of.value is None else f"{of.value:.1f}"
        counts = [of.parts[part] for part in parts]
        group = [one.group] if by else []
        rows.append((*group, one.invited, one.responded, percent(one.response_rate), of.answers, *counts, value))
    shown = [name.replace("_", " ") for name in names]
    table(shown, rows, [name for name in shown if name != by])
    if off := sum(one.figures.off_scale for one in found):
        remark(f"{off:,} not counted: {'it is' if off == 1 else 'they are'} not on the scale")
