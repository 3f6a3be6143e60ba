"""Where somebody rests at the present moment of a test, and what comes next: why nothing has happened yet."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.program.tests import Person

from ..store.tables.enrollments import ENDED
from ..why.lives import Life, lives
from .outcome import LogLine
from .stage import Stage


def ahead(stage: Stage, who: Person) -> Iterator[LogLine]:
    """A remark for each definition the record is inside of."""
    id_, project = stage.id_of(who), stage.program.project
    for live in stage.engine.rules.live:
        d = live.definition
        if d.pinned.object != who.object:
            continue
        for life in lives(stage.session, live.id, id_, d, stage.now, False, project):
            if life.status not in ENDED:
                yield LogLine("", f"{d.kind} {d.name}", _words(stage, life))


def _words(stage: Stage, life: Life) -> str:
    put_off = [s for s in life.steps if s.due is not None]
    if put_off:
        step = min(put_off, key=lambda s: s.due or 0)
        because = f" ({step.words})" if step.words else ""
        return f"{step.what} {step.name}: waits until {stage.local(step.due or 0)}{because}"
    if life.due is None:
        return life.status.replace("_", " ")
    because = f" ({life.held})" if life.held else ""
    return f"waits until {stage.local(life.due)}{f', then {life.next}' if life.next else ''}{because}"
