"""`ann linked to acme [as employer]`: two records of a test and the association between them."""

from __future__ import annotations

from ...diagnostics.articles import article
from ...program.tests import Person
from ...syntax import nodes
from ..findings import choices, listing
from ..linking import unknown_way
from .cast import Cast


def between(cast: Cast, node: nodes.GivenLink | nodes.ExpectLink) -> tuple[Person, Person, str] | None:
    """Both, and the association that leads from the first to the second; None after a finding."""
    who, other = cast.person(node.who), cast.person(node.other)
    if who is None or other is None:
        return None
    own = cast.names.schema.objects[who.object].associations.values()
    ways = {a.name: a for a in own if a.target == other.object}
    if node.way is not None and ways:
        way = ways.get(node.way.text)
        if way is None:
            unknown_way(cast.findings, "no-such-link", node.way, (who.object, other.object), list(ways))
            return None
    elif len(ways) != 1:
        _which_way(cast, node, who, other, list(ways))
        return None
    else:
        (way,) = ways.values()
    cast.findings.refer("association", f"{who.object}.{way.name}", node.way.span if node.way else node.span)
    return who, other, way.name


def _which_way(
    cast: Cast, node: nodes.GivenLink | nodes.ExpectLink, who: Person, other: Person, ways: list[str]
) -> None:
    """None leads there, or more than one."""
    own = cast.names.schema.objects[who.object].associations.values()
    targets = listing(dict.fromkeys(a.target for a in own))
    cast.findings.error(
        "no-such-link",
        node.other.span,
        f"{article(who.object)} and {article(other.object)} are linked in {len(ways) or 'no'} way{'s' if ways else ''}",
        article(other.object),
        help=f"say which one: {choices(f'as {way}' for way in ways)}"
        if ways
        else f"{article(who.object)} is linked to {targets}",
    )
