"""What a person may choose from: the stages that records may be moved to, and whom they may be given to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsl.schema import moves
from dsl.schema.model import Schema

from ..errors import InvalidInput
from ..project.loading import Settings
from ..store.session import Session


@dataclass(frozen=True, slots=True)
class Way:
    """A stage of the records' pipeline. `why` they may not go there, in words; "" where all may."""

    stage: str
    label: str
    closed: bool
    why: str


def ways(schema: Schema, of: str, standing: Sequence[tuple[str | None, str | None]]) -> list[Way]:
    """Where records may go that stand in those (pipeline, stage), in the order of the stages (P8). Raises InvalidInput
    where they stand in several pipelines or in none."""
    names = {name for name, _ in standing}
    if len(names) > 1:
        raise InvalidInput("they stand in several pipelines", "choose those of one pipeline")
    pipeline = schema.pipelines.get((of, next(iter(names), None) or ""))
    if pipeline is None:
        raise InvalidInput(f"the {of} stands in no pipeline of the schema", "give it a `pipeline` first")
    stages = dict.fromkeys(stage for _, stage in standing)
    found = []
    for to in pipeline.stages:
        whys = [moves.refused(pipeline, here, to.name) for here in stages if here != to.name]
        why = next((one for one in whys if one), "") if whys else "it stands there already"
        found.append(Way(to.name, to.label, to.closed, why))
    return found


def owners(session: Session, settings: Settings) -> list[tuple[str, str]]:
    """(name, what they are called) of who works here: the users of segue.yaml, then those of imports."""
    users = settings.project.users
    imported = [row[0] for row in session.run("SELECT name FROM segue_user ORDER BY name")]
    known = [(user.name, user.label) for user in users.values() if user.active]
    return known + [(name, name) for name in imported if name not in users]
