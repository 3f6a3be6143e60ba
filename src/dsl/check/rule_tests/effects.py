"""What a test expects beyond mails, tasks and memberships: calls, notes, new records, consent, reports, hygiene."""

from __future__ import annotations

from ...diagnostics.articles import article
from ...program import tests as t
from ...program.conditions import Const
from ...syntax import nodes
from ..operands import score
from ..telling import channel_named
from .answered import cells
from .cast import Cast
from .links import between
from .values import not_plain, plain, property_named

EffectNode = (
    nodes.ExpectCall
    | nodes.ExpectNote
    | nodes.ExpectCreated
    | nodes.ExpectLink
    | nodes.ExpectConsent
    | nodes.ExpectRow
    | nodes.ExpectFinding
    | nodes.ExpectSnippet
)
ExpectedFields = tuple[tuple[str, Const | None], ...]


def check_effect(cast: Cast, node: EffectNode) -> t.Expectation | None:
    """None after a finding."""
    match node:
        case nodes.ExpectCall():
            source, sound = cast.source(node.source)
            call = t.ExpectCall(node.kind, node.channel.value, node.negated, said(node.said), source, node.span)
            return call if channel_named(cast.anybody, node.kind, node.channel) and sound else None
        case nodes.ExpectNote():
            who = cast.person(node.who)
            return t.ExpectNote(who, node.negated, said(node.said), node.span) if who else None
        case nodes.ExpectCreated():
            return _created(cast, node)
        case nodes.ExpectLink():
            found = between(cast, node)
            return t.ExpectLink(*found, node.negated, node.span) if found else None
        case nodes.ExpectConsent():
            who, topic = cast.contact(node.who), cast.topic(node.topic)
            return t.ExpectConsent(who, topic, node.opted_in, node.negated, node.span) if who and topic else None
        case nodes.ExpectRow():
            return _row(cast, node)
        case nodes.ExpectFinding():
            return _finding(cast, node)
        case nodes.ExpectSnippet():
            return _snippet(cast, node)


def said(words: nodes.Said | None) -> t.Said | None:
    """`"text"` or `contains "text"`."""
    return t.Said(words.text.value, words.part) if words else None


def _created(cast: Cast, node: nodes.ExpectCreated) -> t.ExpectCreated | None:
    source, sound = cast.source(node.source)
    of = cast.object(node.object)
    if of is None or not sound:
        return None
    who = cast.enter(node.object, node.name) if node.name else None
    fields = expected_fields(cast, t.Person(node.object.text, of), node.fields, node.missing)
    if fields is None or (node.name and who is None):
        return None
    return t.ExpectCreated(of, node.negated, who, fields, source, node.span)


def expected_fields(
    cast: Cast, who: t.Person, fields: tuple[nodes.Assigned, ...], missing: tuple[nodes.Path, ...]
) -> ExpectedFields | None:
    """`{ plan = paid  nps is missing }`; None after a finding."""
    scope = cast.scope(who)
    found: list[tuple[str, Const | None]] = []
    for one in fields:
        target = property_named(scope, one.path)
        value = plain(scope, target, one.value) if target else None
        if value is not None and not isinstance(value, Const):
            not_plain(scope, one.value.span)
        elif value is not None:
            found.append((one.path.text, value))
    found += [(path.text, None) for path in missing if property_named(scope, path)]
    return tuple(found) if len(found) == len(fields) + len(missing) else None


def expected_scores(
    cast: Cast, who: t.Person, scores: tuple[nodes.Scored, ...]
) -> tuple[tuple[str, float | None], ...] | None:
    """`{ score(fit) = 20 }`; None after a finding."""
    scope = cast.scope(who)
    found: list[tuple[str, float | None]] = []
    for one in scores:
        target = score(scope, one.score)
        match one.value:
            case None:
                value: float | None = None
            case nodes.Number(value=number):
                value = float(number)
            case other:
                not_plain(scope, other.span, "write the number of points")
                target = None
        if target is not None:
            found.append((one.score.name.text, value))
    return tuple(found) if len(found) == len(scores) else None


def _row(cast: Cast, node: nodes.ExpectRow) -> t.ExpectRow | None:
    report, found = cast.named("report", node.report), cells(cast.findings, node.cells)
    dashboard = cast.named("dashboard", node.dashboard) if node.dashboard else None
    if report is None or not found or (node.dashboard and dashboard is None):
        return None
    return t.ExpectRow(report.name, found, node.negated, node.span, dashboard.name if dashboard else None)


def _finding(cast: Cast, node: nodes.ExpectFinding) -> t.ExpectFinding | None:
    who, hygiene = cast.person(node.who), cast.named("hygiene", node.hygiene)
    if who is None or hygiene is None:
        return None
    if hygiene.object == who.object:
        return t.ExpectFinding(hygiene.name, who, node.negated, node.span)
    message = f"`{hygiene.name}` looks at each {hygiene.object}, and `{who.name}` is {article(who.object)}"
    cast.findings.error("wrong-object", node.who.span, message, article(who.object))
    return None


def _snippet(cast: Cast, node: nodes.ExpectSnippet) -> t.ExpectSnippet | None:
    who, words = cast.contact(node.who), said(node.said)
    shortcut = nodes.Name(node.shortcut.value.casefold(), node.shortcut.span)
    snippet = cast.named("snippet", shortcut)
    return t.ExpectSnippet(snippet.name, who, words, node.span) if who and snippet and words else None
