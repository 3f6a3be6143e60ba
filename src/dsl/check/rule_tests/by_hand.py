"""What people do by hand in a test: a talk, a form, a survey, a move, a broadcast, fixes."""

from __future__ import annotations

from ...diagnostics.articles import article
from ...program import tests as t
from ...syntax import nodes
from ...values import replace
from ..scope import Declared
from .answered import answers
from .cast import Cast

ByHandNode = nodes.Saves | nodes.Submits | nodes.AnswersSurvey | nodes.Moves | nodes.SendsBroadcast | nodes.Fixes


def check_by_hand(cast: Cast, node: ByHandNode) -> t.Item | None:
    """None after a finding."""
    item = _checked(cast, node)
    if item is None or node.refused is None:
        return item
    because = node.refused.because
    return replace(item, refused=because.value if because else "")


def _checked(cast: Cast, node: ByHandNode) -> t.ByHand | None:
    match node:
        case nodes.Saves():
            return _saves(cast, node)
        case nodes.Submits():
            return _submits(cast, node)
        case nodes.AnswersSurvey():
            return _answers(cast, node)
        case nodes.Moves():
            user, who = cast.user(node.user), cast.person(node.record)
            return t.Moves(user, who, node.stage.text, node.span) if user and who else None
        case nodes.SendsBroadcast():
            user, broadcast = cast.user(node.user), cast.live_one(node.broadcast, "broadcast")
            return t.SendsBroadcast(user, broadcast.name, node.span) if user and broadcast else None
        case nodes.Fixes():
            user, hygiene = cast.user(node.user), cast.named("hygiene", node.hygiene)
            return t.Fixes(user, hygiene.name, node.span) if user and hygiene else None


def _saves(cast: Cast, node: nodes.Saves) -> t.Saves | None:
    user, record = cast.user(node.user), cast.person(node.record)
    person = cast.contact(node.person) if node.person else None
    playbook = cast.live_one(_name(node.playbook), "playbook")
    said = answers(cast, playbook, node.playbook) if playbook else None
    if user is None or record is None or playbook is None or said is None or (node.person and person is None):
        return None
    if playbook.object != record.object:
        _of_another(cast, playbook, record, node.record)
        return None
    return t.Saves(user, playbook.name, said, record, person, node.span)


def _of_another(cast: Cast, playbook: Declared, record: t.Person, name: nodes.Name) -> None:
    what = article(record.object)
    message = f"`{playbook.name}` is a playbook for {article(playbook.object)}, and `{record.name}` is {what}"
    cast.findings.error("wrong-object", name.span, message, what)


def _submits(cast: Cast, node: nodes.Submits) -> t.Submits | None:
    """A name that the test knows not yet is a contact that the form makes."""
    new = cast.is_new(node.who)
    who = cast.enter(nodes.Name("contact", node.who.span), node.who) if new else cast.contact(node.who)
    form = cast.live_one(_name(node.form), "form")
    said = answers(cast, form, node.form) if form else None
    return t.Submits(who, form.name, said, new, node.span) if who and form and said is not None else None


def _answers(cast: Cast, node: nodes.AnswersSurvey) -> t.AnswersSurvey | None:
    who, survey = cast.contact(node.who), cast.live_one(_name(node.survey), "survey")
    said = answers(cast, survey, node.survey) if survey else None
    return t.AnswersSurvey(who, survey.name, said, node.span) if who and survey and said is not None else None


def _name(event: nodes.Event) -> nodes.Name:
    return nodes.Name(event.path.text, event.path.span)
