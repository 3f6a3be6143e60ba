"""X24: marketing is refused to whoever has not opted in. Where nothing in a definition asks for that, a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..program.conditions import Consent, InSegment
from ..program.definitions import OnEvents, Trigger
from ..schema.model import TopicKind
from ..source import Span
from .bodies import Effects
from .findings import Findings
from .placed import Placed
from .scope import Names

Topic = tuple[str, Span]  # and where a mail of it is sent
OF_WHO_ENTERS = "add `subscribed to {topic}` to `only:`"
OF_WHO_GETS_IT = "choose who gets it: `send .. to every contact (subscribed to {topic})`"


def unasked(names: Names, trigger: Trigger | None, effects: Effects, conditions: Sequence[Placed]) -> tuple[Topic, ...]:
    """The marketing topics sent about whose consent the definition itself says nothing, each with its first mail."""
    if names.project.consent != "strict" or _by_subscribing(trigger):
        return ()
    asked = {part.condition.topic for part in _parts(conditions) if isinstance(part.condition, Consent)}
    found: dict[str, Span] = {}
    for template, span in sorted(effects.sends, key=lambda sent: sent[1].start):
        topic = names.schema.topics.get(names.topic_of(template) or "")
        if topic is None or topic.kind is not TopicKind.MARKETING:
            continue
        if topic.name not in asked and topic.name not in effects.subscribed:
            found.setdefault(topic.name, span)
    return tuple(found.items())


def segments_named(conditions: Sequence[Placed]) -> frozenset[str]:
    """The segments that conditions name."""
    return frozenset(part.condition.segment for part in _parts(conditions) if isinstance(part.condition, InSegment))


def check_consent(
    topics: Iterable[Topic],
    named: frozenset[str],
    segments: Mapping[str, Placed],
    findings: Findings,
    advice: str,
) -> None:
    """Reports the topics that the segments of the definition do not ask for either; `advice` is what to do."""
    for topic, span in topics:
        if topic not in _asked_in(named, segments):
            findings.info(
                "asks-for-no-consent",
                span,
                f"nothing here asks whether people are subscribed to `{topic}`",
                "a marketing mail",
                help=f"{advice.format(topic=topic)}; mail to anybody else is refused in any case (X24)",
            )


def _asked_in(named: frozenset[str], segments: Mapping[str, Placed]) -> set[str]:
    """The topics that segments ask for, themselves or through others."""
    topics: set[str] = set()
    waiting, seen = list(named), set(named)
    while waiting:
        placed = segments.get(waiting.pop())
        for part in _parts([placed] if placed is not None else []):
            if isinstance(part.condition, Consent):
                topics.add(part.condition.topic)
            if isinstance(part.condition, InSegment) and part.condition.segment not in seen:
                seen.add(part.condition.segment)
                waiting.append(part.condition.segment)
    return topics


def _parts(conditions: Sequence[Placed]) -> Iterator[Placed]:
    waiting = list(conditions)
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(part.parts)


def _by_subscribing(trigger: Trigger | None) -> bool:
    return isinstance(trigger, OnEvents) and all(match.event == "subscribed" for match in trigger.events)
