"""What could be written next."""

from __future__ import annotations

from lsprotocol import types

from ..completing import Item, complete
from ..server import SegueServer

FEATURE = types.TEXT_DOCUMENT_COMPLETION
OPTIONS = types.CompletionOptions(trigger_characters=[".", " ", ":", "(", "[", "{", "|"])
_Kind = types.CompletionItemKind
_KINDS = {
    "keyword": _Kind.Keyword,
    "setting": _Kind.Property,
    "filter": _Kind.Function,
    "value": _Kind.Value,
    "property": _Kind.Field,
    "association": _Kind.Reference,
    "option": _Kind.EnumMember,
    "event": _Kind.Event,
    "field": _Kind.Field,
    "object": _Kind.Struct,
    "template": _Kind.Text,
    "segment": _Kind.Class,
    "sequence": _Kind.Function,
    "workflow": _Kind.Function,
    "topic": _Kind.Module,
    "user": _Kind.Variable,
}


def answer(server: SegueServer, params: types.CompletionParams) -> types.CompletionList | None:
    """With the names of the last check: while a name is typed there is none that would be whole."""
    place = server.place(params.text_document.uri, params.position, checked=False)
    if place is None:
        return None
    found = complete(place.project, place.source, place.offset)
    where = server.range(place.source, found.word)
    return types.CompletionList(is_incomplete=False, items=[_item(item, where) for item in found.items])


def _item(item: Item, where: types.Range) -> types.CompletionItem:
    return types.CompletionItem(
        item.label,
        kind=_KINDS.get(item.kind, types.CompletionItemKind.Variable),
        detail=item.detail or item.kind,
        documentation=item.about or None,
        sort_text=f"{item.rank} {item.label}",
        text_edit=types.TextEdit(where, item.insert or item.label),
    )
