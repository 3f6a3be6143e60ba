"""One project as a whole: what only shows across all its files, and the program made of them.

Reads the facts that `one_file` gives of each file, never a tree or a text but to quote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from ..program.conversations import Conversation
from ..program.definitions import Definition, OnCondition, Program, Segment, Template
from ..program.others import Broadcast, Dashboard, Hygiene, Report, Score, Snippet
from ..schema.model import Project, Schema
from ..source import Source
from ..syntax import nodes
from .absence import Absences
from .asked_consent import OF_WHO_ENTERS, OF_WHO_GETS_IT, check_consent
from .circles import definition_circles, segment_circles
from .contradictions import check_through_segments
from .definitions import Checked
from .findings import Findings
from .many_writers import check_writers
from .one_file import Facts
from .others import Mailing, check_scored
from .placed import Placed
from .project_defaults import places_in
from .scope import Key, Names, Scope
from .settings import check_defaults
from .sound import Compiled
from .starts import start_arrows

Kind = TypeVar("Kind", Score, Snippet, Broadcast, Hygiene, Report, Dashboard)


def check_across(files: Sequence[Facts], schema: Schema, findings: Findings) -> None:
    """Segments that contain each other, definitions that start each other, absence that counts newcomers,
    conditions that exclude what a segment they name asks for,
    several writers of one property, marketing without a word about consent."""
    segments = [segment for file in files for segment in file.segments]
    definitions = [checked for file in files for checked in file.definitions]
    mailings = [mailing for file in files for mailing in file.mailings]
    placed = {segment.name: segment.placed for segment in segments if segment.placed is not None}
    for name in segment_circles([arrow for segment in segments for arrow in segment.arrows], findings):
        placed.pop(name, None)
    for whole in (whole for file in files for whole in file.naming):
        check_through_segments(whole, placed, findings)
    _check_absences(definitions, mailings, placed, schema, findings)
    check_scored((named for file in files for named in file.scored), placed, findings)
    definition_circles(start_arrows(definitions), findings)
    check_writers(definitions, findings)
    for checked in definitions:
        advice = OF_WHO_ENTERS if checked.object == "contact" else OF_WHO_GETS_IT
        check_consent(checked.unasked, checked.segments, placed, findings, advice)
    for mailing in mailings:
        check_consent(mailing.unasked, mailing.segments, placed, findings, mailing.advice)


def _check_absences(
    definitions: Iterable[Checked],
    mailings: Iterable[Mailing],
    segments: Mapping[str, Placed],
    schema: Schema,
    findings: Findings,
) -> None:
    """X8, where it decides who is mailed."""
    absences = Absences(schema, segments, findings)
    for checked in definitions:
        if not checked.effects.mails:
            continue
        when = checked.when
        if when is not None and when.placed is not None and isinstance(when.trigger, OnCondition):
            absences.check(when.placed)
        if checked.only is not None:
            absences.check(checked.only)
        for to in checked.effects.chosen:
            absences.check(to)
    for mailing in mailings:
        for to in mailing.to:
            absences.check(to)


Sending = tuple[str, tuple[str, ...] | None]  # a template, and the events behind the one who sends it; None: by none


def sendings(file: Facts) -> tuple[Sending, ...]:
    """Who in this file sends what."""
    by_definitions = ((template, one.events) for one in file.definitions for template, _ in one.effects.sends)
    by_others = ((template, None) for one in file.mailings for template, _ in one.sends)
    return (*by_definitions, *by_others)


def senders(all_sendings: Iterable[Sending]) -> dict[str, tuple[str, ...] | None]:
    """For each template the events behind all who send it; None where one of them starts by no event (X4)."""
    found: dict[str, list[tuple[str, ...] | None]] = {}
    for template, events in all_sendings:
        found.setdefault(template, []).append(events)
    return {template: _common(events) for template, events in found.items()}


def _common(all_events: Sequence[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    known = [events for events in all_events if events is not None]
    if len(known) < len(all_events):
        return None
    if not all(known):
        return ()
    return tuple(dict.fromkeys(name for events in known for name in events))


def check_project_defaults(
    names: Names, settings: Mapping[str, nodes.Setting], findings: Findings, source: Source | None
) -> None:
    """Reports the `defaults:` of segue.yaml that are wrong."""
    place = places_in(source)
    for name in names.project.defaults:
        if name not in settings:
            message = f"the default of `{name}` is no value of a setting"
            findings.error("bad-setting", place(name), message, "not readable")
    contact = names.schema.objects.get("contact")
    if contact is not None:
        check_defaults(Scope(names, findings, contact, enrolled=True), settings, place)


def program_of(compiled: Mapping[Key, Compiled], schema: Schema, project: Project) -> Program:
    """The program of all that is sound. What of it the engine does not run is the machine's to say."""
    segments = {name: value for (_, name), value in compiled.items() if isinstance(value, Segment)}
    templates = {name: value for (_, name), value in compiled.items() if isinstance(value, Template)}
    definitions = {key: value for key, value in compiled.items() if isinstance(value, Definition)}
    tests = tuple(test for value in compiled.values() if isinstance(value, tuple) for test in value)
    talks = {key: value for key, value in compiled.items() if isinstance(value, Conversation)}
    return Program(
        schema,
        project,
        segments,
        templates,
        definitions,
        _of(compiled, Score),
        _of(compiled, Snippet),
        _of(compiled, Broadcast),
        talks,
        _of(compiled, Hygiene),
        _of(compiled, Report),
        _of(compiled, Dashboard),
        tests,
    )


def _of(compiled: Mapping[Key, Compiled], kind: type[Kind]) -> dict[str, Kind]:
    """By name, in the order declared."""
    return {name: value for (_, name), value in compiled.items() if isinstance(value, kind)}
