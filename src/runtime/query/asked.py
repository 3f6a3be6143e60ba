"""Who answered a survey lately, so that they are not asked again so soon (P12)."""

from __future__ import annotations

from dsl.program.conversations import Conversation
from dsl.program.definitions import Program
from dsl.schema.model import Schema

from ..store.names import event_table, quoted
from ..times.calendars import working_calendar
from ..times.durations import after

EVENT = "submitted_survey"


def answered_since(schema: Schema, contact: str) -> str:
    """SQL: whether a contact answered the survey `:survey` after `:since`, here or, by an import, elsewhere."""
    here = (
        f"EXISTS (SELECT 1 FROM segue_talk k WHERE k.contact_id = {contact} AND k.at > :since AND k.kind = 'survey'"
        " AND k.name = :survey)"
    )
    if EVENT not in schema.events:
        return here
    return (
        f"({here} OR EXISTS (SELECT 1 FROM {quoted(event_table(EVENT))} v WHERE v.bucket = {contact} % 256 AND"
        f" v.record_id = {contact} AND v.at > :since AND v.survey = :survey))"
    )


def pause_began(program: Program, survey: Conversation, now: int) -> int | None:
    """Since when an answer keeps somebody from being asked at `now`; None where the survey says nothing of it."""
    pause = survey.not_again_within
    if pause is None:
        return None
    back = type(pause)(-pause.n, pause.unit)
    return after(now, back, program.project.account.time_zone, working_calendar(None))
