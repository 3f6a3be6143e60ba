"""The guards of a definition: what ends an enrollment whatever its body does (X9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from ..diagnostics.suggest import perhaps
from ..program.conditions import AnyOf, Compare, Const, EventMatch, EventValue, Missing, OneOf
from ..program.definitions import Guards
from ..schema.model import EventKind, Kind, Schema, Type
from ..syntax import nodes
from .findings import Findings, choices
from .scope import Scope
from .settings import Settings
from .values_of_settings import as_condition

DEFAULTS = {"replied": "reply", "booked_meeting": "meeting"}
ALWAYS = ("unsubscribed", "bounced", "marked_spam")


def read_guards(scope: Scope, kind: str, settings: Settings, topics: Sequence[str]) -> Guards:
    """What stops the definition. `topics` are those it sends: leaving one of them stops it too."""
    kept = _kept(scope, kind, settings)
    stops: list[tuple[EventMatch, str]] = []
    if scope.subject.name == "contact":
        stops += _always(scope.schema, topics)
        if kind == "sequence":
            stops += [(EventMatch(e), r) for e, r in DEFAULTS.items() if e not in kept and e in scope.schema.events]
    added = cast("tuple[EventMatch, ...]", settings.get("stop_on") or ())
    stops += [
        (match, DEFAULTS.get(match.event, match.event))
        for match in added
        if (match, DEFAULTS.get(match.event)) not in stops
    ]
    return Guards(
        tuple(stops),
        as_condition(settings.get("stop_when")),
        cast("tuple[EventMatch, ...]", settings.get("stop_company_on") or ()),
        as_condition(settings.get("goal")),
        as_condition(settings.get("suppress")),
    )


def _always(schema: Schema, topics: Sequence[str]) -> list[tuple[EventMatch, str]]:
    """Unsubscribing from all or from a topic sent, a hard bounce, a complaint: never switched off."""
    stops = []
    if (left := schema.events.get("unsubscribed")) is not None:
        stops.append((_unsubscribed(left, topics), "unsubscribed"))
    if (bounce := schema.events.get("bounced")) is not None:
        kind = bounce.fields["kind"].type if "kind" in bounce.fields else None
        hard = Compare(EventValue("kind", kind), "=", Const("hard", kind)) if kind else None
        stops.append((EventMatch("bounced", hard), "bounce"))
    if "marked_spam" in schema.events:
        stops.append((EventMatch("marked_spam"), "spam"))
    return stops


def _unsubscribed(kind: EventKind, topics: Sequence[str]) -> EventMatch:
    if "topic" not in kind.fields:
        return EventMatch("unsubscribed")
    topic = EventValue("topic", kind.fields["topic"].type)
    from_all = Missing(topic)
    if not topics:
        return EventMatch("unsubscribed", from_all)
    named = OneOf(topic, tuple(Const(name, Type(Kind.TEXT)) for name in sorted(set(topics))))
    return EventMatch("unsubscribed", AnyOf((from_all, named)))


def _kept(scope: Scope, kind: str, settings: Settings) -> set[str]:
    """The defaults taken out by `keep_on`, each with a word of warning."""
    kept = set()
    for path in cast("tuple[nodes.Path, ...]", settings.get("keep_on") or ()):
        if path.text in DEFAULTS and kind == "sequence":
            kept.add(path.text)
            scope.findings.warning(
                "keeps-going",
                path.span,
                f"people go on getting mail after they {path.text.replace('_', ' ')}",
                "does not stop them",
                help="leave `keep_on` out unless that is meant",
            )
        else:
            _not_kept(scope.findings, kind, path)
    return kept


def _not_kept(findings: Findings, kind: str, path: nodes.Path) -> None:
    if path.text in ALWAYS:
        findings.error(
            "always-stops",
            path.span,
            f"`{path.text}` always stops a {kind}",
            "cannot be switched off",
            note="who unsubscribes, bounces or complains gets no further mail (X9)",
        )
        return
    if kind == "workflow":
        findings.error(
            "bad-setting",
            path.span,
            "nothing stops a workflow by default",
            "nothing to keep",
            help="leave `keep_on` out",
        )
        return
    hint = perhaps(path.text, DEFAULTS) or f"write {choices(DEFAULTS)}"
    findings.error(
        "bad-setting", path.span, f"`{path.text}` does not stop a sequence by default", "nothing to keep", help=hint
    )
