"""One proposal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dsl.check.scope import Names
from dsl.schema.model import EventKind, Kind, ObjectType, Type

from ..words import KEYWORDS


@dataclass(frozen=True, slots=True)
class Item:
    """`kind`: a kind of name as of `Reference`, or keyword, setting, filter, value. `rank`: lower ones come first."""

    label: str
    kind: str
    detail: str = ""
    about: str = ""
    insert: str = ""
    rank: int = 1


def keyword(word: str) -> Item:
    return Item(word, "keyword", about=KEYWORDS.get(word, ""), rank=3)


def declared(names: Names, *kinds: str, of: str = "") -> Iterator[Item]:
    """Declarations; those of another object than `of` are left out."""
    for (kind, name), known in names.declared.items():
        if kind in kinds and (not of or known.object == of):
            yield Item(name, kind, f"{kind} of {known.object}", rank=0)


def properties(owner: ObjectType, wanted: Iterable[Kind] = (), *, written: bool = False) -> Iterator[Item]:
    """`written`: only those that a rule can write."""
    kinds = frozenset(wanted)
    for name, found in owner.properties.items():
        if (not kinds or found.type.kind in kinds) and not (written and found.derived):
            yield Item(name, "property", f"{found.type}", found.label)


def associations(owner: ObjectType, *, many: bool | None = None) -> Iterator[Item]:
    for name, link in owner.associations.items():
        if many is None or link.many is many:
            yield Item(name, "association", f"{'many ' if link.many else ''}{link.target}", rank=2)


def events(names: Names, subject: str) -> Iterator[Item]:
    for name, kind in names.schema.events.items():
        if kind.of in (subject, "*"):
            yield Item(name, "event", f"event of {kind.of}".replace("*", "any object"), kind.label)


def fields(kind: EventKind) -> Iterator[Item]:
    for name, found in kind.fields.items():
        yield Item(name.replace("link_", "link."), "field", f"{found.type}", rank=0)


def values(names: Names, type_: Type, named: str | None = None) -> Iterator[Item]:
    """What can be compared with a value of this type; `named`: its text is the name of such a declaration."""
    if named == "topic":
        yield from topics(names)
    elif named:
        yield from declared(names, named)
    elif type_.kind is Kind.BOOL:
        yield from (Item(word, "value", rank=0) for word in ("true", "false"))
    elif type_.kind is Kind.USER:
        yield from users(names)
    else:
        yield from (Item(option, "option", rank=0) for option in type_.options)


def users(names: Names) -> Iterator[Item]:
    for name, user in names.project.users.items():
        yield Item(name, "user", user.label, rank=0)


def topics(names: Names) -> Iterator[Item]:
    for name, topic in names.schema.topics.items():
        yield Item(name, "topic", f"{topic.kind}", topic.label, rank=0)


def words(*labels: str) -> Iterator[Item]:
    return (Item(label, "value", rank=0) for label in labels)
