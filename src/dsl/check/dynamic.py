"""Dynamic sequences: an automated part of one to three mails, a rep-led part, the switch between (D1-D8, X11)."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics.diagnostic import Label
from ..program.conditions import EventMatch
from ..syntax import nodes
from .events import event_match
from .findings import choices
from .scope import Scope
from .triggers import alternatives, is_event
from .whole import check_whole

MOST_MAILS = 3  # D1


def is_dynamic(node: nodes.Sequence | nodes.Workflow) -> bool:
    """Whether the body has an automated or a rep-led part."""
    return bool(node.body.automated or node.body.rep_led)


def engagement(scope: Scope, kind: str, node: nodes.Sequence | nodes.Workflow) -> tuple[EventMatch, ...] | None:
    """The events that hand over to the rep; None after a finding about the two parts."""
    mark = scope.findings.mark()
    _check_shape(scope, kind, node)
    for part in node.body.automated[:1]:
        _check_automated(scope, part)
    events: list[EventMatch] = []
    whole = bool(node.body.automated and node.body.rep_led)
    for rep_led in node.body.rep_led[:1]:
        for engaged in alternatives(rep_led.engaged):
            match = _engaged(scope, engaged)
            whole = whole and match is not None
            events += [match] if match else []
    return tuple(events) if whole and not scope.findings.errors_since(mark) else None


def _engaged(scope: Scope, node: nodes.SettingValue) -> EventMatch | None:
    mails = [kind.name for kind in scope.schema.events.values() if kind.classed]
    if isinstance(node, nodes.Bad):
        return None
    if not is_event(scope, node) or not isinstance(node, nodes.Event | nodes.Path):
        help_ = f"write {choices(mails)}, each with its own count"
        scope.findings.error(
            "bad-switch", node.span, "a rep takes over when a mail is opened or clicked", "no such event", help=help_
        )
        return None
    found = event_match(scope, node)
    if found is None:
        return None
    match, inner = found
    narrowed = node if isinstance(node, nodes.Event) else None
    extra = narrowed and (narrowed.since_enrollment or (narrowed.within.span if narrowed.within else None))
    if match.event not in mails or extra:
        message = "a rep takes over when a mail of this sequence is opened or clicked, at any time"
        scope.findings.error("bad-switch", extra or node.span, message, "not here", help=f"write {choices(mails)}")
        return None
    if inner is not None:
        check_whole(scope, inner)
    return match


def _check_shape(scope: Scope, kind: str, node: nodes.Sequence | nodes.Workflow) -> None:
    parts: list[nodes.Automated | nodes.RepLed] = [*node.body.automated, *node.body.rep_led]
    unread = any(isinstance(statement, nodes.Bad) for statement in node.body.statements)  # perhaps a part
    if kind == "workflow":
        scope.findings.error(
            "dynamic-workflow", parts[0].keyword, "only a sequence has an automated and a rep-led part", "in a workflow"
        )
        return
    for several in ([*node.body.automated], [*node.body.rep_led]):
        if len(several) > 1:
            others = [Label(several[0].keyword, "first here")]
            scope.findings.error(
                "duplicate-part", several[1].keyword, "this part is written twice", "again here", others=others
            )
    if not node.body.automated and not unread:
        scope.findings.error(
            "missing-part", parts[0].keyword, "a rep-led part follows an automated one", "no `automated { .. }`"
        )
    if not node.body.rep_led and not unread:
        scope.findings.error(
            "missing-part",
            parts[0].keyword,
            "an automated part hands over to a rep-led one",
            "no `rep_led when ..`",
            help="write `rep_led when clicked_email { .. }`, or leave `automated` out",
        )
    if node.body.statements and not unread:
        scope.findings.error(
            "steps-beside-parts",
            node.body.statements[0].span,
            "a dynamic sequence has its steps in `automated` and `rep_led`",
            "beside the parts",
            help="move it into one of the two",
        )


def _check_automated(scope: Scope, part: nodes.Automated) -> None:
    """One to three mails and waits, nothing else (D1)."""
    statements: Sequence[nodes.Statement] = part.block.statements
    others = [s for s in statements if not _is_automatic(s)]
    if others:
        message = "the automated part holds mails and waits"
        scope.findings.error("automated-steps", others[0].span, message, "not automated", help="move it into `rep_led`")
        return
    mails = [s for s in statements if isinstance(s, nodes.Send)]
    if mails and len(mails) <= MOST_MAILS:
        return
    if not mails and any(isinstance(s, nodes.Bad) for s in statements):
        return
    span = mails[MOST_MAILS].span if mails else part.keyword
    scope.findings.error(
        "automated-steps", span, f"the automated part holds one to {MOST_MAILS} mails", "too many" if mails else "none"
    )


def _is_automatic(statement: nodes.Statement) -> bool:
    if isinstance(statement, nodes.Send):
        return not statement.as_task
    return isinstance(statement, nodes.Wait | nodes.Bad)
