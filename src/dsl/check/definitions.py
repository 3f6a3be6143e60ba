"""Sequences and workflows: settings, what starts them, their body as a graph (S, D, W, X4-X11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast

from ..program.blocks import Finish, Graph, UserRef
from ..program.conditions import Duration, EventMatch, Unit
from ..program.definitions import Again, Definition, Guards, Manually, OnDate, OnSchedule, Pinned, Place, Window
from ..schema.model import ObjectType
from ..syntax import nodes
from ..values import dataclass
from ..values import replace as changed
from .asked_consent import Topic, segments_named, unasked
from .bodies import Effects, Written
from .decided import decided_at, guarded_at
from .dynamic import engagement, is_dynamic
from .entry_guards import REFUSED, check_entry
from .findings import Findings
from .flow import split_numbers
from .given_names import task_names
from .graphs import ordered
from .guards import read_guards
from .moments import Moment, sure_moments
from .placed import Placed
from .reached import report_after_leaving
from .scope import Names, Scope
from .segments import object_named
from .settings import Settings, read_settings
from .statements import BodyWriter
from .triggers import When, check_when, needs_only, trigger_kinds
from .values_of_settings import as_condition
from .walks import all_statements

DefinitionNode = nodes.Sequence | nodes.Workflow
GRACE = Duration(5, Unit.BUSINESS_DAYS)  # D6


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks over all definitions read of one. `events`: those behind `trigger.`, by name; None where it
    starts by none. `definition` is None where a part was reported. `again`: takes the same record in more than once.
    `surely`: what everybody who enters writes, and when; `unasked`: marketing topics sent without a word about consent,
    unless the `segments` its conditions name ask for it."""

    kind: str
    name: str
    events: tuple[str, ...] | None
    when: When | None
    only: Placed | None
    effects: Effects
    definition: Definition | None
    object: str
    again: bool
    surely: tuple[tuple[Written, Moment], ...] = ()
    unasked: tuple[Topic, ...] = ()
    segments: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        return f"{self.kind} {self.name}"

    def without_graph(self) -> Checked:
        """As it is kept between runs: what only the machine reads is left out."""
        when = changed(self.when, kinds=None) if self.when is not None else None
        return changed(self, when=when, definition=None)


class Body(NamedTuple):
    """What a body does: its blocks (None where a part was reported), the events that hand over to the rep (D3), what it
    does to the world, and the places where conditions decide."""

    graph: Graph | None
    engage: tuple[EventMatch, ...]
    effects: Effects
    decided: tuple[Place, ...]


def check_definition(
    names: Names,
    findings: Findings,
    node: DefinitionNode,
    defaults: Mapping[str, nodes.Setting],
) -> Checked | None:
    """Everything about one definition; None where it cannot be said what it is about."""
    kind = "sequence" if isinstance(node, nodes.Sequence) else "workflow"
    subject = _subject(names, findings, node)
    if subject is None:
        return None
    before = len(findings.conditions)
    plain = Scope(names, findings, subject, enrolled=True)
    written = next((s for s in node.body.settings if s.name == "when"), None)
    kinds = trigger_kinds(plain, written.value) if written else () if kind == "workflow" else None
    scope = changed(plain, trigger=kinds)
    settings = read_settings(scope, node.body.settings, defaults)
    when = _when(changed(plain, enrolled=False), kind, node, settings)
    body = _body(scope, kind, node)
    effects = body.effects
    topics = [topic for name, _ in effects.sends if (topic := names.topic_of(name)) is not None]
    if subject.name == "contact":
        report_after_leaving(node.body, topics, findings)
    guards = read_guards(scope, kind, settings, topics)
    _check_sender(findings, kind, node, when, settings, effects)
    only = _check_entering(findings, when, settings)
    conditions = findings.conditions[before:]
    moments = sure_moments(node.body.statements)
    return Checked(
        kind,
        node.name.text,
        None if kinds is None else tuple(event.name for event in kinds),
        when,
        only,
        effects,
        _definition(kind, subject, node, when, settings, guards, body),
        subject.name,
        _taken_again(settings, when),
        tuple((written, moments[written.span]) for written in effects.written if written.span in moments),
        unasked(names, when.trigger if when else None, effects, conditions),
        segments_named(conditions),
    )


def _check_entering(findings: Findings, when: When | None, settings: Settings) -> Placed | None:
    """What else is asked of who enters: `only`, which is given back, and the guards that refuse at the door."""
    needs_only(findings, when, named="only" in settings.values or "only" in settings.written)
    found = settings.get("only")
    only = found if isinstance(found, Placed) else None
    for guard in REFUSED:
        if isinstance(held := settings.get(guard), Placed):
            check_entry(findings, when, only, guard, held)
    return only


