"""Answers to SQL: of a talk that was saved, and of one that still goes on (P3, P4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dsl.program.conditions import AnswerValue
from dsl.schema.model import Kind

from ..store.names import folded
from ..store.values import Storage
from .scope import Params

_COLUMNS = {
    Kind.NUMBER: "number",
    Kind.PERCENT: "number",
    Kind.MONEY: "whole",
    Kind.BOOL: "whole",
    Kind.DATETIME: "whole",
    Kind.DURATION: "whole",
    Kind.RECORD: "whole",
    Kind.DATE: "day",
}
_TYPES = {"text": "TEXT", "number": "NUMERIC", "whole": "BIGINT", "day": "DATE"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a talk has come to: answers as the store keeps them, by name; `person`: id of the contact on the line."""

    answers: Mapping[str, Storage] = field(default_factory=dict)
    person: int | None = None


def column_of(kind: Kind) -> str:
    """The column of segue_answer that holds answers of a kind."""
    return _COLUMNS.get(kind, "text")


def given(said: Said, value: AnswerValue, params: Params, dialect: str, fold: bool) -> str:
    """SQL of an answer of a talk that goes on; NULL without one."""
    found = said.answers.get(value.name)
    column = column_of(value.type.kind)
    if fold and isinstance(found, str):
        found = folded(found)
    elif isinstance(found, bool):
        found = int(found)
    type_ = "TEXT" if column == "day" and dialect == "sqlite" else _TYPES[column]  # where a day is a text
    return _of_kind(value, f"CAST({params.const(found)} AS {type_})")


def looked_up(value: AnswerValue, enrollment: str, params: Params, fold: bool) -> str:
    """SQL of an answer of the talk that made the enrollment; NULL without one. No question is called `outcome` where a
    talk has one."""
    column, e = column_of(value.type.kind), enrollment
    column = "text_n" if fold and column == "text" else column
    sql = (
        f"(SELECT w.{column} FROM segue_answer w WHERE w.bucket = {e}.bucket AND w.talk_id = {e}.trigger_id"
        f" AND w.name = {params.const(value.name)})"
    )
    if value.name == "outcome" and value.type.kind is Kind.CHOICE:
        outcome = f"SELECT k.outcome FROM segue_talk k WHERE k.bucket = {e}.bucket AND k.id = {e}.trigger_id"
        sql = f"coalesce(({outcome}), {sql})"
    return _of_kind(value, sql)


def _of_kind(value: AnswerValue, sql: str) -> str:
    return f"({sql} = 1)" if value.type.kind is Kind.BOOL else sql
