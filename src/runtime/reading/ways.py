"""What became of those who went through a workflow: how many took which way at each of its blocks, how many reached
the goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dsl.english.phrases import phrase
from dsl.program import blocks
from dsl.program.blocks import Block
from dsl.program.codec import decode

from ..metrics.steps import name_of
from ..store.session import Row, Session

_WAYS: dict[str, str] = {"then": "yes", "else": "no", "timeout": "not in time"}


@dataclass(frozen=True, slots=True)
class Way:
    """`count` steps taken at one block with one outcome. `label` says the block as its author wrote it, `way` what came
    of it (`yes`, `no`, the arm of a split, `done`, `sent`, ..); `branches` where more than one way leads on. `old`:
    only versions before the present one have the block (X26)."""

    label: str
    way: str
    count: int
    branches: bool
    old: bool


def goals(session: Session) -> Mapping[int, int]:
    """Enrollments that ended because their goal was reached, by the number of the definition."""
    return dict(
        session.run(
            # So worded that it is read from front to back: those of one definition lie anywhere.
            "SELECT +e.definition_id, count(*) FROM segue_enrollment e WHERE e.reason = 'goal'"
            " AND e.status <> 'errored' AND e.ended_at IS NOT NULL GROUP BY 1"
        )
    )


def ways(session: Session, name: str, kind: str = "workflow") -> list[Way]:
    """The blocks of the newest version in order, then those that only older ones have. What several versions share is
    added up. Two statements, whatever the number of people."""
    versions = session.run(
        "SELECT v.id, v.program, d.id FROM segue_version v JOIN segue_definition d ON d.id = v.definition_id"
        " WHERE d.kind = :kind AND d.name = :name ORDER BY v.first_seen_at DESC, v.id DESC",
        kind=kind,
        name=name,
    )
    # By its number: PostgreSQL knows how many are enrolled under a number, not how many under a name.
    rows = session.run(_TAKEN, definition=versions[0][2]) if versions else []
    found: dict[tuple[str, int, str], Way] = {}
    for nr, (version, program, _) in enumerate(versions):
        places = _places(decode(program).graph.blocks)
        for _, block, what, outcome, of, count in _of(version, rows):
            label, number, branches = places[block]
            label = label or f"{what} {of or ''}".rstrip()
            way = _WAYS[outcome] if outcome in _WAYS else str(outcome)
            before = found.get((label, number, way))
            old = nr > 0 if before is None else before.old
            found[label, number, way] = Way(label, way, count + (before.count if before else 0), branches, old)
    return list(found.values())


def _of(version: int, rows: list[Row]) -> list[Row]:
    return [row for row in rows if row[0] == version]


def _places(all_: tuple[Block, ...]) -> list[tuple[str, int, bool]]:
    """Of each block its words, how often they were used before, and whether ways part there."""
    seen: dict[str, int] = {}
    found = []
    for block in all_:
        label = _label(block)
        seen[label] = seen.get(label, 0) + 1
        found.append((label, seen[label], len(set(blocks.following(block))) > 1))
    return found


def _label(block: Block) -> str:
    match block:
        case blocks.If(condition):
            return f"if {phrase(condition)}"
        case blocks.Split(arms):
            return f"split {' / '.join(arm.name for arm in arms)}"
    named = name_of(block)
    return named[1] if named else ""


# What is only planned or put off has another row when it is done.
_TAKEN = (
    "SELECT e.version_id, s.block, s.what, s.outcome, min(s.name), count(*) FROM segue_enrollment e"
    " CROSS JOIN segue_step s WHERE e.definition_id = :definition AND s.bucket = e.bucket AND s.enrollment_id = e.id"
    " AND s.block IS NOT NULL"
    " AND s.what NOT IN ('entered', 'ended', 'status', 'paused', 'resumed', 'switch')"
    " AND s.outcome NOT IN ('planned', 'deferred')"
    " GROUP BY e.version_id, s.block, s.what, s.outcome ORDER BY s.block, count(*) DESC, s.outcome"
)
