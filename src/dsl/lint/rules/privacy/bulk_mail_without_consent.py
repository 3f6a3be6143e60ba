"""X24, L4: a one-to-one topic, which asks for no consent, mailed in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ....check.placed import Placed
from ....diagnostics.diagnostic import Severity
from ....program.conditions import Consent
from ....schema.model import TopicKind
from ....source import Span
from ...overview import Facts, Overview
from ...rule import Example, Found, Rule
from ...view import View

NAME = "bulk-mail-without-consent"


def _note(view: View) -> tuple[str, ...] | None:
    """The topics that a segment or broadcast asks for."""
    if view.kind not in ("segment", "broadcast"):
        return None
    asked = {part.condition.topic for part in _parts(view.conditions) if isinstance(part.condition, Consent)}
    return tuple(sorted(asked)) or None


def _parts(conditions: tuple[Placed, ...]) -> Iterator[Placed]:
    for placed in conditions:
        yield placed
        yield from _parts(placed.parts)


def _whole(overview: Overview) -> Iterator[Found]:
    asked = {(facts.kind, facts.name): topics for facts, topics in overview.notes(NAME)}
    declared = {(facts.kind, facts.name): facts for facts in overview.of("segment", "broadcast")}
    for broadcast in overview.of("broadcast"):
        for sent in (r for r in broadcast.references if r.kind == "template"):
            topic = overview.names.schema.topics.get(overview.names.topic_of(sent.name) or "")
            if topic is None or topic.kind is not TopicKind.ONE_TO_ONE:
                continue
            if not any(topic.name in _topics(asked.get(key)) for key in _behind(broadcast, declared)):
                yield _found(topic.name, sent.span)


def _topics(noted: object) -> tuple[str, ...]:
    return noted if isinstance(noted, tuple) else ()


def _behind(broadcast: Facts, declared: Mapping[tuple[str, str], Facts]) -> set[tuple[str, str]]:
    """The broadcast and all segments it names, themselves or through others."""
    waiting, seen = [broadcast], {(broadcast.kind, broadcast.name)}
    while waiting:
        named = {(r.kind, r.name) for r in waiting.pop().references if (r.kind, r.name) in declared}
        waiting += [declared[key] for key in named - seen]
        seen |= named
    return seen


def _found(topic: str, span: Span) -> Found:
    return Found(
        span,
        f"a broadcast mails `{topic}`, and nobody is asked for consent",
        "of a one_to_one topic",
        help="give the template a topic of kind marketing, and ask `subscribed to` it in `to:`",
        note="one-to-one mail also goes to people who never opted in; a broadcast is not one-to-one",
    )


_PROGRAM = """\
broadcast spring {
  to: WHOM
  send: news
}
template news { topic: TOPIC  subject: "News"  body: \"""[Read on](https://example.com/news)\""" }
"""


def _program(to: str, topic: str) -> str:
    return _PROGRAM.replace("TOPIC", topic).replace("WHOM", to)


RULE = Rule(
    name=NAME,
    alias="SG642",
    category="privacy",
    severity=Severity.WARNING,
    title="A broadcast of a one-to-one topic",
    why="A one-to-one topic is for letters from one person to another: whoever has not opted out may get them, also "
    "people who were never asked. A broadcast is bulk mail whatever its template is called, and bulk mail asks for "
    "consent in most countries. With a marketing topic only those who opted in get it.",
    domain=("X24", "L4", "L8"),
    bad=(Example(_program("plan = paid", "sales")),),
    good=(
        Example(_program("subscribed to newsletter", "newsletter")),
        Example(
            _program("in segment readers", "sales") + "segment readers of contact { subscribed to sales }\n",
            "only who has opted in",
        ),
    ),
    note=_note,
    whole=_whole,
)
