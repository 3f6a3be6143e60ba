"""What a pinned version reads and the project no longer has: whoever is inside may still come to it (X26)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from dsl.diagnostics.articles import article
from dsl.program.blocks import Graph, JoinSegment, LeaveSegment, Send, SendTo, following
from dsl.program.codec import decode
from dsl.program.definitions import Definition, Pinned, Program
from dsl.schema.model import Schema

from ...store.session import Session
from ..judging.dependencies import parts_read
from .lacking import lacks


def still_needed(
    session: Session, versions: Mapping[int, Pinned], schema: Schema, program: Program | None = None
) -> dict[str, int]:
    """What is gone and how many enrollments still need it. Without a program the schema alone is looked at."""
    gone = {number: _gone(v, range(len(v.graph.blocks)), schema, program) for number, v in versions.items()}
    counts: Counter[str] = Counter()
    if not any(gone.values()):
        return counts
    for version, block, automated, count in session.run(
        "SELECT version_id, block, CASE WHEN engaged_at IS NULL THEN 1 ELSE 0 END, count(*) FROM segue_enrollment"
        " WHERE ended_at IS NULL GROUP BY 1, 2, 3"
    ):
        if gone.get(version):
            pinned = versions[version]
            graph = pinned.graph
            entry = [graph.rep_led] if automated and graph.rep_led is not None else []
            ahead = _gone(pinned, reachable(graph, [block, *entry]), schema, program)
            counts.update(dict.fromkeys(ahead, count))
    return counts


def refused_by(session: Session, schema: Schema) -> dict[str, int]:
    """What the schema lacks for those inside, and how many of them need it: for what is left of their pinned version,
    or for the guards of a definition that vanished."""
    rows = session.run(
        "SELECT v.id, v.program FROM segue_version v WHERE EXISTS (SELECT 1 FROM segue_enrollment e WHERE"
        " e.definition_id = v.definition_id AND e.version_id = v.id AND e.ended_at IS NULL)"
    )
    versions: dict[int, Pinned] = {number: decode(program) for number, program in rows}
    counts = Counter(still_needed(session, versions, schema))
    for program, count in session.run(
        "SELECT d.program, count(*) FROM segue_definition d CROSS JOIN segue_enrollment e WHERE d.vanished_at IS NOT"
        " NULL AND e.definition_id = d.id AND e.ended_at IS NULL GROUP BY d.id, d.program"
    ):
        counts.update(dict.fromkeys(guards_lack(decode(program), schema), count))
    return counts


def guards_lack(definition: Definition, schema: Schema, program: Program | None = None) -> list[str]:
    """What the guards of a definition that vanished read, and the schema or the rule files have no more."""
    found = set(lacks(definition.guards, schema))
    if program is not None:
        found |= set(_of_parts(definition.guards, program))
    return sorted(found)


def counted(count: int) -> str:
    return "1 enrollment still needs it" if count == 1 else f"{count:,} enrollments still need it"


def _gone(pinned: Pinned, blocks: Iterable[int], schema: Schema, program: Program | None) -> set[str]:
    found: set[str] = set()
    for block in (pinned.graph.blocks[i] for i in blocks):
        found |= set(lacks(block, schema))
        if program is not None:
            found |= set(_of_rules(block, program))
            found |= set(_of_template(block, pinned, program))
    return found


def _of_template(block: object, pinned: Pinned, program: Program) -> Iterator[str]:
    """Templates that the rule files no longer have, or that print a record which who is inside is not (X36)."""
    if not isinstance(block, Send | SendTo):
        return
    template = program.templates.get(block.template)
    if template is None:
        yield f"template `{block.template}` is gone from the rule files"
    elif template.record not in ("", pinned.object):
        of = f"{pinned.kind} of {pinned.object}"
        yield f"template `{block.template}` prints {article(template.record)}, which no {of} has"


def _of_rules(block: object, program: Program) -> Iterator[str]:
    """Segments and scores that the rule files no longer have."""
    if isinstance(block, JoinSegment | LeaveSegment) and block.segment not in program.segments:
        yield f"segment `{block.segment}` is gone from the rule files"
    yield from _of_parts(block, program)


def _of_parts(value: object, program: Program) -> Iterator[str]:
    """Segments and scores that conditions and values read."""
    for kind, name in sorted(parts_read(value)):
        if name not in (program.scores if kind == "score" else program.segments):
            yield f"{kind} `{name}` is gone from the rule files"


def reachable(graph: Graph, starts: Iterable[int]) -> set[int]:
    """The blocks an enrollment at one of `starts` may still come to."""
    found: set[int] = set()
    ahead = list(starts)
    while ahead:
        i = ahead.pop()
        if i not in found:
            found.add(i)
            ahead += following(graph.blocks[i])
    return found
