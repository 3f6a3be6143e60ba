"""Associations: each is written once, at one end, and gives both directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..diagnostics import Label
from .model import Association, ObjectType
from .names import MOST_BYTES, Named, nfc
from .read_types import tell_unknown_object
from .reading import Reading
from .shape_of_schema import AssociationShape, ObjectShape


def read_associations(
    shapes: Mapping[str, ObjectShape], objects: Mapping[str, ObjectType], reading: Reading
) -> dict[str, ObjectType]:
    """The objects with the associations the project declares, both ways."""
    links = {name: dict(o.associations) for name, o in objects.items()}
    for owner, shape in shapes.items():
        if owner not in objects:
            continue
        path = ("objects", owner, "associations")
        for written in reading.names(shape.associations, Named.ASSOCIATION, *path):
            _read(owner, written, shape.associations[written], objects, links, reading)
    _check_tables(links, reading)
    return {name: replace(o, associations=links[name]) for name, o in objects.items()}


Links = dict[str, dict[str, Association]]


def _read(
    owner: str,
    name: str,
    shape: AssociationShape,
    objects: Mapping[str, ObjectType],
    links: Links,
    reading: Reading,
) -> None:
    path = ("objects", owner, "associations", name)
    span = reading.key(*path)
    if shape.to not in objects:
        tell_unknown_object(shape.to, (*path, "to"), objects, reading)
        return
    inverse = nfc(shape.inverse or owner)
    there = Association(owner, name, shape.to, shape.many, inverse, shape.required, span)
    if (before := links[owner].get(name)) is not None and not before.span.file:
        _redeclare(there, before, shape, links, reading)
        return
    # The other direction is always to-many: several programs may have one advertiser.
    back = Association(shape.to, inverse, owner, True, name, span=span)
    if _free(there, objects, links, reading) and _free(back, objects, links, reading, shape.inverse is None):
        links[owner][name] = there
        links[shape.to][inverse] = back


def _redeclare(new: Association, before: Association, shape: AssociationShape, links: Links, reading: Reading) -> None:
    """An association of the standard CRM may be made `required`, and nothing else."""
    same = new.target == before.target and (new.many == before.many or "many" not in shape.model_fields_set)
    if same and shape.inverse in (None, before.inverse):
        links[before.owner][before.name] = replace(before, required=new.required, span=new.span)
        return
    sort = "many" if before.many else "one"
    message = f"`{before.owner}.{before.name}` is there in the standard CRM and leads to {sort} {before.target}"
    reading.problems.error("association-changed", message, new.span, help="use another name")


def _free(
    link: Association, objects: Mapping[str, ObjectType], links: Links, reading: Reading, implied: bool = False
) -> bool:
    """A path such as `company.program` must mean one thing: no property and no other association is called so."""
    name = f"`{link.owner}.{link.name}`"
    help = "add `inverse: NAME`, what it is called from there" if implied else "use another name"
    if (taken := objects[link.owner].properties.get(link.name)) is not None:
        other = Label(taken.span, "this property") if taken.span.file else None
        message = f"{name} would be a property and an association"
    elif (linked := links[link.owner].get(link.name)) is not None:
        other = Label(linked.span, "the other one") if linked.span.file else None
        message = f"{name} is an association already"
    elif link.owner == link.target and link.name == link.inverse:
        other, message, help = None, f"both directions would be called {name}", "add `inverse: NAME`"
    else:
        return True
    reading.problems.error("name-taken", message, link.span, other=other, help=help)
    return False


def _check_tables(links: Links, reading: Reading) -> None:
    """A link is stored in the table link_OBJECT_NAME: short enough, and no two of them alike."""
    first: dict[str, Association] = {}
    for link in (own for of_object in links.values() for own in of_object.values()):
        table = f"link_{link.owner}_{link.name}".casefold()
        if (size := len(table.encode())) > MOST_BYTES:
            message = f"`{link.owner}.{link.name}` is too long a name: {size} bytes in the store, {MOST_BYTES} fit"
            reading.problems.error("name-too-long", message, link.span, help="choose shorter names")
        elif (other := first.setdefault(table, link)) is not link:
            message = f"`{link.owner}.{link.name}` and `{other.owner}.{other.name}` would share the table {table}"
            reading.problems.error("name-taken", message, link.span, help="use another name")
