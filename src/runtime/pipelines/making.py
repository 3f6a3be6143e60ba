"""A new ticket, deal or whatever stands in a pipeline: its values by their types, its place, what it is tied to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from dsl.check.types import bound_shown, bounds
from dsl.diagnostics.articles import article
from dsl.diagnostics.suggest import did_you_mean
from dsl.schema import moves
from dsl.schema.model import Association, ObjectType, Pipeline, Property

from ..access import audit
from ..access.audit import About
from ..access.roles import Actor
from ..errors import InvalidInput, UnknownName
from ..operators import arguments
from ..project.loading import Settings
from ..store import inbox
from ..store.ids import record_id
from ..store.session import Session
from ..store.values import Storage, stored_pair
from ..talks.typed import Reader
from .acts import act_of
from .places import check_needs, pipeline_of


@dataclass(frozen=True, slots=True)
class Made:
    """What was asked for. `lacking`: associations that the schema wants as a warning and nobody gave (P9)."""

    object: str
    id: int
    external_id: str
    pipeline: str
    stage: str
    lacking: tuple[str, ...]


def create(
    session: Session,
    settings: Settings,
    of: str,
    written: Mapping[str, str],
    links: Sequence[tuple[str, str]],
    who: Actor,
    pipeline: str | None = None,
    stage: str | None = None,
    external_id: str | None = None,
) -> Made:
    """Ask for a new record. `written` are its properties as text, `links` pairs of an association and a record at its
    end. Without `stage` it begins in the first stage that its pipeline lets records begin in (P8). An `external_id`
    makes the same call twice one record: the second is refused.

    Raises UnknownName, InvalidInput, NotAllowed; then nothing is asked for."""
    object_type = settings.schema.objects.get(of)
    audit.permit(session, who, act_of(of), About(of, (), pipeline, {"made": True}))
    into = pipeline_of(settings.schema, of, pipeline)
    assert object_type is not None
    begins = _begins(into, stage)
    values = _values(session, settings, object_type, written)
    tied = targets(session, settings, object_type, links)
    check_needs(into, begins, {*values, *(association.name for association, _ in tied)}, f"a new {of}")
    lacking = _lacking(object_type, tied)
    name = external_id or (written.get(object_type.key) if object_type.key else None) or f"{of}-{uuid4().hex[:12]}"
    id_ = record_id(of, name)
    at, order = inbox.present(session), inbox.now()
    values |= {"pipeline": into.name, "stage": begins}
    rows = [inbox.record_row(of, name, values, at=at, rank=order, key=f"made by {who.name}/{id_}/{order}")]
    rows += [inbox.link_row(of, id_, a.name, to, at=at, rank=order) for a, to in tied]
    about = About(of, (id_,), into.name, {"stage": begins, "made": True})
    audit.permit(session, who, act_of(of), about, own=values.get("owner") in (None, who.name))
    with session.transaction():
        inbox.in_turn(session, "record")  # of two who give one id at the same moment the second sees the first's row
        if arguments.record_if_any(session, settings.schema, of, f"#{id_}") is not None:
            raise InvalidInput(f"there is {article(of)} `{name}` already", "give another id, or leave it out")
        audit.write(session, who, act_of(of), about)
        inbox.put(session, rows)
    return Made(of, id_, name, into.name, begins, lacking)


def _begins(pipeline: Pipeline, stage: str | None) -> str:
    there = moves.begins(pipeline)
    if stage is None:
        return there[0]
    if why := moves.refused(pipeline, None, stage):
        raise InvalidInput(
            f"{article(pipeline.object)} cannot begin there: {why}", f"it may begin in {', '.join(there)}"
        )
    return stage


def _values(session: Session, settings: Settings, of: ObjectType, written: Mapping[str, str]) -> dict[str, Storage]:
    """In the store's encoding, texts in both forms."""
    users = {*settings.project.users, *(row[0] for row in session.run("SELECT name FROM segue_user"))}
    read = Reader.of(settings.project, users)
    values: dict[str, Storage] = {}
    for name, text in written.items():
        property_ = settable(of, name)
        value = read_value(read, property_, text)
        if value is not None:
            values |= stored_pair(name, property_.type, value)
    needed = [
        p.name
        for p in of.properties.values()
        if p.required and p.default is None and p.derived is None and p.name not in GIVEN and p.name not in values
    ]
    if needed:
        raise InvalidInput(f"every {of.name} has {', '.join(needed)}", f'say `--set "{needed[0]}=.."`')
    return values


GIVEN = ("created_at", "pipeline", "stage")  # by the store and by the pipeline


def settable(of: ObjectType, name: str) -> Property:
    """A property that people give a value. Raises UnknownName, InvalidInput."""
    property_ = of.properties.get(name)
    if property_ is None:
        raise UnknownName(f"{article(of.name)} has no `{name}`", did_you_mean(name, of.properties))
    if name in ("pipeline", "stage"):
        raise InvalidInput(f"`{name}` is no value to set", f"say `--{name} NAME`")
    if property_.derived is not None or name == "created_at":
        raise InvalidInput(f"`{name}` follows from other facts and cannot be set")
    return property_


def read_value(read: Reader, property_: Property, text: str) -> Storage:
    """By its type and within its bounds, in the store's encoding. Raises InvalidInput."""
    try:
        value = read(property_.type, text)
    except InvalidInput as problem:
        raise InvalidInput(f"`{property_.name}`: {problem.message}", problem.hint) from None
    low, high = bounds(property_)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if low is not None and value < low:
            raise InvalidInput(f"`{property_.name}` is {bound_shown(low, property_.type)} or more, not {text}")
        if high is not None and value > high:
            raise InvalidInput(f"`{property_.name}` is {bound_shown(high, property_.type)} or less, not {text}")
    return value


def targets(
    session: Session, settings: Settings, of: ObjectType, links: Sequence[tuple[str, str]]
) -> list[tuple[Association, int]]:
    """Each record that was named, once, with its association. Raises UnknownName, InvalidInput."""
    found: dict[tuple[str, int], Association] = {}
    for name, text in links:
        association = of.associations.get(name)
        if association is None:
            raise UnknownName(f"{article(of.name)} has no association `{name}`", did_you_mean(name, of.associations))
        found[name, arguments.record(session, settings.schema, association.target, text)] = association
    for (name, _), association in found.items():
        if not association.many and sum(other == name for other, _ in found) > 1:
            raise InvalidInput(f"{article(of.name)} has one `{name}`, not several")
    return [(association, to) for (_, to), association in found.items()]


def _lacking(of: ObjectType, targets: Sequence[tuple[Association, int]]) -> tuple[str, ...]:
    """Raises InvalidInput for an association that the schema demands (P9)."""
    given = {association.name for association, _ in targets}
    wanted = [a for a in of.associations.values() if a.required is not None and a.name not in given]
    if demanded := [a.name for a in wanted if a.required == "error"]:
        raise InvalidInput(
            f"every {of.name} is tied to a {', '.join(demanded)}, and none is given",
            f"say `--link {demanded[0]}=RECORD`",
        )
    return tuple(a.name for a in wanted)
