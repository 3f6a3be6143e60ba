"""What the rules of a pipeline allow: where a record begins, and where it may go from a stage (P8, W18).

A stage may need properties and associations: no record comes there without them. `create_in` names the stages to begin
in. `back: false`: to no stage before the present one. `skip: false`: no open stage may be left out; what is lost
(closed and not won, in a pipeline where one can win) is lost from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from .model import Pipeline, Stage


def begins(pipeline: Pipeline) -> tuple[str, ...]:
    """The stages in which a record may begin, the first of them where none is said."""
    return pipeline.create_in or tuple(stage.name for stage in pipeline.stages)


def closing(pipeline: Pipeline) -> tuple[str, ...]:
    """The stages that close a record."""
    return tuple(stage.name for stage in pipeline.stages if stage.closed)


def allowed(pipeline: Pipeline, here: str | None) -> tuple[str, ...]:
    """The stages a record may go to from `here`, in their order."""
    return tuple(s.name for s in pipeline.stages if s.name != here and not refused(pipeline, here, s.name))


def refused(pipeline: Pipeline, here: str | None, to: str) -> str:
    """Why a record may not go from the stage `here` to another one, in words; "" where it may. From nowhere, or from a
    stage that the pipeline does not have (any more), it may go wherever one may begin, or anywhere."""
    order = [stage.name for stage in pipeline.stages]
    if to not in order:
        return f"the pipeline `{pipeline.name}` has no stage `{to}`"
    if here is None:
        return "" if to in begins(pipeline) else f"nothing begins in `{to}` in the pipeline `{pipeline.name}`"
    if here not in order:
        return ""
    first, last = order.index(here), order.index(to)
    if last < first:
        words = f"`{to}` comes before `{here}`, and nothing goes back in the pipeline `{pipeline.name}`"
        return "" if pipeline.back else words
    between = [s.name for s in pipeline.stages[first + 1 : last] if not s.closed]
    if pipeline.skip or not between or _lost(pipeline, pipeline.stages[last]):
        return ""
    return f"`{between[0]}` lies between, and no stage of the pipeline `{pipeline.name}` is left out"


def needs(pipeline: Pipeline, stage: str) -> tuple[str, ...]:
    """The properties and associations without which no record comes to the stage."""
    return next((s.needs for s in pipeline.stages if s.name == stage), ())


def forbidden(pipeline: Pipeline) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(stage, the stages from which nothing goes there), for stages where there are any."""
    for to in pipeline.stages:
        froms = tuple(s.name for s in pipeline.stages if s is not to and refused(pipeline, s.name, to.name))
        if froms:
            yield to.name, froms


def _lost(pipeline: Pipeline, stage: Stage) -> bool:
    return stage.closed and not stage.won and any(s.won for s in pipeline.stages)
