"""Going live: the rules are compiled against the store, and what is new in them is judged for everybody (X1, X26)."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.program.codec import decode
from dsl.program.definitions import Program
from dsl.program.others import Score

from ...errors import InvalidInput
from ...query.points import score_id
from ...query.scope import SEGMENT_NUMBERS, Scope
from ...scores.fading import scale_of
from ...store.session import Session
from ...store.statistics import BULK
from ..intake.acts import keep_acts
from ..judging.dependencies import parts_in_order
from ..judging.react import React
from ..judging.scoring import fill_tables
from ..judging.touches import Touches
from ..rules import (
    Given,
    Kept,
    Live,
    Rules,
    Version,
    judge,
    load_versions,
    trigger_condition,
)
from ..work import empty
from .catalogues import Catalogues, Key, over_conditions
from .needed import counted, guards_lack, still_needed

_PUT_IT_BACK = "put it back; it can go once those inside have ended: `segue enrollments NAME --unenroll`, then a run"


class GoLive:
    """Writes the catalogues and builds the rules. Part of one transaction of the caller."""

    def __init__(self, session: Session, program: Program, t: int, stopped: frozenset[int] = frozenset()) -> None:
        """`stopped`: definitions whose enrollments end now, so that nothing is kept for them."""
        self.session, self.program, self.t, self.stopped = session, program, t, stopped
        self.catalogues = Catalogues(session, program, t)

    def __call__(self) -> Rules:
        self.catalogues.users()
        self.catalogues.templates()
        definitions = self.catalogues.definitions()
        versions = self.catalogues.versions(definitions)
        segments = self.catalogues.segments()
        names: dict[str, int] = dict(self.session.run(SEGMENT_NUMBERS))
        scope = Scope(self.program, self.session.dialect, names, definitions)
        keep_acts(self.session, scope)
        rows = self.session.run("SELECT id, activated_at FROM segue_definition")
        activated: dict[int, int] = {row[0]: row[1] for row in rows}
        live = [
            Live(definitions[key], versions[definitions[key]], d, activated[definitions[key]])
            for key, d in self.catalogues.running.items()
        ]
        kept = self._kept(scope, segments, {d.id: d for d in live})
        live += self._vanished()
        loaded, today = load_versions(self.session, versions.values() or [0]), set(versions.values())
        pinned = {n: v for n, v in loaded.items() if n in today or v.definition_id not in self.stopped}
        self._still_needed(pinned)
        return Rules(scope, kept, live, pinned)

    def backfill(self, rules: Rules, touches: Touches) -> None:
        """Judge new and edited conditions for everybody. Who matches already is marked and not enrolled, unless the
        definition says `existing: enroll` (X1)."""
        react = React(self.session, rules, touches)
        fill_tables(self.session, rules)
        for scored in rules.scores:
            if scored.score.name in self.catalogues.scored_anew:
                react.scoring.rebuild(scored, self.t)
        existing = {live.id for live in rules.live if live.definition.existing}
        for kept in rules.kept:
            if kept.id not in self.catalogues.edited:
                continue
            if changed := react.judge_all(kept, self.t):
                react.record(kept, self.t)
                if changed >= BULK and self.session.dialect == "postgresql":
                    self.session.run("ANALYZE segue_membership")  # the next conditions may read it
                if kept.starts in existing:
                    self.session.run(
                        "INSERT INTO start SELECT :d, v.bucket, v.id, :t, NULL, NULL, NULL, FALSE, TRUE FROM"
                        " verdict v WHERE v.held = 1",
                        d=kept.starts,
                        t=self.t,
                    )
                empty(self.session, "verdict", changed)

    def _vanished(self) -> list[Live]:
        rows = self.session.run(
            "SELECT d.id, d.activated_at, d.program FROM segue_definition d WHERE d.vanished_at IS NOT NULL AND EXISTS"
            " (SELECT 1 FROM segue_enrollment e WHERE e.definition_id = d.id AND e.ended_at IS NULL)"
        )
        found = [Live(i, 0, decode(text), at, vanished=True) for i, at, text in rows if i not in self.stopped]
        for live in found:
            for what in guards_lack(live.definition, self.program.schema, self.program):
                raise InvalidInput(
                    f"{what}, but those inside {live.definition.kind} `{live.definition.name}` still need it",
                    _PUT_IT_BACK,
                )
        return found

    def _kept(self, scope: Scope, segments: dict[Key, int], live: dict[int, Live]) -> list[Kept]:
        kept: list[Kept] = []
        for part, name in parts_in_order(self.program):
            if part == "score":
                kept += self._points(scope, segments, self.program.scores[name])
                continue
            s = self.program.segments[name]
            if s.condition is not None:
                kept.append(Kept(segments[("segment", name)], "segment", name, judge(scope, s.condition, s.object)))
        for d in sorted(live.values(), key=lambda x: x.id):
            condition = trigger_condition(d.definition)
            if condition is not None:
                kind = f"when:{d.definition.kind}"
                number = segments[(kind, d.definition.name)]
                judged = judge(scope, condition, d.definition.pinned.object)
                kept.append(Kept(number, kind, d.definition.name, judged, d.id, d.activated_at))
        return kept

    def _points(self, scope: Scope, numbers: dict[Key, int], score: Score) -> Iterator[Kept]:
        """The rules of a score over conditions."""
        scale, number = scale_of(score), score_id(score.name)
        for key, rule in over_conditions(score):
            assert rule.condition is not None
            given = Given(number, score.name, int(key[1].rpartition("/")[2]), scale.units(rule.points))
            yield Kept(numbers[key], *key, judge(scope, rule.condition, score.object), given=given)

    def _still_needed(self, versions: dict[int, Version]) -> None:
        """A template, segment, property or event that someone inside still needs cannot be removed (X26)."""
        pinned = {v.id: v.pinned for v in versions.values()}
        for what, count in sorted(still_needed(self.session, pinned, self.program.schema, self.program).items()):
            raise InvalidInput(f"{what}, but {counted(count)}", _PUT_IT_BACK)
