"""What was answered and written, for another program: amounts as text in major units, days and moments as ISO 8601."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runtime.forms.submitting import Submitted
    from runtime.project.loading import Loaded
    from runtime.store.values import Storage
    from runtime.surveys.answering import Answered
    from runtime.talks.saving import Saved, Written


def told(loaded: Loaded, kind: str, name: str, done: Saved | Submitted | Answered) -> dict[str, object]:
    """The fields of what was saved by the playbook, form or survey of that name."""
    from dataclasses import fields

    found = {field.name: getattr(done, field.name) for field in fields(done)}
    own = {"answers": plain_answers(loaded, kind, name, done.answers), "written": _written(loaded, done.written)}
    return found | own


def plain_answers(loaded: Loaded, kind: str, name: str, answers: Mapping[str, Storage]) -> dict[str, object]:
    """Answers in the store's encoding, each by the type of its question."""
    from runtime.reading.values import plain
    from runtime.talks.opening import named
    from runtime.talks.questions import asks

    from .output import Told

    types = {ask.name: ask.type for ask in asks(named(loaded, kind, name)).values()}
    return Told({one: plain(types[one], v, loaded.zone) if one in types else v for one, v in answers.items()})


def _written(loaded: Loaded, written: Sequence[Written]) -> list[dict[str, object]]:
    from runtime.reading.values import plain

    objects = loaded.program.schema.objects
    return [
        {
            "object": one.object,
            "record_id": one.record,
            "property": one.property,
            "value": plain(objects[one.object].properties[one.property].type, one.value, loaded.zone),
        }
        for one in written
    ]
