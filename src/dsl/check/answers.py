"""`answers.budget` and `outcome`: what was said in a playbook, form or survey (P3, P4)."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics.diagnostic import FixKind, Label
from ..diagnostics.suggest import closest
from ..program.conditions import AnswerValue
from ..schema.model import Kind, Type
from ..syntax.node_values import Name
from .findings import listing, replace
from .scope import Answers, Resolved, Scope

OUTCOME = "outcome"


def is_answer(answers: Answers, words: Sequence[Name]) -> bool:
    """Whether a path reads an answer here, or the outcome of the talk."""
    if words[0].text == "answers":
        return len(words) > 1
    return len(words) == 1 and words[0].text == OUTCOME and answers.outcomes != ()


def answer_value(scope: Scope, answers: Answers, words: Sequence[Name]) -> Resolved | None:
    """The answer that a path names; None after a finding."""
    span = words[0].span.to(words[-1].span)
    if words[0].text == OUTCOME:
        if answers.outcomes is None:
            return None
        return Resolved(AnswerValue(OUTCOME, Type(Kind.CHOICE, answers.outcomes)), span, missing=False)
    name = words[1]
    found = answers.asked.get(name.text)
    if name.text in answers.reported:
        return None
    if found is None or len(words) > 2:
        _not_asked(scope, answers, words)
        return None
    scope.findings.refer("answer", name.text, name.span)
    return Resolved(AnswerValue(found.name, found.type), span, found.missing)


def no_answers_here(scope: Scope, words: Sequence[Name]) -> bool:
    """Whether a path asks for an answer, or an outcome, where there is none; reports it."""
    first, owner = words[0], scope.subject
    if first.text in owner.properties or first.text in owner.associations:
        return False
    if scope.answers is None and first.text == "answers" and len(words) > 1:
        message = "answers are those of a playbook, form or survey, and this is none"
        scope.findings.error("unknown-answer", words[0].span.to(words[-1].span), message, "nothing is asked here")
        return True
    if scope.answers is not None and first.text == OUTCOME and len(words) == 1:
        message = f"this {scope.answers.kind} has no outcome"
        help_ = "write `outcome: connected, no_answer` above" if scope.answers.kind == "playbook" else ""
        scope.findings.error("unknown-answer", first.span, message, "not declared", help=help_)
        return True
    return False


def _not_asked(scope: Scope, answers: Answers, words: Sequence[Name]) -> None:
    name = words[1]
    if name.text in answers.asked:
        message, rest = f"`answers.{name.text}` is a value and has none of its own", words[2].span.to(words[-1].span)
        scope.findings.error("unknown-answer", rest, message, "nothing stands behind it")
        return
    if name.text in answers.later:
        scope.findings.error(
            "asked-later",
            words[0].span.to(name.span),
            f"`{name.text}` is asked only after this place",
            "no answer yet",
            others=[Label(answers.later[name.text], "asked here")],
            help="ask it first",
        )
        return
    known = [*answers.asked, *answers.later]
    meant = closest(name.text, known)
    asked = f"the questions are {listing(known)}" if known else "nothing is asked before this place"
    scope.findings.error(
        "unknown-answer",
        name.span,
        f"this {answers.kind} asks no question `{name.text}`",
        "not asked",
        help=f"did you mean `{meant}`?" if meant else asked,
        fix=replace(name.span, meant, FixKind.UNSAFE) if meant else None,
    )
