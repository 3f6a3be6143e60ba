"""Every place that names the same."""

from __future__ import annotations

from lsprotocol import types

from ..names import named_at, uses
from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_REFERENCES, None


def answer(server: SegueServer, params: types.ReferenceParams) -> list[types.Location] | None:
    place = server.place(params.text_document.uri, params.position)
    if place is None:
        return None
    things = [use.thing for use in named_at(place.project, place.source.name, place.offset)]
    found = (u for u in uses(place.project, things) if params.context.include_declaration or not u.declares)
    return [location for use in found if (location := server.location(place.project, use.span))]
