"""What a test gives and what it lets happen."""

from __future__ import annotations

from ...diagnostics.articles import article
from ...diagnostics.diagnostic import Label
from ...diagnostics.suggest import perhaps
from ...program import tests as t
from ...program.conditions import Const, Duration, Field, Unit
from ...schema.model import ANY_OBJECT
from ...source import Span
from ...syntax import nodes
from ..events import event_kind
from ..scope import Scope
from ..telling import TASK_KINDS
from ..writes import may_be_written
from .by_hand import ByHandNode, check_by_hand
from .cast import Cast
from .links import between
from .values import event_fields, not_plain, plain, properties, property_named

GivenNode = nodes.GivenRecord | nodes.GivenEvent | nodes.GivenLink | nodes.GivenMember | nodes.GivenConsent
ActNode = nodes.Happens | nodes.Enrolls | nodes.Advance | nodes.TaskClosed | nodes.Sets | ByHandNode


def check_given(cast: Cast, node: GivenNode) -> t.Item | None:
    """What there was before; None after a finding."""
    match node:
        case nodes.GivenRecord():
            return _record(cast, node)
        case nodes.GivenEvent():
            return _event(cast, node.who, node.event, node.ago, given=True, span=node.span)
        case nodes.GivenLink():
            found = between(cast, node)
            return t.GivenLink(*found) if found else None
        case nodes.GivenMember():
            return _member(cast, node)
        case nodes.GivenConsent():
            return _consent(cast, node)


def check_act(cast: Cast, node: ActNode) -> t.Item | None:
    """What happens now; None after a finding."""
    match node:
        case nodes.Happens():
            return _event(cast, node.who, node.event, None, given=False, span=node.span)
        case nodes.Enrolls():
            return _enrolls(cast, node)
        case nodes.Advance():
            return _advance(cast, node)
        case nodes.TaskClosed():
            who = cast.person(node.who)
            task_kind(cast, node.task, named=True)
            return t.TaskClosed(node.task.text, who, node.outcome, node.span) if who else None
        case nodes.Sets():
            return _sets(cast, node)
        case _:
            return check_by_hand(cast, node)


def _record(cast: Cast, node: nodes.GivenRecord) -> t.GivenRecord | None:
    who = cast.enter(node.object, node.name)
    if who is None:
        return None
    fields = properties(cast.scope(who), node.fields)
    return None if fields is None else t.GivenRecord(who, fields)


def _event(
    cast: Cast, name: nodes.Name, event: nodes.Event, ago: nodes.Duration | None, *, given: bool, span: Span
) -> t.Event | None:
    who = cast.person(name)
    if who is None:
        return None
    scope = cast.scope(who)
    kind = None if _of_another(scope, event, who) else event_kind(scope, event.path)
    if kind is None:
        return None
    if kind.builtin is not None:
        _follows(scope, event, kind.name)
        return None
    fields = event_fields(scope, kind, event)
    if fields is None:
        return None
    before = Duration(ago.n, Unit(ago.unit)) if ago else None
    return t.Event(who, kind.name, fields, before, given, span)


def _of_another(scope: Scope, event: nodes.Event, who: t.Person) -> bool:
    """Whether such events happen to records of another object; reports it."""
    kind = scope.schema.events.get(event.path.text)
    if kind is None or kind.of in (who.object, ANY_OBJECT):
        return False
    message = f"`{kind.name}` happens to {article(kind.of)}, and `{who.name}` is {article(who.object)}"
    scope.findings.error("wrong-object", event.path.span, message, f"an event of {kind.of}")
    return True


def _follows(scope: Scope, event: nodes.Event, name: str) -> None:
    scope.findings.error(
        "not-an-act",
        event.path.span,
        f"`{name}` follows from other events and does not happen by itself",
        "not an event of its own",
        help="let a record be given" if name == "created" else "name the event itself, such as `replied`",
    )


def _member(cast: Cast, node: nodes.GivenMember) -> t.GivenMember | None:
    who = cast.person(node.who)
    name = cast.segment(node.segment, who) if who else None
    found = cast.names.get("segment", name) if name else None
    if who is None or found is None:
        return None
    if not found.static:
        cast.findings.error(
            "not-static",
            node.segment.span,
            f"who is in `{found.name}` follows from its condition",
            "nobody is put in",
            others=[Label(found.span, "declared here")],
            help=f"give `{who.name}` what the condition asks for",
        )
        return None
    return t.GivenMember(who, found.name)


def _consent(cast: Cast, node: nodes.GivenConsent) -> t.GivenConsent | None:
    who, topic = cast.contact(node.who), cast.topic(node.topic)
    return t.GivenConsent(who, topic, node.opted_in) if who and topic else None


# --- acts -------------------------------------------------------------------------------------


def _enrolls(cast: Cast, node: nodes.Enrolls) -> t.Enrolls | None:
    who, key = cast.person(node.who), cast.definition(node.definition)
    if who is None or key is None:
        return None
    found = cast.names.get(*key)
    if found is not None and found.object != who.object:
        cast.findings.error(
            "wrong-object",
            node.definition.span,
            f"`{found.name}` is a {found.kind} of {found.object}, and `{who.name}` is {article(who.object)}",
            f"of {found.object}",
            others=[Label(found.span, "declared here")],
        )
        return None
    return t.Enrolls(who, *key, node.span)


def _advance(cast: Cast, node: nodes.Advance) -> t.Advance | None:
    if node.length.n > 0:
        return t.Advance(Duration(node.length.n, Unit(node.length.unit)), node.span)
    cast.findings.error(
        "after-nothing", node.length.span, "no time passes here", "nothing", help="leave it out, or write `after 1 day`"
    )
    return None


def _sets(cast: Cast, node: nodes.Sets) -> t.Sets | None:
    who = cast.person(node.who)
    if who is None:
        return None
    scope = cast.scope(who)
    target = property_named(scope, node.path)
    if target is None or not isinstance(target.value, Field):
        return None
    if not may_be_written(scope, target.value, node.path.span):
        return None
    value = plain(scope, target, node.value)
    if value is not None and not isinstance(value, Const):
        not_plain(scope, node.value.span)
        return None
    return None if value is None else t.Sets(who, target.value.property, value, node.span)


def task_kind(cast: Cast, kind: nodes.Name, named: bool = False) -> None:
    """A kind of task that looks like a slip. `named`: the name of a task may stand here too."""
    hint = perhaps(kind.text, TASK_KINDS)
    if kind.text not in TASK_KINDS and hint and not named:
        message = f"`{kind.text}` is no usual kind of task"
        cast.findings.warning("unknown-task-kind", kind.span, message, "unusual", help=hint)
