"""Hygiene: what records should look like, with fixes that are safe and a queue for the rest (P15)."""

from __future__ import annotations

from collections.abc import Sequence

from ...program.blocks import Finish, Graph, Text
from ...program.others import Hygiene, HygieneRule
from ...syntax import nodes
from ...values import replace as changed
from ..conditions import check_condition
from ..findings import Findings
from ..functions import HYGIENE
from ..graphs import ordered
from ..scope import Names, Scope
from ..segments import object_named
from ..statements import BodyWriter
from ..texts import merge_text
from ..whole import check_whole
from .checked import CheckedOther, label_of
from .repeats import check_repeats
from .settings import no_settings


def check_hygiene(names: Names, findings: Findings, node: nodes.Hygiene) -> CheckedOther:
    """The compiled hygiene, or None in its place after a finding."""
    no_settings(findings, "hygiene", node.settings)
    subject = object_named(names, findings, node.of)
    if subject is None:
        return CheckedOther(node, None)
    scope = Scope(names, findings, subject)
    rules = [None if isinstance(rule, nodes.Bad) else _rule(scope, rule) for rule in node.rules]
    sound = tuple(rule for rule in rules if rule is not None)
    if not node.rules:
        message = f"the hygiene `{node.name.text}` has no rules"
        help_ = 'write `review when CONDITION "why"` or `fix when CONDITION { set .. }`'
        findings.warning("no-rules", node.name.span, message, "finds nothing", help=help_)
    if node.settings or len(sound) < len(rules):
        return CheckedOther(node, None)
    return CheckedOther(node, Hygiene(node.name.text, label_of(node), subject.name, sound, node.name.span))


def _rule(scope: Scope, node: nodes.HygieneRule) -> HygieneRule | None:
    placed = check_condition(scope, node.condition)
    if placed is not None:
        check_whole(scope, placed)
    if node.kind == "review":
        text = _review_text(scope, node)
        return HygieneRule("review", placed.condition, None, text) if placed and text else None
    statements = node.block.statements if node.block else ()
    graph = _fix(scope, node, statements)
    if placed is None or graph is None:
        return None
    if statements:
        check_repeats(scope, node, placed, graph)
    return HygieneRule("fix", placed.condition, graph)


def _review_text(scope: Scope, node: nodes.HygieneRule) -> Text | None:
    """What the queue says to whoever looks at the record."""
    if node.text is None or not node.text.value.strip():
        span = node.text.span if node.text else node.condition.span
        help_ = 'write it behind the condition: `review when .. "Both names are needed"`'
        scope.findings.error("review-without-text", span, "a review says what is wrong", "no text", help=help_)
        return None
    return merge_text(scope, node.text)


def _fix(scope: Scope, node: nodes.HygieneRule, statements: Sequence[nodes.Statement]) -> Graph | None:
    if not statements:
        span = node.block.span if node.block else node.condition.span
        help_ = "write `set PROPERTY = VALUE`, or `review when ..` where a person must decide"
        scope.findings.warning("empty-block", span, "this fix changes nothing", "nothing to write", help=help_)
    writer = BodyWriter(changed(scope, functions=frozenset(HYGIENE)), "hygiene", {})
    following = writer.add(Finish())
    for statement in reversed(statements):
        block = _write(scope, writer, statement, following)
        if block is None:
            writer.effects.whole = False
        else:
            following = block
    return ordered(writer.blocks, following) if writer.effects.whole else None


def _write(scope: Scope, writer: BodyWriter, node: nodes.Statement, following: int) -> int | None:
    """One `set` or `clear` of the record itself; None after a finding."""
    match node:
        case nodes.Bad():
            return None
        case nodes.Set(path) | nodes.Clear(path):
            if not _own(scope, path):
                return None
            return writer.statement(node, following)
    _writes_elsewhere(scope, node)
    return None


def _own(scope: Scope, path: nodes.Path) -> bool:
    first = path.names[0].text
    if len(path.names) == 1 or (first == scope.subject.name and len(path.names) == 2):
        return True
    name = scope.subject.name
    scope.findings.error(
        "hygiene-writes-elsewhere",
        path.span,
        f"a fix writes properties of the {name} itself",
        "of another record",
        help=f"write a hygiene `of {link.target}`" if (link := scope.subject.associations.get(first)) else "",
    )
    return False


def _writes_elsewhere(scope: Scope, node: nodes.Statement) -> None:
    scope.findings.error(
        "hygiene-writes-elsewhere",
        node.span,
        "a fix only changes the record it looks at",
        "does something else",
        help="`set` or `clear` its properties here; for anything else write a workflow",
        note="a fix runs by itself over old records, so it must not mail, call or start anything",
    )
