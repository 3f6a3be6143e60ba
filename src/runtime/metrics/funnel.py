"""How contacts move through the steps of one sequence (M16)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dsl.program.codec import decode

from ..store.dialect import joined
from ..store.session import Session
from .filters import Chosen, Filters, chosen
from .steps import Step, steps

# What became of a step, as a letter: done, skipped (also `skipped(no company)`, X23), or only reached. What most steps
# are is asked first, here and of their kind: that saves SQLite a sixth of the time.
_BECAME = (
    "CASE WHEN s.outcome IN ('done', 'sent') THEN 'd' WHEN substr(s.outcome, 1, 7) IN ('skipped', 'refused') THEN 's'"
    " WHEN s.outcome IN ('cancelled', 'planned', 'created', 'deferred') THEN 'r' ELSE 'd' END"
)
_IS_STEP = "(s.what IN ('send', 'wait') OR s.what NOT IN ('entered', 'ended', 'status', 'paused', 'resumed', 'switch'))"
Place = tuple[int, int]  # version, block
Key = tuple[str, int]  # a step's words, and which of these words it is


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """Contacts by what became of them at one step. `reached` = got as far as this step; `waiting` stand there now;
    `exited` ended there, by reason; `old` where only versions before the present one have the step (X26). `standing`
    splits who is at the step, ended or not, by status; `places` are its (version, block), by which they are listed."""

    kind: str
    label: str
    rep_led: bool
    old: bool
    reached: int = 0
    executed: int = 0
    skipped: int = 0
    waiting: int = 0
    exited: Mapping[str, int] | None = None
    standing: Mapping[str, int] = field(default_factory=dict)
    places: tuple[Place, ...] = ()

    @property
    def left(self) -> int:
        return sum((self.exited or {}).values())


def step_funnel(session: Session, sequence: str, filters: Filters | None = None) -> list[FunnelStep]:
    """The steps of the newest version in order, then those only older versions have. Who came to a step in several
    versions, enrolled again after an edit, counts there once. Who waits out a plain delay stands at the step after it,
    so most delays have no line. One statement of figures, whatever the number of people."""
    c = chosen(session, replace(filters or Filters(), sequences=(sequence,)))
    places = _places(session, c)
    found: dict[Key, FunnelStep] = {}
    for _, step, old in places:
        found.setdefault(step.key, FunnelStep(step.kind, step.label, step.rep_led, old))
    for version, step, _ in places:
        found[step.key] = replace(found[step.key], places=(*found[step.key].places, (version, step.block)))
    counted = _Counted({(version, step.block): step.key for version, step, _ in places})
    for ways, n in session.bound(_ways(c, session.dialect), c.values):
        counted.add(ways, n)
    shown = (counted.onto(step, key) for key, step in found.items())
    return [step for step in shown if step.kind != "wait" or step.reached]


def _places(session: Session, c: Chosen) -> list[tuple[int, Step, bool]]:
    """(version, step, whether it is of an older version), the newest version's first."""
    if not c.definitions:
        return []
    sql = "SELECT id, program FROM segue_version WHERE definition_id = :id ORDER BY first_seen_at DESC, id DESC"
    versions = session.run(sql, id=c.definitions[0][0])
    return [
        (version, step, nr > 0) for nr, (version, program) in enumerate(versions) for step in steps(decode(program))
    ]


def _ways(c: Chosen, dialect: str) -> str:
    """(ways, people): each enrollment of a person as a line, its version, block, status, reason if it ended, and blocks
    with what became of them. Few go another way than all others, so that little is left to count."""
    block = f"CAST(s.block AS TEXT) || {_BECAME}"
    path = (
        f"SELECT {joined(dialect, block, ' ')} FROM segue_step s WHERE s.bucket = e.bucket AND s.enrollment_id = e.id "
        f"AND s.block IS NOT NULL AND {_IS_STEP}"
    )
    ended = "CASE WHEN e.ended_at IS NOT NULL THEN coalesce(e.reason, 'unknown') ELSE '' END"
    way = (
        "CAST(e.version_id AS TEXT) || '\t' || CAST(e.block AS TEXT) || '\t' || e.status || '\t' || "
        f"{ended} || '\t' || coalesce(({path}), '')"
    )
    ways = joined(dialect, way, "\n")
    people = f"SELECT {ways} AS ways FROM segue_enrollment e WHERE {c.in_order} GROUP BY e.bucket, e.contact_id"
    return f"SELECT q.ways, count(*) FROM ({people}) q GROUP BY q.ways"


class _Counted:
    """People by step: who reached it, for whom it was done or left out, and who stands there, by status and reason."""

    def __init__(self, steps: Mapping[Place, Key]) -> None:
        self._steps = steps
        self._reached, self._done, self._skipped = Counter[Key](), Counter[Key](), Counter[Key]()
        self._ended: dict[Key, Counter[str]] = defaultdict(Counter)
        self._standing: dict[Key, Counter[str]] = defaultdict(Counter)

    def add(self, ways: str, n: int) -> None:
        """`n` people who went these ways: each counts once at a step, however often and in whatever version they came
        there."""
        became: dict[str, set[Key]] = {"r": set(), "d": set(), "s": set()}
        ends, standing = set[tuple[Key, str]](), set[tuple[Key, str]]()
        for way in ways.split("\n"):
            version, at, status, reason, path = way.split("\t")
            if (key := self._steps.get((int(version), int(at)))) is not None:
                became["r"].add(key)
                ends.add((key, reason))
                standing.add((key, status))
            for step in path.split():
                if (key := self._steps.get((int(version), int(step[:-1])))) is not None:
                    became[step[-1]].add(key)
        # A step taken back later (planned, then refused) has more than one row.
        self._reached.update(dict.fromkeys(became["r"] | became["d"] | became["s"], n))
        self._done.update(dict.fromkeys(became["d"], n))
        self._skipped.update(dict.fromkeys(became["s"] - became["d"], n))
        for key, reason in ends:
            self._ended[key][reason] += n
        for key, status in standing:
            self._standing[key][status] += n

    def onto(self, step: FunnelStep, key: Key) -> FunnelStep:
        """`step` with its people."""
        exited = Counter(self._ended[key])
        waiting = exited.pop("", 0)
        return replace(
            step,
            reached=self._reached[key],
            executed=self._done[key],
            skipped=self._skipped[key],
            waiting=waiting,
            exited=dict(sorted(exited.items())) or None,
            standing=dict(sorted(self._standing[key].items())),
        )
