"""What the kinds of fact share: the pass's tables and the values in a row's payload."""

from __future__ import annotations

from dsl.schema.model import Kind

from ...query.scope import Scope
from ...store.dialect import json_value
from ...store.session import Session
from ..judging.touches import Touches


class Facts:
    def __init__(self, session: Session, scope: Scope, touches: Touches) -> None:
        self.session, self.scope, self.touches = session, scope, touches

    def json(self, payload: str, name: str, kind: Kind) -> str:
        """SQL of one typed value of a payload."""
        return json_value(self.session.dialect, payload, name, kind)
