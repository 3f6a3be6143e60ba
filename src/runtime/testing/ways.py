"""Which ways there are through what is neither segment, sequence nor workflow: talks, broadcasts, reports,
dashboards, hygiene, snippets and scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dsl.english.phrases import phrase
from dsl.program.blocks import If, Split
from dsl.program.conditions import Happened
from dsl.program.conversations import Ask, Conversation, Say, When
from dsl.program.definitions import Program
from dsl.program.others import Broadcast, Hygiene, Score
from dsl.source import Span

from .outcome import Seen

_SAVED = {"playbook": "saves", "form": "submits", "survey": "answers"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way a definition can go: somebody enters it, a branch goes one way, a guard ends it; or somebody is in a
    segment, or outside. `seen_as`: any of these in what tests have seen counts; `words`: what to say where none of
    them has been seen."""

    definition: tuple[str, str]
    words: str
    span: Span
    seen_as: frozenset[Seen]


def other_ways(program: Program) -> Iterator[Way]:
    for talk in program.conversations.values():
        yield from _of_talk(talk)
    for broadcast in program.broadcasts.values():
        yield from _of_broadcast(broadcast)
    for report in program.reports.values():
        yield _way(("report", report.name), "nobody looks at it", report.span, "shown")
        if report.target is not None:
            yield _way(("report", report.name), "nobody looks at its `target`", report.span, "target shown")
    for dashboard in program.dashboards.values():
        yield _way(("dashboard", dashboard.name), "nobody looks at it", dashboard.span, "shown")
    for hygiene in program.hygiene.values():
        yield from _of_hygiene(hygiene)
    for shortcut, snippet in program.snippets.items():
        yield _way(("snippet", shortcut), "nobody calls it up", snippet.span, "rendered")
    for score in program.scores.values():
        yield from _of_score(score)


def _way(key: tuple[str, str], words: str, span: Span, seen: str, block: int | None = None) -> Way:
    return Way(key, words, span, frozenset([(*key, block, seen)]))


def _of_talk(talk: Conversation) -> Iterator[Way]:
    """Saved; each `when`; each property that an answer goes to; each branch of what follows."""
    key = (talk.kind, talk.name)
    yield _way(key, f"nobody {_SAVED[talk.kind]} it", talk.span, "saved")
    yield from {way.words: way for way in _asked(talk, talk.items)}.values()
    if talk.scale is not None and talk.scale.target is not None:
        name = f"{talk.scale.target.object}.{talk.scale.target.property}"
        yield _way(key, f"no score goes to `{name}`", talk.span, f"writes {name}")
    if talk.not_again_within is not None:
        yield _way(key, "nobody is kept from answering again by `not_again_within`", talk.span, "asked too soon")
    for number, block in enumerate(talk.on_save.blocks if talk.on_save else ()):
        match block:
            case If(condition=condition):
                yield _way(key, f"`if {phrase(condition)}` is never true", talk.span, "then", number)
                yield _way(key, f"`if {phrase(condition)}` is never false", talk.span, "else", number)
            case Split(arms):
                for arm in arms:
                    yield _way(key, f"nobody goes to `{arm.name}`", talk.span, arm.name, number)


def _asked(talk: Conversation, items: Sequence[Say | Ask | When]) -> Iterator[Way]:
    key = (talk.kind, talk.name)
    for item in items:
        match item:
            case Ask(name=name, target=target) if target is not None:
                written = f"{target.object}.{target.property}"
                yield _way(key, f"no answer to `{name}` goes to `{written}`", talk.span, f"writes {written}")
            case When(condition, inner):
                said = phrase(condition)
                yield _way(key, f"`when {said}` is never true", talk.span, f"then {said}")
                yield _way(key, f"`when {said}` is never false", talk.span, f"else {said}")
                yield from _asked(talk, inner)


def _of_broadcast(broadcast: Broadcast) -> Iterator[Way]:
    key = ("broadcast", broadcast.name)
    yield _way(key, "nobody gets it", broadcast.span, "entered")
    if broadcast.suppress is not None:
        kept_out = frozenset([(*key, None, "refused suppressed"), (*key, None, "ended suppressed")])
        yield Way(key, "nobody is kept out by `suppress`", broadcast.span, kept_out)


def _of_hygiene(hygiene: Hygiene) -> Iterator[Way]:
    for number, rule in enumerate(hygiene.rules, 1):
        key, said = ("hygiene", f"{hygiene.name}.{number}"), phrase(rule.condition)
        yield _way(key, f"`{rule.kind} when {said}` finds nobody", hygiene.span, "finds")
        yield _way(key, f"`{rule.kind} when {said}` leaves nobody alone", hygiene.span, "leaves")


def _of_score(score: Score) -> Iterator[Way]:
    for number, rule in enumerate(score.rules):
        condition = rule.condition if rule.match is None else Happened(rule.match)
        verb = "give" if rule.points >= 0 else "take"
        said = phrase(condition) if condition is not None else ""
        yield _way(
            ("score", score.name), f"`{verb} {abs(rule.points)} when {said}` never does", score.span, "gives", number
        )
