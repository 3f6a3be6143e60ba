"""The store's catalogues: what the rule files say now, with the numbers and versions the store knows it by (X26)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import orjson

from dsl.program.codec import digest, encode
from dsl.program.definitions import Program
from dsl.program.others import Score, ScoreRule
from dsl.program.running import running

from ...store import meta
from ...store.session import Session
from ..judging.dependencies import condition_hash, goes_otherwise, judged_by, score_hash
from ..rules import trigger_condition

Key = tuple[str, str]  # kind and name


@dataclass
class Changes:
    """What going live changed, in words for `segue plan` and `segue run`."""

    new: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)


class Catalogues:
    """Brings them to a program at the instant `t`, in the transaction of the caller, and notes what is to be judged for
    everybody then."""

    def __init__(self, session: Session, program: Program, t: int) -> None:
        self.session, self.program, self.t = session, program, t
        self.running = running(program)
        self.otherwise = goes_otherwise(session, program)
        self.changes = Changes()
        self.edited: set[int] = set()  # kept conditions that are new or say something else
        self.scored_anew: set[str] = set()  # scores, likewise
        self.altered: set[int] = set()  # definitions, whose guards are to be judged for those inside

    def users(self) -> None:
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

    def templates(self) -> None:
        """What each template said last, so that `segue plan` can name those edited since (X1). They are read live, so
        nothing else hangs on it; a label is no edit (X26)."""
        hashes = {name: digest(replace(template, label="")) for name, template in self.program.templates.items()}
        meta.write(self.session, "templates", orjson.dumps(hashes, option=orjson.OPT_SORT_KEYS).decode())

    def definitions(self) -> dict[Key, int]:
        known = {
            (k, n): (i, gone, program)
            for i, k, n, gone, program in self.session.run(
                "SELECT id, kind, name, vanished_at, program FROM segue_definition"
            )
        }
        following = max((i for i, *_ in known.values()), default=0) + 1
        numbers = {}
        for key, d in sorted(self.running.items()):
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
            if self.otherwise or known[key][2] != encode(d):
                self.altered.add(numbers[key])
            self.session.run(
                "UPDATE segue_definition SET label = :label, program = :program, vanished_at = NULL WHERE id = :id",
                id=numbers[key], label=d.label or d.name, program=encode(d),
            )  # fmt: skip
        for key, (number, gone, _) in known.items():
            if key not in self.running and gone is None:
                self.session.run("UPDATE segue_definition SET vanished_at = :t WHERE id = :id", t=self.t, id=number)
                self.changes.vanished.append(f"{key[0]} {key[1]}")
        return {key: number for key, (number, *_) in known.items()} | numbers

    def versions(self, definitions: dict[Key, int]) -> dict[int, int]:
        """Today's version of each definition: found by its hash, else made (X26)."""
        known = {(d, h): i for i, d, h in self.session.run("SELECT id, definition_id, hash FROM segue_version")}
        following = max(known.values(), default=0) + 1
        today = {}
        for key, d in sorted(self.running.items()):
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

    def segments(self) -> dict[Key, int]:
        """Numbers of all kept conditions; those new or edited are noted in `edited`."""
        wanted = self._wanted()
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
            if self.otherwise or known[key][1] != hash_:
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
        judged_by(self.session, self.program)
        return {key: number for key, (number, _) in known.items()}

    def _wanted(self) -> dict[Key, tuple[str, str, str]]:
        """(label, object, hash) of all kept conditions of the program."""
        wanted: dict[Key, tuple[str, str, str]] = {}
        for name, s in self.program.segments.items():
            hash_ = condition_hash(self.program, s.condition) if s.condition is not None else "static"
            wanted[("segment" if s.condition is not None else "static", name)] = (s.label or name, s.object, hash_)
        for (kind, name), d in self.running.items():
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
        return wanted


def over_conditions(score: Score) -> Iterator[tuple[Key, ScoreRule]]:
    """The rules of a score over conditions, each with kind and name of what is kept of it."""
    for n, rule in enumerate(score.rules):
        if rule.condition is not None:
            yield ("points", f"{score.name}/{n}"), rule
