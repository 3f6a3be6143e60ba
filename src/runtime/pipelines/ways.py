"""What a person may choose from: the stages that records may be moved to, and whom they may be given to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dsl.schema import moves
from dsl.schema.model import Pipeline, Schema

from ..errors import InvalidInput
from ..project.loading import Settings
from ..store.session import Session
from .places import lacking, place

Standing = Sequence[tuple[int, str | None, str | None]]  # of each record its id, pipeline and stage


@dataclass(frozen=True, slots=True)
class Way:
    """A stage of the records' pipeline. `why` they may not go there, in words; "" where all may."""

    stage: str
    label: str
    closed: bool
    why: str


def ways(session: Session, schema: Schema, of: str, standing: Standing) -> list[Way]:
    """Where those records may go, in the order of the stages: by the rules of their pipeline, and by what each has of
    that which a stage needs (P8). Raises InvalidInput where they stand in several pipelines or in none."""
    names = {name for _, name, _ in standing}
    if len(names) > 1:
        raise InvalidInput("they stand in several pipelines", "choose those of one pipeline")
    pipeline = schema.pipelines.get((of, next(iter(names), None) or ""))
    if pipeline is None:
        raise InvalidInput(f"the {of} stands in no pipeline of the schema", "give it a `pipeline` first")
    stages = dict.fromkeys(stage for _, _, stage in standing)
    asks = any(to.needs for to in pipeline.stages)
    known = [place(session, schema, of, id_).known for id_, _, _ in standing] if asks else []
    found = []
    for to in pipeline.stages:
        whys = [moves.refused(pipeline, here, to.name) for here in stages if here != to.name]
        why = next((one for one in whys if one), "") if whys else "it stands there already"
        found.append(Way(to.name, to.label, to.closed, why or _lacking(pipeline, to.name, known)))
    return found


def _lacking(pipeline: Pipeline, to: str, known: Sequence[Collection[str]]) -> str:
    """What some of the records lack, in words."""
    lack = {name: None for one in known for name in lacking(pipeline, to, one)}
    short = sum(bool(lacking(pipeline, to, one)) for one in known)
    whose = "" if short == len(known) else f" ({short} of {len(known)} cards)"
    return f"nothing stands in `{to}` without {', '.join(lack)}{whose}" if lack else ""


def owners(session: Session, settings: Settings) -> list[tuple[str, str]]:
    """(name, what they are called) of who works here: the users of segue.yaml, then those of imports."""
    users = settings.project.users
    imported = [row[0] for row in session.run("SELECT name FROM segue_user ORDER BY name")]
    known = [(user.name, user.label) for user in users.values() if user.active]
    return known + [(name, name) for name in imported if name not in users]
