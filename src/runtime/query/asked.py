"""Answers to surveys in SQL, and who gave one so lately that they are not asked again (P10, P12)."""

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


def answers(schema: Schema) -> str:
    """SQL of each answer once: bucket, record_id (who answered), survey, survey__n, answered_at, score. Of talks the
    last revision; of events, as an import brings them, those that no talk here made."""
    here = (
        "SELECT t.bucket, coalesce(t.contact_id, CASE WHEN t.object = 'contact' THEN t.record_id END) AS record_id,"
        " t.name AS survey, t.name AS survey__n, t.at AS answered_at, a.number AS score FROM segue_talk t"
        " LEFT JOIN segue_answer a ON a.bucket = t.bucket AND a.talk_id = t.id AND a.name = 'score'"
        " WHERE t.kind = 'survey' AND NOT EXISTS (SELECT 1 FROM segue_talk n WHERE n.bucket = t.bucket"
        " AND n.record_id = t.record_id AND n.replaces = t.id)"
    )
    if EVENT not in schema.events:
        return here
    return (
        f"{here} UNION ALL SELECT w.bucket, w.record_id, w.survey, w.survey__n, w.at, w.score FROM"
        f" {quoted(event_table(EVENT))} w WHERE NOT EXISTS (SELECT 1 FROM segue_talk t WHERE t.bucket = w.bucket AND"
        " t.id = w.id)"
    )
