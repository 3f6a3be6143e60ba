"""Which records of a test are linked, and which of the links given came or went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from dsl.program.tests import ExpectLink, GivenLink
from dsl.schema.model import Association

from ..store.names import link_table, quoted
from .outcome import Failure
from .stage import Stage

Tie = tuple[Association, int, int]  # an association, a record that has it, and the one it leads to


def link(stage: Stage, e: ExpectLink) -> Failure | None:
    way = stage.program.schema.objects[e.left.object].associations[e.association]
    others = sorted(_linked(stage, way, stage.id_of(e.left)))
    if (stage.id_of(e.right) in others) is not e.negated:
        return None
    one, other = f"`{e.left.name}`", f"`{e.right.name}`"
    if e.negated:
        return Failure(e.span, f"{one} is linked to {other}", f"as `{way.name}`")
    known = [stage.people[id_].name for id_ in others if id_ in stage.people]
    unknown = len(others) - len(known)
    words = [f"`{name}`" for name in sorted(known)] + ([f"{unknown} that the test does not know"] if unknown else [])
    instead = f"as `{way.name}` it is linked to {' and '.join(words) or 'nothing'}"
    return Failure(e.span, f"{one} is not linked to {other}", instead)


def is_tie(stage: Stage, e: ExpectLink, tie: Tie) -> bool:
    """Whether the expectation names these two, from whichever side."""
    way, one, other = tie
    left, right = stage.id_of(e.left), stage.id_of(e.right)
    there = (e.left.object, e.association, left, right) == (way.owner, way.name, one, other)
    return there or (e.left.object, e.association, left, right) == (way.target, way.inverse, other, one)


def changed(stage: Stage) -> tuple[set[Tie], set[Tie]]:
    """What records that were given are linked by now and were not, and the other way round: each once."""
    given, now = _given(stage), set(_between(stage))
    # Of several given to a to-one association one stays from the start: the others were not taken away by a rule.
    rivals = Counter((way, one) for way, one, _ in given if not way.many)
    return now - given, {tie for tie in given - now if rivals[tie[:2]] < 2}


def _given(stage: Stage) -> set[Tie]:
    found: set[Tie] = set()
    for item in stage.test.items:
        if isinstance(item, GivenLink):
            way = stage.program.schema.objects[item.left.object].associations[item.association]
            one, other = stage.id_of(item.left), stage.id_of(item.right)
            found.add((_back(stage, way), other, one) if _told_from_behind(stage, way) else (way, one, other))
    return found


def _between(stage: Stage) -> Iterator[Tie]:
    objects = {stage.people[id_].object for id_ in stage.given}
    for owner in objects:
        for way in stage.program.schema.objects[owner].associations.values():
            if way.target in objects and not _told_from_behind(stage, way):
                for one in (id_ for id_ in stage.given if stage.people[id_].object == owner):
                    yield from ((way, one, other) for other in _linked(stage, way, one) if other in stage.given)


def _linked(stage: Stage, way: Association, one: int) -> Iterable[int]:
    table = quoted(link_table(way.owner, way.name))
    rows = stage.session.run(f"SELECT to_id FROM {table} WHERE bucket = :b AND id = :id", b=one % 256, id=one)
    return (row[0] for row in rows)


def _told_from_behind(stage: Stage, way: Association) -> bool:
    """One of the two directions stands for both: the to-one, else the first by name."""
    back = _back(stage, way)
    return (way.many, way.owner, way.name) > (back.many, back.owner, back.name)


def _back(stage: Stage, way: Association) -> Association:
    return stage.program.schema.objects[way.target].associations[way.inverse]
