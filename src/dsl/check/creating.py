"""`create OBJECT { .. } as NAME`: a new record with everything it must have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..diagnostics.articles import article
from ..diagnostics.diagnostic import FixKind
from ..diagnostics.suggest import closest, perhaps
from ..program.blocks import Block, Create, Link, Text
from ..program.conditions import Const, Field, Value
from ..schema.model import Kind, ObjectType, Pipeline, Property
from ..schema.moves import needs
from ..source import Span
from ..syntax import nodes
from ..values import replace as changed
from .bodies import Effects, Raised
from .findings import listing, replace
from .paths import resolve_operand
from .scope import Resolved, Scope
from .segments import object_named
from .telling import told_twice
from .types import bounds
from .writes import may_be_written, written_value

Given = dict[str, tuple[Value | Text, Span]]


def with_created(scope: Scope, node: nodes.Create) -> Scope:
    """The scope behind a `create .. as NAME`."""
    owner = scope.schema.objects.get(node.object.text)
    if node.name is None or owner is None:
        return scope
    return changed(scope, created={**scope.created, node.name.text: owner})


def create(
    scope: Scope, node: nodes.Create, following: int, effects: Effects, behind: Sequence[Block]
) -> Create | None:
    """The block of a `create`; None after a finding. `behind`: the blocks of all that may follow it."""
    owner = object_named(scope.names, scope.findings, node.object)
    if owner is None:
        return None
    mark = scope.findings.mark()
    given = _given(scope, owner, node)
    pipelines = scope.schema.pipelines_of(owner.name)
    added = _stage(scope, pipelines, given, node) if pipelines else {}
    _check_required(scope, owner, {*(field.path.text for field in node.fields), *added}, node)
    _check_needs(scope, _pipeline(pipelines, given), given, added, node)
    _check_links(scope, owner, behind, node)
    if scope.findings.errors_since(mark) or not node.whole:
        return None
    effects.raised.append(Raised("created", owner.name, None, node.span))
    fields = tuple((name, value) for name, (value, _) in given.items()) + tuple(added.items())
    return Create(owner.name, fields, following, node.name.text if node.name else None)


def _given(scope: Scope, owner: ObjectType, node: nodes.Create) -> Given:
    """The values written, by property."""
    seen: dict[str, Span] = {}
    given: Given = {}
    for field in node.fields:
        found = _property(scope, owner, field.path)
        if found is None or told_twice(scope, field, seen):
            continue
        place = Field((), owner.name, found.name, found.type)
        if not may_be_written(scope, place, field.path.span, new=True):
            continue
        target = Resolved(place, field.path.span, found.may_be_missing, None, *bounds(found))
        value = written_value(scope, target, field.value)
        if value is not None and not _may_be_blank(scope, owner, found, field.value):
            given[found.name] = (value, field.value.span)
    return given


def _property(scope: Scope, owner: ObjectType, path: nodes.Path) -> Property | None:
    found = owner.properties.get(path.text)
    if found is None:
        meant = closest(path.text, owner.properties)
        scope.findings.error(
            "unknown-property",
            path.span,
            f"{owner.name} has no property `{path.text}`",
            "not in the schema",
            help=f"did you mean `{meant}`?"
            if meant
            else f"the properties of {owner.name} are {listing(owner.properties)}",
            fix=replace(path.span, meant, FixKind.UNSAFE) if meant else None,
        )
        return None
    scope.findings.refer("property", f"{owner.name}.{found.name}", path.span)
    return found


def _may_be_blank(scope: Scope, owner: ObjectType, found: Property, operand: nodes.Operand) -> bool:
    """Whether a value that must be there is read from one that may be missing; reports it."""
    if found.may_be_missing or not isinstance(operand, nodes.Path):
        return False
    mark = scope.findings.mark()
    read = resolve_operand(scope, operand)
    known = scope.findings.found[:mark]
    scope.findings.found[:] = known  # what is wrong with the path was told with the value
    if read is None or not read.missing or read.value.type.kind is not found.type.kind:
        return False
    written = scope.findings.raw(operand.span)
    help_ = f"write a text with a fallback: `\"{{{{ {scope.subject.name}.{written} | default: '..' }}}}\"`"
    scope.findings.error(
        "missing-property",
        operand.span,
        f"`{written}` may be missing, and every {owner.name} has a `{found.name}`",
        "may be missing",
        help=help_ if found.type.kind is Kind.TEXT else f"create it inside `if {written} is known {{ .. }}`",
    )
    return True


def _check_required(scope: Scope, owner: ObjectType, written: set[str], node: nodes.Create) -> None:
    """What the schema demands and neither the author nor the store supplies."""
    lacking = [
        found.name
        for found in owner.properties.values()
        if not found.may_be_missing
        and found.default is None
        and found.derived is None
        and found.name not in written
        and found.name not in ("created_at", "stage")
    ]
    if lacking and node.whole:
        scope.findings.error(
            "missing-property",
            node.object.span,
            f"every {owner.name} has {listing(lacking)}, and none is given here",
            "not whole",
            help=f"add `{lacking[0]} = ..`",
        )


def _check_links(scope: Scope, owner: ObjectType, behind: Sequence[Block], node: nodes.Create) -> None:
    """Associations that every such record has (P9): it is tied by a `link`, wherever that stands behind it."""
    tied = {name for block in behind if isinstance(block, Link) for name in _ties(scope, block, node)}
    lacking = [a for a in owner.associations.values() if a.required == "error" and a.name not in tied]
    if not lacking or not node.whole:
        return
    called = node.name.text if node.name else "it"
    named = "" if node.name else f"name it, `create {owner.name} {{ .. }} as {called}`, and "
    scope.findings.error(
        "missing-link",
        node.object.span,
        f"every {owner.name} is tied to a {listing(a.name for a in lacking)}, and nothing behind ties this one",
        "tied to nothing",
        help=f"{named}add `link {called} to ..` with {article(lacking[0].target)} behind it",
    )


def _ties(scope: Scope, block: Link, node: nodes.Create) -> Iterator[str]:
    """The associations of the new record by which the `link` ties it."""
    if node.name is None or not block.linked:
        return
    if block.left.name == node.name.text:
        yield block.association
    if block.right.name == node.name.text:
        yield scope.schema.objects[block.left.object].associations[block.association].inverse


# --- pipelines ---


def _check_needs(
    scope: Scope, pipeline: Pipeline | None, given: Given, added: dict[str, Value | Text], node: nodes.Create
) -> None:
    """What the stage it begins in needs (P8)."""
    begins = given["stage"][0] if "stage" in given else added.get("stage")
    if pipeline is None or not isinstance(begins, Const):
        return
    written = {field.path.text for field in node.fields}
    lacking = [name for name in needs(pipeline, str(begins.value)) if name not in written]
    if lacking and node.whole:
        scope.findings.error(
            "missing-property",
            node.object.span,
            f"no {pipeline.object} stands in `{begins.value}` without {listing(lacking)}, and none is given here",
            "not whole",
            help=_ways_out(scope.schema.objects[pipeline.object], lacking[0]),
            note=f"`needs` of the stage in the pipeline `{pipeline.name}` says so",
        )


def _ways_out(owner: ObjectType, name: str) -> str:
    if name in owner.associations:
        return f"begin in another stage; a workflow of {owner.name} may `set stage` once it is tied"
    return f"add `{name} = ..`, or begin in another stage"


def _stage(scope: Scope, pipelines: tuple[Pipeline, ...], given: Given, node: nodes.Create) -> dict[str, Value | Text]:
    """What is added so that the record stands in a pipeline: where none is said, its first stage (`create_in`)."""
    pipeline = _pipeline(pipelines, given)
    if pipeline is None:
        return {}
    begin = pipeline.create_in or tuple(stage.name for stage in pipeline.stages)
    type_ = scope.schema.objects[pipeline.object].properties["stage"].type
    if "stage" in given:
        value, span = given["stage"]
        _check_stage(scope, pipeline, value, span)
        return {}
    if any(field.path.text == "stage" for field in node.fields) or not begin:
        return {}  # it was reported
    return {"stage": Const(begin[0], type_)}


def _pipeline(pipelines: tuple[Pipeline, ...], given: Given) -> Pipeline | None:
    """The pipeline written as a constant, or the only one there is."""
    value = given.get("pipeline", (None,))[0]
    if isinstance(value, Const):
        return next((p for p in pipelines if p.name == value.value), None)
    return pipelines[0] if len(pipelines) == 1 and value is None else None


def _check_stage(scope: Scope, pipeline: Pipeline, value: Value | Text, span: Span) -> None:
    if not isinstance(value, Const):
        return
    stages = [stage.name for stage in pipeline.stages]
    if value.value not in stages:
        message = f"the pipeline `{pipeline.name}` has no stage `{value.value}`"
        hint = perhaps(str(value.value), stages) or f"its stages are {listing(stages)}"
        scope.findings.error("wrong-stage", span, message, "of another pipeline", help=hint)
    elif pipeline.create_in and value.value not in pipeline.create_in:
        message = f"no {pipeline.object} begins in the stage `{value.value}`"
        help_ = f"write {listing(pipeline.create_in, last='or')}, or leave it out"
        note = f"`create_in` of the pipeline `{pipeline.name}` says so"
        scope.findings.error("wrong-stage", span, message, "not a stage to begin in", help=help_, note=note)
