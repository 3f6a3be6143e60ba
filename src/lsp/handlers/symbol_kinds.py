"""Which of the protocol's kinds of symbols ours are nearest to."""

from __future__ import annotations

from lsprotocol.types import SymbolKind

_KINDS = {
    "segment": SymbolKind.Class,
    "sequence": SymbolKind.Function,
    "workflow": SymbolKind.Function,
    "template": SymbolKind.String,
    "snippet": SymbolKind.String,
    "score": SymbolKind.Number,
    "test": SymbolKind.Method,
    "playbook": SymbolKind.Interface,
    "form": SymbolKind.Interface,
    "survey": SymbolKind.Interface,
    "question": SymbolKind.Field,
    "object": SymbolKind.Struct,
    "property": SymbolKind.Property,
    "association": SymbolKind.Property,
    "event": SymbolKind.Event,
    "field": SymbolKind.Field,
    "pipeline": SymbolKind.Enum,
    "topic": SymbolKind.Namespace,
    "automated": SymbolKind.Module,
    "rep_led": SymbolKind.Module,
}


def kind_of(kind: str) -> SymbolKind:
    """Of a declaration, a part of one, or something of the schema."""
    return _KINDS.get(kind, SymbolKind.Variable)