def _definition(
    kind: str,
    subject: ObjectType,
    node: DefinitionNode,
    when: When | None,
    settings: Settings,
    guards: Guards,
    body: Body,
) -> Definition | None:
    """What the engine runs; None where a part of it was reported."""
    if when is None or body.graph is None or not settings.whole:
        return None
    return Definition(
        node.name.text,
        node.label.value if node.label else "",
        when.trigger,
        as_condition(settings.get("only")),
        cast("Again | None", settings.get("again")) or Again("always" if _taken_again(settings, when) else "never"),
        settings.get("existing") == "enroll",
        bool(settings.values.get("exclusive", kind == "sequence")),
        cast("int", settings.values.get("priority", 0)),
        cast("str", settings.values.get("late_engagement", "log")),
        guards,
        _pinned(kind, subject, body.graph, settings, body.engage, is_dynamic(node)),
        node.name.span,
        (*body.decided, *guarded_at(node)),
    )


def _taken_again(settings: Settings, when: When | None) -> bool:
    """Whether one record may enter more than once (X5)."""
    again = cast("Again | None", settings.get("again"))
    if again is not None:
        return again.policy != "never"
    return when is not None and isinstance(when.trigger, OnSchedule | OnDate)


def _subject(names: Names, findings: Findings, node: DefinitionNode) -> ObjectType | None:
    if isinstance(node, nodes.Sequence):
        if node.of is not None and node.of.text != "contact":
            findings.error(
                "wrong-object",
                node.of.span,
                "a sequence writes to people: it is always of contact",
                f"not of {node.of.text}",
                help="write `of contact` or leave it out; a workflow may be of another object",
            )
            return None
        known = names.schema.objects.get("contact")
        return known or object_named(names, findings, node.of or nodes.Name("contact", node.name.span))
    if node.of is None:
        findings.error(
            "missing-object",
            node.name.span,
            f"the workflow `{node.name.text}` does not say what it is about",
            "of what?",
            help=f"write `workflow {node.name.text} of contact {{ .. }}`",
        )
        return names.schema.objects.get("contact")
    return object_named(names, findings, node.of)


def _when(scope: Scope, kind: str, node: DefinitionNode, settings: Settings) -> When | None:
    """Without `when:` a sequence starts by hand; a workflow must say what starts it."""
    written = settings.written.get("when")
    if written is not None:
        return check_when(scope, written.value)
    if kind == "workflow":
        scope.findings.error(
            "missing-setting",
            node.name.span,
            f"the workflow `{node.name.text}` does not say what starts it",
            "no `when:`",
            help="write `when:` and an event, a condition, `PROPERTY becomes VALUE` or `manually`",
        )
        return None
    return When(Manually(), node.name.span)


def _body(scope: Scope, kind: str, node: DefinitionNode) -> Body:
    scope = changed(scope, tasks=task_names(scope.findings, scope.subject, node.body))
    writer = BodyWriter(scope, kind, split_numbers(all_statements(node.body)))
    if is_dynamic(node):
        engage = engagement(scope, kind, node)
        automated = (
            writer.body(node.body.automated[0].block.statements, writer.add(Finish())) if node.body.automated else 0
        )
        rep_led = writer.body(node.body.rep_led[0].block.statements, writer.add(Finish())) if node.body.rep_led else 0
        whole = engage is not None and writer.effects.whole
        graph = ordered(writer.blocks, automated, rep_led) if whole else None
        return Body(graph, engage or (), writer.effects, decided_at(writer, automated, rep_led))
    if not node.body.statements:
        message = f"the {kind} `{node.name.text}` has no steps"
        scope.findings.warning("no-steps", node.name.span, message, "does nothing")
    entry = writer.body(node.body.statements, writer.add(Finish()))
    graph = ordered(writer.blocks, entry) if writer.effects.whole else None
    return Body(graph, (), writer.effects, decided_at(writer, entry))


def _pinned(
    kind: str, subject: ObjectType, graph: Graph, settings: Settings, engage: tuple[EventMatch, ...], dynamic: bool
) -> Pinned:
    return Pinned(
        kind,
        subject.name,
        graph,
        cast("Window | None", settings.get("window")),
        cast("UserRef | None", settings.get("sender")),
        cast("str", settings.get("zone") or "account"),
        cast("str | None", settings.get("calendar")),
        cast("int | None", settings.get("tasks_at")),
        cast("int | None", settings.get("remind_at")),
        bool(settings.get("threading")),
        (cast("Duration | None", settings.get("grace")) or GRACE) if dynamic else None,
        engage,
    )


def _check_sender(
    findings: Findings, kind: str, node: DefinitionNode, when: When | None, settings: Settings, effects: Effects
) -> None:
    """Who enrolls by hand is the sender; nobody does in a sequence that starts by itself (X21)."""
    by_itself = when is not None and not isinstance(when.trigger, Manually)
    if (
        kind == "sequence"
        and by_itself
        and effects.sends
        and "sender" not in settings.values
        and "sender" not in settings.written
    ):
        findings.warning(
            "no-sender",
            node.name.span,
            f"the sequence `{node.name.text}` starts by itself and names no sender",
            "everyone would be refused",
            help="write `sender: contact.owner`",
        )
