"""How contacts move through the steps of one sequence (M16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dsl.program.codec import decode

from ..store.session import Session
from .filters import Chosen, Filters, chosen
from .steps import Step, steps

_LEFT_OUT = "substr(s.outcome, 1, 7) IN ('skipped', 'refused')"  # also `skipped(no company)` (X23)
_NOT_DONE = "('cancelled', 'planned', 'created', 'deferred')"


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
    places: tuple[tuple[int, int], ...] = ()

    @property
    def left(self) -> int:
        return sum((self.exited or {}).values())


def step_funnel(session: Session, sequence: str, filters: Filters | None = None) -> list[FunnelStep]:
    """The steps of the newest version in order, then those only older versions have. Figures of a step that several
    versions share are added up: each enrollment has one version. Who waits out a plain delay stands at the step after
    it, so most delays have no line. Three statements of figures, whatever the number of people."""
    c = chosen(session, replace(filters or Filters(), sequences=(sequence,)))
    places = _places(session, c)
    found: dict[tuple[str, int], FunnelStep] = {}
    for _, step, old in places:
        found.setdefault(step.key, FunnelStep(step.kind, step.label, step.rep_led, old))
    for version, step, _ in places:
        found[step.key] = replace(found[step.key], places=(*found[step.key].places, (version, step.block)))
    by_place = {(version, step.block): step.key for version, step, _ in places}
    for version, block, reached, executed, skipped in session.bound(_passed(c), c.values):
        _add(found, by_place.get((version, block)), reached=reached, executed=executed, skipped=skipped)
    for version, block, ended, reason, n in session.bound(_standing(c), c.values):
        key = by_place.get((version, block))
        if ended:
            _exit(found, key, reason or "unknown", n)
        else:
            _add(found, key, waiting=n)
    for version, block, status, n in session.bound(_by_status(c), c.values):
        if key := by_place.get((version, block)):
            standing = found[key].standing
            found[key] = replace(found[key], standing={**standing, status: standing.get(status, 0) + n})
    return [step for step in found.values() if step.kind != "wait" or step.reached]


def _places(session: Session, c: Chosen) -> list[tuple[int, Step, bool]]:
    """(version, step, whether it is of an older version), the newest version's first."""
    if not c.definitions:
        return []
    sql = "SELECT id, program FROM segue_version WHERE definition_id = :id ORDER BY first_seen_at DESC, id DESC"
    versions = session.run(sql, id=c.definitions[0][0])
    return [
        (version, step, nr > 0) for nr, (version, program) in enumerate(versions) for step in steps(decode(program))
    ]


def _passed(c: Chosen) -> str:
    """Per version and block: contacts who got there, for whom it was done, and for whom it was left out. A step
    taken back later (planned, then refused) has more than one row."""
    taken = (
        "SELECT e.version_id, s.block, e.bucket, e.contact_id, "
        f"CASE WHEN {_LEFT_OUT} OR s.outcome IN {_NOT_DONE} THEN 0 ELSE 1 END AS done, "
        f"CASE WHEN {_LEFT_OUT} THEN 1 ELSE 0 END AS skipped "
        "FROM segue_enrollment e CROSS JOIN segue_step s WHERE s.bucket = e.bucket AND s.enrollment_id = e.id "
        f"AND s.block IS NOT NULL AND s.what NOT IN ('entered', 'ended', 'status', 'paused', 'resumed', 'switch') "
        f"AND {c.in_order} UNION ALL "
        f"SELECT e.version_id, e.block, e.bucket, e.contact_id, 0, 0 FROM segue_enrollment e WHERE {c.in_order}"
    )
    # Each contact becomes one row first: sorted once, where count(DISTINCT) would keep a tree for each figure.
    people = (
        f"SELECT p.version_id, p.block, max(p.done) AS done, max(p.skipped) AS skipped FROM ({taken}) p "
        "GROUP BY p.bucket, p.contact_id, p.version_id, p.block"
    )
    return (
        "SELECT q.version_id, q.block, count(*), sum(q.done), sum(CASE WHEN q.done = 0 THEN q.skipped ELSE 0 END) "
        f"FROM ({people}) q GROUP BY q.version_id, q.block"
    )


def _standing(c: Chosen) -> str:
    """Per version and block: contacts who stand there, and who ended there and why."""
    ended = "CASE WHEN e.ended_at IS NOT NULL THEN 1 ELSE 0 END"
    reason = "CASE WHEN e.ended_at IS NOT NULL THEN e.reason END"
    return (
        f"SELECT e.version_id, e.block, {ended}, {reason}, count(DISTINCT e.contact_id) FROM segue_enrollment e "
        f"WHERE {c.in_order} GROUP BY e.version_id, e.block, {ended}, {reason}"
    )


def _by_status(c: Chosen) -> str:
    return (
        "SELECT e.version_id, e.block, e.status, count(DISTINCT e.contact_id) FROM segue_enrollment e "
        f"WHERE {c.in_order} GROUP BY e.version_id, e.block, e.status ORDER BY e.status"
    )


def _add(found: dict[tuple[str, int], FunnelStep], key: tuple[str, int] | None, **more: int) -> None:
    if key:
        step = found[key]
        found[key] = replace(step, **{name: getattr(step, name) + n for name, n in more.items()})


def _exit(found: dict[tuple[str, int], FunnelStep], key: tuple[str, int] | None, reason: str, n: int) -> None:
    if key:
        exited = dict(found[key].exited or {})
        exited[reason] = exited.get(reason, 0) + n
        found[key] = replace(found[key], exited=exited)


def worst_step(funnel: Iterable[FunnelStep]) -> FunnelStep | None:
    """The step at which most people leave before its end: where to look first."""
    return max((s for s in funnel if s.left and s.kind != "finish"), key=lambda s: s.left, default=None)
