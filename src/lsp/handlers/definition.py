"""Where a name is declared, in a rule file, schema.yaml or segue.yaml."""

from __future__ import annotations

from lsprotocol import types

from ..names import declarations, named_at
from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_DEFINITION, None


def answer(server: SegueServer, params: types.DefinitionParams) -> list[types.Location] | None:
    place = server.place(params.text_document.uri, params.position)
    if place is None:
        return None
    things = [use.thing for use in named_at(place.project, place.source.name, place.offset)]
    spans = declarations(place.project, things)
    return [location for span in spans if (location := server.location(place.project, span))]
