"""What can stand inside `{{ }}`."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check.scope import Names
from dsl.check.texts import ACCOUNT, LINK_KINDS, LINKS, SENDER
from dsl.program.filters import FILTERS
from dsl.schema.model import ObjectType

from . import items
from .frames import Around
from .items import Item


def open_field(text: str) -> str | None:
    """What is written behind the last `{{` that is not closed; None where there is none."""
    start = text.rfind("{{")
    return None if start < 0 or "}}" in text[start:] else text[start + 2 :]


def in_field(here: Around, inside: str) -> Iterator[Item]:
    """`inside` is what is written of the field, without the word being typed."""
    if "|" in inside:
        if inside.rpartition("|")[2].strip() == "":
            yield from (Item(name, "filter", insert="default: ''" if name == "default" else "") for name in FILTERS)
        return
    path = tuple(word for word in inside.strip().split(".") if word)
    if not inside.strip():
        yield from _roots(here)
    elif inside.rstrip().endswith("."):
        yield from _behind(here, path)


def _roots(here: Around) -> Iterator[Item]:
    yield Item(here.frames[0].subject, "object", rank=0)
    yield from items.words("sender", "account", "links", "trigger")
    if here.declaration in ("playbook", "form", "survey"):
        yield from items.words("answers")
    if here.declaration == "template":
        yield from (Item(name, "object") for name in _records(here.names))


def _records(names: Names) -> Iterator[str]:
    """What mails may print beside the contact (X36): what rules are about, or surely will be."""
    about = {one.object for one in names.declared.values() if one.kind in ("workflow", "playbook")}
    about |= {of for of, _ in names.schema.pipelines}
    return (name for name in names.schema.objects if name in about and name != "contact")


def _behind(here: Around, path: tuple[str, ...]) -> Iterator[Item]:
    match path:
        case ("sender",):
            yield from items.words(*SENDER)
        case ("account",):
            yield from items.words(*ACCOUNT)
        case ("links",):
            yield from items.words(*LINKS, *LINK_KINDS)
        case ("links", kind) if kind in LINK_KINDS:
            yield from items.declared(here.names, kind)
        case ("trigger",):
            for event in dict.fromkeys(here.triggers) or here.names.schema.events:
                yield from items.fields(here.names.schema.events[event])
        case (root, *rest) if root == here.frames[0].subject:
            yield from _of_record(here.owner(tuple(rest)))
        case (root, *rest) if here.declaration == "template" and root in _records(here.names):
            yield from _of_record(here.owner(tuple(rest), here.names.schema.objects[root]))


def _of_record(owner: ObjectType | None) -> Iterator[Item]:
    if owner is not None:
        yield from items.properties(owner)
        yield from items.associations(owner, many=False)
