"""Who is found by the rules, a page at a time, in the order of the records' keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsl.english.phrases import phrase
from dsl.program.blocks import Text

from ..channels.templates import Renderer
from ..channels.values import Formats
from ..project.loading import Loaded
from ..project.scopes import scope_of
from ..query.scope import Params
from ..store import inbox
from ..store.names import quoted
from ..store.session import Session
from .rules import Rule, found_sql, rules
from .values import Leaves

PAGE = 500
Place = tuple[int, int]  # bucket and id of a record: where a page ends
FIRST: Place = (-1, 0)


@dataclass(frozen=True, slots=True)
class Overview:
    """One rule: `kind` is fix or review, `condition` in words, `found` how many records are open, None where nobody
    counted."""

    rule: str
    kind: str
    object: str
    condition: str
    found: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A record a rule has found; `words` say what is wrong with it."""

    rule: str
    kind: str
    object: str
    id: int
    external_id: str
    words: str

    @property
    def place(self) -> Place:
        return self.id % 256, self.id


class Findings:
    """Asks for a project, as of the present of its store."""

    def __init__(self, session: Session, loaded: Loaded) -> None:
        self.session, self.loaded, self.scope = session, loaded, scope_of(session, loaded)
        self.now = inbox.present(session)
        self.renderer = Renderer(Formats.of(loaded.project), loaded.schema)

    def overview(self, name: str | None = None, counted: bool = True) -> list[Overview]:
        """Every rule with how many it finds. Raises UnknownName."""
        return [
            Overview(
                r.name, r.rule.kind, r.hygiene.object, phrase(r.rule.condition), self.count(r) if counted else None
            )
            for r in rules(self.loaded.program, name)
        ]

    def count(self, rule: Rule) -> int:
        params = Params()
        held = found_sql(self.scope, rule, params)
        sql = f"SELECT count(*) FROM {quoted(rule.hygiene.object)} s WHERE {held}"
        return int(self.session.bound(sql, params.at(self.now))[0][0])

    def queue(self, name: str | None = None, limit: int = 50) -> list[Finding]:
        """What a person has to look at, rule by rule; `limit` 0: all of it."""
        found: list[Finding] = []
        for rule in rules(self.loaded.program, name):
            if rule.rule.kind == "review" and not (limit and len(found) >= limit):
                found += self._all(rule, limit - len(found) if limit else 0)
        return found

    def _all(self, rule: Rule, limit: int) -> list[Finding]:
        found: list[Finding] = []
        while page := self.page(rule, found[-1].place if found else None):
            found += page
            if limit and len(found) >= limit:
                break
        return found[: limit or None]

    def page(
        self, rule: Rule, after: Place | None = None, limit: int = PAGE, skip: int = 0, back: bool = False
    ) -> list[Finding]:
        """The next that a rule finds, behind the place of the last one seen; `back`: before it, backwards."""
        of, params = rule.hygiene.object, Params()
        leaves = Leaves(self.scope, of, params)
        words = leaves.text(rule.rule.text or Text(()), self.renderer)
        held = found_sql(self.scope, rule, params)
        columns = ", ".join(["s.id", "s.external_id", *leaves.columns])
        way, beyond = (" DESC", "<") if back else ("", ">")
        bucket, id_ = after or ((256, 0) if back else FIRST)
        rows = self.session.bound(
            f"SELECT {columns} FROM {quoted(of)} s WHERE (s.bucket, s.id) {beyond} (:bucket, :id) AND {held}"
            f" ORDER BY s.bucket{way}, s.id{way} LIMIT :limit OFFSET :skip",
            params.at(self.now) | {"bucket": bucket, "id": id_, "limit": limit, "skip": skip},
        )
        return [self._finding(rule, row[:2], str(words(row[2:], {}) or "")) for row in rows]

    def _finding(self, rule: Rule, found: Sequence[object], words: str) -> Finding:
        id_, external = found
        return Finding(rule.name, rule.rule.kind, rule.hygiene.object, int(str(id_)), str(external), words)
