"""Playbooks, forms and surveys: who they are about, what they ask, and what follows (P1-P5, P10-P13, X20, X27)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from ...diagnostics.articles import article
from ...diagnostics.diagnostic import Label
from ...program import conversations as compiled
from ...program.blocks import Finish, Graph
from ...program.conditions import Duration
from ...schema.model import Kind, ObjectType, Type
from ...syntax import nodes
from ...values import replace as changed
from ..bodies import Effects
from ..findings import Findings
from ..graphs import ordered
from ..scope import Answer, Answers, Names, Scope
from ..segments import object_named
from ..statements import BodyWriter
from ..values_of_settings import Reader
from .at_once import check_at_once, forget_inside
from .checked import CheckedOther, label_of, mailing_of
from .forms import check_form
from .outcomes import outcomes
from .questions import Questions
from .settings import Read, read_settings
from .surveys import SURVEY_READERS, read_scale, score_answer

_READERS: Mapping[str, Mapping[str, Reader]] = {
    "playbook": {"outcome": outcomes},
    "form": {},
    "survey": SURVEY_READERS,
}
_REQUIRED = {"survey": ("scale",)}
MOMENTS = {"playbook": "save", "form": "submit", "survey": "submit"}


def check_conversation(names: Names, findings: Findings, node: nodes.Conversation) -> CheckedOther:
    """The compiled playbook, form or survey, or None in its place after a finding."""
    subject = _subject(names, findings, node)
    if subject is None:
        return CheckedOther(node, None)
    scope = Scope(names, findings, subject, person=_has_person(findings, node, subject))
    unread = any(isinstance(item, nodes.Bad) for item in node.items)
    readers, required = _READERS[node.kind], _REQUIRED.get(node.kind, ())
    read = read_settings(scope, node.kind, node.name, node.settings, readers, required, unread)
    scale = read_scale(scope, node, read) if node.kind == "survey" else None
    questions = Questions(scope, node.kind, node.items, _given(node, read), stranger=node.kind == "form")
    fine = check_form(findings, node, questions) if node.kind == "form" and not unread else True
    if node.kind == "playbook" and not (node.items or node.settings or node.on):
        message = f"the playbook `{node.name.text}` says and asks nothing"
        findings.warning("no-rules", node.name.span, message, "nothing to do", help='write `ask NAME "question": text`')
    named = cast("tuple[str, ...]", read.get("outcome") or ())
    before = len(findings.conditions)
    outcome_told = "outcome" in read.written and "outcome" not in read.values
    after, effects, sound = _afterwards(questions, node, None if outcome_told else named)
    mailing = mailing_of(names, effects, findings.conditions[before:])
    if not (read.whole and questions.whole and fine and sound) or (node.kind == "survey" and scale is None):
        return CheckedOther(node, None, mailing)
    talk = compiled.Conversation(
        node.kind,
        node.name.text,
        label_of(node),
        subject.name,
        questions.items,
        named,
        after,
        scope.person,
        scale,
        cast("Duration | None", read.get("not_again_within")),
        node.name.span,
    )
    return CheckedOther(node, talk, mailing)


def _subject(names: Names, findings: Findings, node: nodes.Conversation) -> ObjectType | None:
    """A playbook says for which object it is; forms and surveys are answered by people."""
    if node.kind == "playbook":
        if node.of is not None:
            return object_named(names, findings, node.of)
        message = f"the playbook `{node.name.text}` does not say which record it is for"
        help_ = f"write `playbook {node.name.text} for contact {{ .. }}`"
        findings.error("missing-object", node.name.span, message, "for what?", help=help_)
        return None
    if node.of is not None and node.of.text != "contact":
        message, under = f"a {node.kind} is answered by a contact", f"not by a {node.of.text}"
        findings.error("wrong-object", node.of.span, message, under, help="leave it out")
        return None
    return names.schema.objects.get("contact")


def _has_person(findings: Findings, node: nodes.Conversation, subject: ObjectType) -> bool:
    """X20: `with contact` chooses the person on the line among the contacts of the record."""
    if node.with_ is None:
        return False
    link = subject.associations.get("contact")
    if node.with_.text == "contact" and link is not None and link.many and node.kind == "playbook":
        return True
    message = f"a {node.kind} of {article(subject.name)} has nobody else on the line"
    help_ = "leave `with` out"
    if node.with_.text != "contact" and link is not None:
        message, help_ = f"a {node.with_.text} is not on the line, a contact is", "write `with contact`"
    findings.error("wrong-object", node.with_.span, message, "not here", help=help_)
    return False


def _given(node: nodes.Conversation, read: Read) -> dict[str, Answer]:
    """The answers that are there without a question."""
    outcome, scale = read.written.get("outcome"), read.written.get("scale")
    if node.kind == "playbook" and outcome is not None:
        named = cast("tuple[str, ...]", read.get("outcome") or ())
        return {"outcome": Answer("outcome", Type(Kind.CHOICE, named), False, outcome.name_span)}
    return {"score": score_answer(scale)} if node.kind == "survey" and scale is not None else {}


def _afterwards(
    questions: Questions, node: nodes.Conversation, named: tuple[str, ...] | None
) -> tuple[Graph | None, Effects, bool]:
    """The graph of `on save` or `on submit`, what it does, and whether all of it is sound."""
    part = _moment(questions.scope.findings, node)
    if part is None:
        return None, Effects(), not node.on
    slow = check_at_once(questions.scope.findings, part)
    scope = changed(questions.scope, answers=Answers(node.kind, questions.asked, {}, named, questions.reported))
    writer = BodyWriter(scope, node.kind, {})
    mark = scope.findings.mark()
    entry = writer.body(part.block.statements, writer.add(Finish()))
    forget_inside(scope.findings, mark, slow)
    sound = writer.effects.whole and not slow
    return (ordered(writer.blocks, entry) if sound else None), writer.effects, sound


def _moment(findings: Findings, node: nodes.Conversation) -> nodes.On | None:
    """The one part that says what follows."""
    due = MOMENTS[node.kind]
    right = [part for part in node.on if part.moment.text == due]
    for part in node.on:
        if part.moment.text != due:
            _wrong_moment(findings, node.kind, part.moment, due)
    _once(findings, right)
    return right[0] if len(right) == len(node.on) == 1 else None


def _wrong_moment(findings: Findings, kind: str, moment: nodes.Name, due: str) -> None:
    message = f"there is no `on {moment.text}` in a {kind}"
    findings.error("wrong-moment", moment.span, message, "not a moment of it", help=f"write `on {due}`")


def _once(findings: Findings, parts: Sequence[nodes.On]) -> None:
    for part in parts[1:]:
        findings.error(
            "wrong-moment",
            part.moment.span,
            f"`on {part.moment.text}` is written twice",
            "again here",
            others=[Label(parts[0].moment.span, "first here")],
            help="put all that follows into one of them",
        )
