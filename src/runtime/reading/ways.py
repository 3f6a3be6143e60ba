"""What became of those who went through a workflow: how many took which way at each of its blocks and who stands there,
how many reached the goal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dsl.english.phrases import phrase
from dsl.program import blocks
from dsl.program.blocks import Block
from dsl.program.codec import decode

from ..metrics.funnel import Place
from ..metrics.steps import in_order, name_of
from ..store.session import Row, Session
from ..store.tables import ENDED

_WAYS: dict[str, str] = {"then": "yes", "else": "no", "timeout": "not in time"}


@dataclass(frozen=True, slots=True)
class Way:
    """`count` steps taken at one block with one outcome. `label` says the block as its author wrote it, `nr` which of
    those of the same words it is, `way` what came of it (`yes`, `no`, the arm of a split, `done`, `sent`, ..; "" where
    nobody came further yet); `branches` where more than one way leads on. `old`: only versions before the present one
    have the block (X26). `places` are its (version, block), by which its people are listed; the first way of a block
    says how many wait there, and how many stopped there with an error."""

    label: str
    way: str
    count: int
    branches: bool
    old: bool
    nr: int = 1
    places: tuple[Place, ...] = ()
    waiting: int = 0
    errored: int = 0


@dataclass(slots=True)
class _Stop:
    """A block in all versions that have it, while it is counted."""

    label: str
    nr: int
    branches: bool
    old: bool
    places: list[Place] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    standing: Counter[bool] = field(default_factory=Counter)  # by whether they errored

    def ways(self) -> Iterator[Way]:
        """Nobody was at most blocks of an older version."""
        there = self.standing[False], self.standing[True]
        for way, count in self.taken.items() or ([("", 0)] if any(there) else []):
            yield Way(self.label, way, count, self.branches, self.old, self.nr, tuple(self.places), *there)
            there = 0, 0


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
    """The blocks of the newest version in writing order, then those that only older ones have. What several versions
    share is added up. Three statements, whatever the number of people."""
    versions = session.run(
        "SELECT v.id, v.program, d.id FROM segue_version v JOIN segue_definition d ON d.id = v.definition_id"
        " WHERE d.kind = :kind AND d.name = :name ORDER BY v.first_seen_at DESC, v.id DESC",
        kind=kind,
        name=name,
    )
    if not versions:
        return []
    stops = _stops(versions)
    at = {place: stop for stop in stops for place in stop.places}
    # By its number: PostgreSQL knows how many are enrolled under a number, not how many under a name.
    for version, block, outcome, count in session.run(_TAKEN, definition=versions[0][2]):
        if (version, block) in at:  # a worker may go on with a newer one meanwhile
            at[version, block].taken[_WAYS.get(outcome) or str(outcome)] += count
    for version, block, status, count in session.run(_STANDING, definition=versions[0][2]):
        if (version, block) in at:
            at[version, block].standing[status in ENDED] += count
    return [way for stop in stops for way in stop.ways()]


def _stops(versions: list[Row]) -> list[_Stop]:
    """Every block, named by its words and how often they were used before."""
    found: dict[tuple[str, int], _Stop] = {}
    for back, (version, program, _) in enumerate(versions):
        seen = Counter[str]()
        graph = decode(program).graph
        for number, _ in in_order(graph):
            block = graph.blocks[number]
            label = _label(block)
            seen[label] += 1
            branches = len(set(blocks.following(block))) > 1
            stop = found.setdefault((label, seen[label]), _Stop(label, seen[label], branches, back > 0))
            stop.places.append((version, number))
    return list(found.values())


def _label(block: Block) -> str:
    match block:
        case blocks.If(condition):
            return f"if {phrase(condition)}"
        case blocks.Split(arms):
            return f"split {' / '.join(arm.name for arm in arms)}"
    named = name_of(block)
    return named[1] if named else _unnamed(block)


def _unnamed(block: Block) -> str:
    """Of the steps that no funnel shows, as the log of steps has it."""
    match block:
        case blocks.SendTo(template):
            return f"send {template}"
        case blocks.Create(of):
            return f"create {of}"
        case blocks.Link(left, right, linked=linked):
            verb, to = ("link", "to") if linked else ("unlink", "from")
            return f"{verb} {_record(left)} {to} {_record(right)}"
        case blocks.Assign(record, property_):
            return f"assign {'.'.join((*(record.path or (record.name,) * bool(record.name)), property_))}"
        case blocks.Slack(channel):
            return f"slack {channel}"
        case blocks.Webhook(channel):
            return f"webhook {channel}"
    return "note"


def _record(ref: blocks.RecordRef) -> str:
    return ref.name or ".".join(ref.path) or ref.object


# What is only planned or put off has another row when it is done.
_TAKEN = (
    "SELECT e.version_id, s.block, s.outcome, count(*) FROM segue_enrollment e"
    " CROSS JOIN segue_step s WHERE e.definition_id = :definition AND s.bucket = e.bucket AND s.enrollment_id = e.id"
    " AND s.block IS NOT NULL"
    " AND s.what NOT IN ('entered', 'ended', 'status', 'paused', 'resumed', 'switch')"
    " AND s.outcome NOT IN ('planned', 'deferred')"
    " GROUP BY e.version_id, s.block, s.outcome ORDER BY s.block, count(*) DESC, s.outcome"
)
# Who is inside, and who stopped with an error; the index of the definition finds them by their status.
_STANDING = (
    "SELECT e.version_id, e.block, e.status, count(*) FROM segue_enrollment e WHERE e.definition_id = :definition"
    " AND e.status IN ('pending', 'active', 'waiting_task', 'paused', 'errored')"
    " GROUP BY e.version_id, e.block, e.status"
)
