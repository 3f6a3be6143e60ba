"""Going live: the store's catalogues are brought to what the rule files say now (X1, X26)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import orjson

from dsl.program.codec import decode, digest, encode
from dsl.program.definitions import Program
from dsl.program.others import Score, ScoreRule

from ..errors import InvalidInput
from ..query.points import score_id
from ..query.scope import Scope
from ..scores.fading import scale_of
from ..store import meta
from ..store.session import Session
from ..store.statistics import BULK
from .acts import keep_acts
from .needed import counted, guards_lack, still_needed
from .react import React
from .rules import (
    Given,
    Kept,
    Live,
    Rules,
    Version,
    condition_hash,
    judge,
    load_versions,
    parts_in_order,
    score_hash,
    trigger_condition,
)
from .scoring import fill_tables
from .touches import Touches
from .work import empty

_PUT_IT_BACK = "put it back; it can go once those inside have ended: `segue enrollments NAME --unenroll`, then a run"


@dataclass
class Changes:
    """What going live changed, in words for `segue plan` and `segue run`."""

    new: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)


class GoLive:
    """Writes the catalogues and builds the rules. Part of one transaction of the caller."""

    def __init__(self, session: Session, program: Program, t: int, stopped: frozenset[int] = frozenset()) -> None:
        """`stopped`: definitions whose enrollments end now, so that nothing is kept for them."""
        self.session, self.program, self.t, self.stopped = session, program, t, stopped
        self.changes = Changes()
        self.edited: set[int] = set()  # kept conditions that must be judged for everybody
        self.scored_anew: set[str] = set()  # scores that are new or were edited
        self.altered: set[int] = set()  # definitions whose guards must be judged for everybody inside

    def __call__(self) -> Rules:
        self._users()
        self._templates()
        definitions = self._definitions()
        versions = self._versions(definitions)
        segments = self._segments()
        names = {name: number for (kind, name), number in segments.items() if kind in ("segment", "static")}
        scope = Scope(self.program, self.session.dialect, names, definitions)
        keep_acts(self.session, scope)
        rows = self.session.run("SELECT id, activated_at FROM segue_definition")
        activated: dict[int, int] = {row[0]: row[1] for row in rows}
        live = [
            Live(definitions[key], versions[definitions[key]], d, activated[definitions[key]])
            for key, d in self.program.definitions.items()
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
            if scored.score.name in self.scored_anew:
                react.scoring.rebuild(scored, self.t)
        existing = {live.id for live in rules.live if live.definition.existing}
        for kept in rules.kept:
            if kept.id not in self.edited:
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

    # --- catalogues ---------------------------------------------------------------------------

    def _users(self) -> None:
        """Users of segue.yaml are the store's, whatever an import said of them; a user no longer named there and not
        imported stays (records point at it)."""
        self.session.many(
            "INSERT INTO segue_user (name, label, email, time_zone, active) VALUES (:name, :label, :email,"
            " :zone, :active)"
            " ON CONFLICT (name) DO UPDATE SET label = excluded.label, email = excluded.email, time_zone ="
            " excluded.time_zone,"
            " active = excluded.active",
            [
                {"name": u.name, "label": u.label or u.name, "email": u.email, "zone": u.time_zone, "active": u.active}
                for u in self.program.project.users.values()
            ],
        )

    def _templates(self) -> None:
        """What each template said last, so that `segue plan` can name those edited since (X1). They are read live, so
        nothing else hangs on it; a label is no edit (X26)."""
        hashes = {name: digest(replace(template, label="")) for name, template in self.program.templates.items()}
        meta.write(self.session, "templates", orjson.dumps(hashes, option=orjson.OPT_SORT_KEYS).decode())

    def _definitions(self) -> dict[tuple[str, str], int]:
        known = {
            (k, n): (i, gone, program)
            for i, k, n, gone, program in self.session.run(
                "SELECT id, kind, name, vanished_at, program FROM segue_definition"
            )
        }
        following = max((i for i, *_ in known.values()), default=0) + 1
        numbers = {}
        for key, d in sorted(self.program.definitions.items()):
            if key not in known:
                self.session.run(
                    "INSERT INTO segue_definition (id, kind, name, label, activated_at, program) VALUES (:id,"
                    " :kind, :name, :label, :t, :program)",
                    id=following, kind=key[0], name=key[1], label=d.label or d.name, t=self.t, program=encode(d),
                )  # fmt: skip
                self.changes.new.append(f"{key[0]} {key[1]}")
                numbers[key], following = following, following + 1
                continue
            numbers[key] = known[key][0]
            if known[key][2] != encode(d):
                self.altered.add(numbers[key])
            self.session.run(
                "UPDATE segue_definition SET label = :label, program = :program, vanished_at = NULL WHERE id = :id",
                id=numbers[key], label=d.label or d.name, program=encode(d),
            )  # fmt: skip
        for key, (number, gone, _) in known.items():
            if key not in self.program.definitions and gone is None:
                self.session.run("UPDATE segue_definition SET vanished_at = :t WHERE id = :id", t=self.t, id=number)
                self.changes.vanished.append(f"{key[0]} {key[1]}")
        return {key: number for key, (number, *_) in known.items()} | numbers

    def _versions(self, definitions: dict[tuple[str, str], int]) -> dict[int, int]:
        """Today's version of each definition: found by its hash, else made (X26)."""
        known = {(d, h): i for i, d, h in self.session.run("SELECT id, definition_id, hash FROM segue_version")}
        following = max(known.values(), default=0) + 1
        today = {}
        for key, d in sorted(self.program.definitions.items()):
            number, version = definitions[key], d.version
            if (number, version) not in known:
                self.session.run(
                    "INSERT INTO segue_version (id, definition_id, hash, program, first_seen_at) VALUES (:id,"
                    " :d, :hash, :program, :t)",
                    id=following, d=number, hash=version, program=encode(d.pinned), t=self.t,
                )  # fmt: skip
                known[(number, version)], following = following, following + 1
                if f"{key[0]} {key[1]}" not in self.changes.new:
                    self.changes.edited.append(f"{key[0]} {key[1]}")
            today[number] = known[(number, version)]
        return today

    def _segments(self) -> dict[tuple[str, str], int]:
        """Numbers of all kept conditions; those new or edited are noted in `edited`."""
        wanted = {}
        for name, s in self.program.segments.items():
            hash_ = condition_hash(self.program, s.condition) if s.condition is not None else "static"
            wanted[("segment" if s.condition is not None else "static", name)] = (s.label or name, s.object, hash_)
        for (kind, name), d in self.program.definitions.items():
            condition = trigger_condition(d)
            if condition is not None:
                wanted[(f"when:{kind}", name)] = (
                    d.label or name,
                    d.pinned.object,
                    condition_hash(self.program, condition),
                )
        for name, score in self.program.scores.items():
            wanted[("score", name)] = (score.label or name, score.object, score_hash(self.program, score))
            for key, rule in over_conditions(score):
                wanted[key] = (score.label or name, score.object, condition_hash(self.program, rule.condition))
        known = {(k, n): (i, h) for i, k, n, h in self.session.run("SELECT id, kind, name, hash FROM segue_segment")}
        following = max((i for i, _ in known.values()), default=0) + 1
        for key, (label, of, hash_) in sorted(wanted.items()):
            if key not in known:
                self.session.run(
                    "INSERT INTO segue_segment (id, kind, name, label, object, hash) VALUES (:id, :kind, :name,"
                    " :label, :object, :hash)",
                    id=following, kind=key[0], name=key[1], label=label, object=of, hash=hash_,
                )  # fmt: skip
                known[key], following = (following, ""), following + 1
            if known[key][1] != hash_:
                self.edited.add(known[key][0])
                self.scored_anew |= {key[1]} if key[0] == "score" else set()
            self.session.run(
                "UPDATE segue_segment SET label = :label, object = :object, hash = :hash, vanished_at = NULL"
                " WHERE id = :id",
                id=known[key][0], label=label, object=of, hash=hash_,
            )  # fmt: skip
        for key, (number, _) in known.items():
            if key not in wanted:
                self.session.run(
                    "UPDATE segue_segment SET vanished_at = :t, hash = 'gone' WHERE id = :id AND vanished_at IS NULL",
                    t=self.t,
                    id=number,
                )
        return {key: number for key, (number, _) in known.items()}

    def _kept(self, scope: Scope, segments: dict[tuple[str, str], int], live: dict[int, Live]) -> list[Kept]:
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

    def _points(self, scope: Scope, numbers: dict[tuple[str, str], int], score: Score) -> Iterator[Kept]:
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


def over_conditions(score: Score) -> Iterator[tuple[tuple[str, str], ScoreRule]]:
    """The rules of a score over conditions, each with kind and name of what is kept of it."""
    for n, rule in enumerate(score.rules):
        if rule.condition is not None:
            yield ("points", f"{score.name}/{n}"), rule
