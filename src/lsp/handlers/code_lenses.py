"""Lines above declarations: "run test", "1,234 members"."""

from __future__ import annotations

from lsprotocol import types

from ..commands.run_test import COMMAND
from ..lenses import lenses
from ..members import members_of
from ..server import SegueServer

FEATURE, OPTIONS = types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=False)


def answer(server: SegueServer, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    uri = params.text_document.uri
    found = server.source(uri)
    if found is None:
        return None
    project, source = found
    return [
        types.CodeLens(
            server.range(source, lens.span),
            types.Command(lens.words, COMMAND if lens.test else "", arguments=[uri, lens.test] if lens.test else None),
        )
        for lens in lenses(project, source, members_of(project))
    ]
