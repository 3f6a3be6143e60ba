"""X33: a stage that several pipelines have needs `pipeline = P` beside it."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics.diagnostic import FixKind
from ..program.conditions import All, AnyOf, Compare, Condition, Const, Field, Not, OneOf, Value, WasEver
from ..schema.model import Pipeline, Schema
from ..syntax import nodes
from .findings import Findings, insert_after, listing
from .placed import Placed
from .scope import Scope

Named = tuple[str, ...]


def check_stages(whole: Placed, schema: Schema, findings: Findings) -> None:
    """Reports stages that could be of several pipelines, and stages that the pipeline beside them lacks."""
    _walk(whole, {}, schema, findings)


def _walk(part: Placed, pipelines: dict[Named, frozenset[str]], schema: Schema, findings: Findings) -> None:
    match part.condition:
        case All():
            inside = pipelines | {key: names for p in part.parts for key, names in _pipelines(p.condition)}
            for operand in part.parts:
                _walk(operand, inside, schema, findings)
        case AnyOf() | Not():
            for operand in part.parts:
                _walk(operand, pipelines, schema, findings)
        case Compare(Field(path, object_, "stage"), _, Const(value)):
            _check(part, [str(value)], schema.pipelines_of(object_), pipelines.get((*path, object_)), findings)
        case OneOf(Field(path, object_, "stage"), options) | WasEver(Field(path, object_, "stage"), options):
            stages = [str(option.value) for option in options]
            _check(part, stages, schema.pipelines_of(object_), pipelines.get((*path, object_)), findings)
        case _:
            for inner in part.parts:
                _walk(inner, {}, schema, findings)


def _pipelines(condition: Condition) -> Iterable[tuple[Named, frozenset[str]]]:
    match condition:
        case Compare(Field(path, object_, "pipeline"), "=", Const(value)):
            yield (*path, object_), frozenset({str(value)})
        case OneOf(Field(path, object_, "pipeline"), options, False):
            yield (*path, object_), frozenset(str(option.value) for option in options)


def _check(
    part: Placed, stages: list[str], pipelines: tuple[Pipeline, ...], named: frozenset[str] | None, findings: Findings
) -> None:
    for stage in stages:
        having = [p.name for p in pipelines if any(s.name == stage for s in p.stages)]
        if named is not None:
            if having and not named & set(having):
                _not_in_pipeline(part, stage, sorted(named), pipelines, findings)
                return
        elif len(having) > 1:
            _ambiguous(part, stage, having, findings)
            return


def _ambiguous(part: Placed, stage: str, having: list[str], findings: Findings) -> None:
    findings.error(
        "ambiguous-stage",
        part.span,
        f"the pipelines {listing(having)} all have a stage `{stage}`",
        "of which pipeline?",
        help=f"write `pipeline = {having[0]} and {findings.raw(part.span)}`",
        fix=insert_after(part.span, f" and pipeline = {having[0]}", FixKind.DISPLAY),
    )


def ambiguous_change(scope: Scope, field: Field, value: Value, node: nodes.Becomes) -> bool:
    """Whether `stage becomes S` could be of several pipelines; `when:` has no room for a second condition."""
    if field.property != "stage" or not isinstance(value, Const):
        return False
    having = [p.name for p in scope.schema.pipelines_of(field.object) if any(s.name == value.value for s in p.stages)]
    if len(having) < 2:
        return False
    scope.findings.error(
        "ambiguous-stage",
        node.value.span,
        f"the pipelines {listing(having)} all have a stage `{value.value}`",
        "of which pipeline?",
        help=f"write a condition: `when: pipeline = {having[0]} and stage = {value.value}`",
    )
    return True


def _not_in_pipeline(
    part: Placed, stage: str, named: list[str], pipelines: tuple[Pipeline, ...], findings: Findings
) -> None:
    stages = [s.name for p in pipelines if p.name in named for s in p.stages]
    findings.error(
        "unknown-option",
        part.span,
        f"the pipeline {listing(named)} has no stage `{stage}`",
        "no such stage",
        help=f"its stages are {listing(stages)}",
    )
