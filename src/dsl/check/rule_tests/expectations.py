"""What a test expects."""

from __future__ import annotations

import re

from ...diagnostics.diagnostic import FixKind
from ...diagnostics.suggest import closest
from ...program import tests as t
from ...syntax import nodes
from ..findings import replace
from ..telling import task_priority
from .cast import LIVE, Cast
from .effects import EffectNode, check_effect, expected_fields, expected_scores, said
from .happenings import task_kind

ExpectNode = (
    nodes.ExpectMail
    | nodes.ExpectTask
    | nodes.ExpectNotice
    | nodes.ExpectFields
    | nodes.ExpectMember
    | nodes.ExpectEnded
    | nodes.ExpectNothing
    | EffectNode
)
# How enrollments end (S44) and why people are refused (S27, S31); events end under their own names.
_ENDS = (
    *("no_reply", "no_engagement", "completed", "exit", "reply", "meeting", "unsubscribed", "bounce", "spam", "goal"),
    *("suppressed", "stop_when", "company", "manual", "opted_out", "no_consent", "no_address", "no_sender"),
    *("condition", "contact_deleted", "user_deactivated", "sequence_removed", "workflow_removed"),
)
_REFUSALS = (
    *("already_enrolled", "enrolled_before", "too_early", "only", "goal_met", "suppressed", "stop_when"),
    *("no_address", "no_sender", "loop_guard", "unsubscribed", "unsubscribed_topic", "bounced", "marked_spam"),
)


def check_expectation(cast: Cast, node: ExpectNode) -> t.Expectation | None:
    """None after a finding."""
    match node:
        case nodes.ExpectMail():
            return _mail(cast, node)
        case nodes.ExpectTask():
            return _task(cast, node)
        case nodes.ExpectNotice():
            return _notice(cast, node)
        case nodes.ExpectFields():
            return _fields(cast, node)
        case nodes.ExpectMember():
            return _member(cast, node)
        case nodes.ExpectEnded():
            return _ended(cast, node)
        case nodes.ExpectNothing(span):
            return t.ExpectNothing(span)
        case _:
            return check_effect(cast, node)


def _mail(cast: Cast, node: nodes.ExpectMail) -> t.ExpectMail | None:
    who, template = cast.contact(node.who), cast.template(node.template)
    source, sound = cast.source(node.source)
    if who is None or template is None or not sound:
        return None
    at, words = node.at.value if node.at else None, said(node.said)
    if words is not None:  # in one line, as the mail is read
        words = t.Said(re.sub(r"\s+", " ", words.text), words.part)
    return t.ExpectMail(who, template, node.negated, at, source, node.span, words)


def _task(cast: Cast, node: nodes.ExpectTask) -> t.ExpectTask | None:
    who = cast.person(node.who)
    task_kind(cast, node.kind)
    assigned = cast.user(node.assigned) if node.assigned else None
    level = task_priority(cast.anybody, node.priority) if node.priority else None
    source, sound = cast.source(node.source)
    if who is None or not sound or (node.assigned and assigned is None) or (node.priority and level is None):
        return None
    due, reminded = (at.value if at else None for at in (node.due, node.reminded))
    of = (node.kind.text, who, node.negated)
    return t.ExpectTask(*of, assigned, source, node.span, due, level, said(node.said), reminded)


def _notice(cast: Cast, node: nodes.ExpectNotice) -> t.ExpectNotice | None:
    user = cast.user(node.user)
    source, sound = cast.source(node.source)
    if user is None or not sound:
        return None
    return t.ExpectNotice(user, node.negated, said(node.said), source, node.span)


def _fields(cast: Cast, node: nodes.ExpectFields) -> t.ExpectFields | None:
    who = cast.person(node.who)
    source, sound = cast.source(node.source)
    if who is None or not sound:
        return None
    fields, scores = expected_fields(cast, who, node.fields, node.missing), expected_scores(cast, who, node.scores)
    return None if fields is None or scores is None else t.ExpectFields(who, fields, source, node.span, scores)


def _member(cast: Cast, node: nodes.ExpectMember) -> t.ExpectMember | None:
    who = cast.person(node.who)
    if node.kind == "segment":
        name = cast.segment(node.name, who) if who else None
        return t.ExpectMember(who, "segment", name, node.negated, node.span) if who and name else None
    key = cast.definition(node.name)
    return t.ExpectMember(who, *key, node.negated, node.span) if who and key else None


def _ended(cast: Cast, node: nodes.ExpectEnded) -> t.ExpectEnded | None:
    who, key = cast.person(node.who), cast.definition(node.definition, LIVE)
    if isinstance(node.reason, nodes.Name):
        _check_reason(cast, node.reason, _REFUSALS if node.status == "refused" else _ENDS)
    if who is None or key is None:
        return None
    reason = None
    if node.reason is not None:
        reason = node.reason.text if isinstance(node.reason, nodes.Name) else node.reason.value
    return t.ExpectEnded(who, node.status, *key, reason, node.span)


def _check_reason(cast: Cast, name: nodes.Name, known: tuple[str, ...]) -> None:
    """A reason that none has, and that looks like one."""
    reasons = (*known, *cast.names.schema.events)
    meant = closest(name.text, reasons)
    if name.text in reasons or meant is None:
        return
    cast.findings.error(
        "unknown-reason",
        name.span,
        f"nothing ends because of `{name.text}`",
        "no such reason",
        help=f"did you mean `{meant}`? the reason of an `exit` stands in quotes",
        fix=replace(name.span, meant, FixKind.UNSAFE),
    )
