"""What the runs over outside data showed: seconds decide against a deadline, and `created` starts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from dsl.compile import compile_project
from dsl.source import Source
from runtime.channels.memory import MemoryChannel
from runtime.engine.tick import Engine
from runtime.store.inbox import InboxRow, event_row, put, record_row
from runtime.store.session import Row
from runtime.store.store import Store

SCHEMA = "extends: standard\ntopics:\n  t: {kind: transactional}\n"
PROJECT = "name: p\naccount: {time_zone: UTC}\nusers:\n  u: {name: U, email: u@shop.example}\n"
MAIL = 'template hello { topic: t subject: "x" body: """hi""" }'
CART = "when: searched  again: always  wait until purchased up to 4 hours else { send hello }"


def instant(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp() * 1_000_000)


START = instant(2026, 1, 1)


def run(body: str, happened: Sequence[tuple[str, int]]) -> list[Row]:
    """(what, outcome) of all steps of one workflow; the contact comes in at 09:00 on 2 January."""
    compiled = compile_project(
        [Source("r.segue", f"workflow w of contact {{ {body} }} {MAIL}")],
        Source("schema.yaml", SCHEMA),
        Source("segue.yaml", PROJECT),
    )
    program = compiled.program
    assert program is not None, compiled.diagnostics
    values = {"email": "a@x.example", "email__n": "a@x.example"}
    ann = record_row("contact", "a", values, at=instant(2026, 1, 2, 9), live=True, received_at=START)
    rows: list[InboxRow] = [ann]
    for i, (kind, at) in enumerate(happened):
        fields = {"terms": "x", "terms__n": "x"} if kind == "searched" else {}
        rows.append(event_row(kind, ann.id, str(i), fields, at=at, live=True, received_at=START))
    with Store.memory(program.schema) as store:
        with store.session() as session, session.transaction():
            put(session, rows)
        engine = Engine(store, program, MemoryChannel())
        engine.go_live(START)
        engine.run(instant(2026, 1, 10))
        with store.session() as session:
            return session.run(
                "SELECT what, outcome FROM segue_step WHERE what IN ('wait', 'send') AND outcome <> 'planned'"
                " ORDER BY ordinal"
            )


def test_a_second_after_the_deadline_is_too_late() -> None:
    """X17, decision 0005: the minute at whose end it is worked changes nothing."""
    asked = ("searched", instant(2026, 1, 3, 10, 0, 10))
    late = run(CART, [asked, ("purchased", instant(2026, 1, 3, 14, 0, 11))])
    assert late == [("wait", "timeout"), ("send", "sent")]


def test_at_the_deadline_itself_it_counts() -> None:
    asked = ("searched", instant(2026, 1, 3, 10, 0, 10))
    assert run(CART, [asked, ("purchased", instant(2026, 1, 3, 14, 0, 10))]) == [("wait", "happened")]


def test_created_starts_who_is_new() -> None:
    assert run("when: created  send hello", []) == [("send", "sent")]
